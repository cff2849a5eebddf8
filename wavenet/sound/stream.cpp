#include "wavenet/sound/stream.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"

namespace wavenet::sound {
namespace {

constexpr sf_count_t kUnknown = std::numeric_limits<sf_count_t>::max() / 2;

std::array<char, 4> little_endian(std::uint64_t value) {
  std::array<char, 4> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return bytes;
}

// Tags, or the mark of a frame.
bool looks_like_mpeg(std::string_view beginning) {
  return beginning == "ID3" || (beginning.size() > 1 && beginning[0] == '\xFF' &&
                                (static_cast<unsigned char>(beginning[1]) & 0xE0) == 0xE0);
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return c >= ' ' || c == '\n' || c == '\r' || c == '\t' || static_cast<unsigned char>(c) >= 0x80;
  });
}

std::string words_of(int command, int format) {
  SF_FORMAT_INFO info{};
  info.format = format;
  const bool known = sf_command(nullptr, command, &info, sizeof info) == 0;
  return known && info.name != nullptr ? info.name : "unknown";
}

std::string words_of(int format) {
  return words_of(SFC_GET_FORMAT_INFO, format & SF_FORMAT_TYPEMASK) + ", " +
         words_of(SFC_GET_FORMAT_INFO, format & SF_FORMAT_SUBMASK);
}

}  // namespace

Stream::Stream(const std::filesystem::path& path)
    : source(path), header(wav_header(source)), view{&source, 0, source.size()} {
  const std::optional<RawForm> raw = raw_form(path);
  if (raw && !header) {
    open_raw(*raw);
  } else if (header && header->has_24_bits_in_4_bytes()) {
    open_24_in_4();
  } else {
    open_by_header();
  }
  check_facts();
}

void Stream::open() {
  file.reset(view.open(info));
  view.rethrow();
  check_intact(file != nullptr || !is_text(source.bytes(0, 512)),
               "{}: is text, a sound file was expected", name());
  check_intact(file != nullptr, "{}: is no sound that can be decoded: {}", name(), why_not());
}

std::string Stream::why_not() const {
  if (header && header->data_at == 0) {
    return "a WAV file without a data chunk";
  }
  if (header) {
    return fmt::format("a WAV file of format tag {:#x}, {} channels and {} bits", header->tag,
                       header->channels, header->bits);
  }
  std::string first;
  for (const char byte : source.bytes(0, 8)) {
    first += fmt::format(" {:02x}", static_cast<unsigned char>(byte));
  }
  return "its first bytes are" + first;
}

void Stream::open_raw(const RawForm& form) {
  check_intact(!form.gsm || is_gsm(source),
               "{}: is named as raw GSM and is none: frames of 33 bytes must begin with 0xD",
               name());
  info.format = SF_FORMAT_RAW | (form.gsm ? SF_FORMAT_GSM610 : SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE);
  info.samplerate = static_cast<int>(form.rate);
  info.channels = 1;
  open();
}

// libsndfile would take them for samples of 3 bytes, or for ones 256 times too quiet.
void Stream::open_24_in_4() {
  in_4_bytes = true;
  view.begin = header->data_at;
  view.end = header->length_is_known()
                 ? std::min(header->data_at + header->data_size, source.size())
                 : source.size();
  info.format = SF_FORMAT_RAW | SF_FORMAT_PCM_32 | SF_ENDIAN_LITTLE;
  info.samplerate = static_cast<int>(header->rate);
  info.channels = static_cast<int>(header->channels);
  check_facts();
  open();
}

void Stream::open_by_header() {
  if (header) {
    check_intact(header->rate > 0, "{}: its header says a rate of 0 samples a second", name());
    check_intact(header->channels > 0, "{}: its header says 0 channels", name());
    view.end = header->says_nothing() ? source.size() : header->end;
    if (header->says_nothing()) {
      view.patched_at = header->data_at - 4;
      view.patch = little_endian(static_cast<std::uint64_t>(std::min<std::int64_t>(
          header->bytes_behind(), std::numeric_limits<std::uint32_t>::max())));
    }
  }
  view.endless = looks_like_mpeg(source.bytes(0, 3));
  open();
  if (view.endless != (container() == Container::mpeg)) {
    file.reset();
    view.endless = !view.endless;
    info = {};
    open();
  }
}

void Stream::check_facts() const {
  check_intact(info.samplerate >= 1 && info.samplerate <= kMaxSampleRate,
               "{}: its header says a rate of {} samples a second, and 1 to {} can be", name(),
               info.samplerate, kMaxSampleRate);
  check_intact(info.channels >= 1, "{}: its header says {} channels", name(), info.channels);
}

Container Stream::container() const {
  switch (info.format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
      return Container::wav;
    case SF_FORMAT_AIFF:
      return Container::aiff;
    case SF_FORMAT_AU:
      return Container::au;
    case SF_FORMAT_FLAC:
      return Container::flac;
    case SF_FORMAT_OGG:
      return Container::ogg;
    case SF_FORMAT_MPEG:
      return Container::mpeg;
    default:
      return Container::other;
  }
}

std::string Stream::format() const {
  return in_4_bytes ? "WAV, 24 bits in 4 bytes" : words_of(info.format);
}

std::optional<std::int64_t> Stream::claimed() const {
  if (header) {
    return header->frames();
  }
  return info.frames < kUnknown ? std::optional<std::int64_t>(info.frames) : std::nullopt;
}

// Compressed blocks are filled up: what stands behind the header's own count is none of the sound. Of GSM
// the byte that makes the chunk even counts as one more block.
std::int64_t Stream::limit() const {
  if (!header || header->block_frames == 0 || !header->fact) {
    return std::numeric_limits<std::int64_t>::max();
  }
  const bool gsm = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_GSM610;
  const bool padded = info.frames - *header->fact < header->block_frames * (gsm ? 2 : 1);
  return padded ? *header->fact : std::numeric_limits<std::int64_t>::max();
}

}  // namespace wavenet::sound
