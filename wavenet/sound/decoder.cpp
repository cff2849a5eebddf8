#include "wavenet/sound/decoder.h"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <limits>
#include <string_view>

#include "wavenet/base/check.h"
#include "wavenet/sound/level.h"
#include "wavenet/sound/parts.h"
#include "wavenet/sound/raw_names.h"
#include "wavenet/sound/source.h"
#include "wavenet/sound/wav_header.h"

namespace wavenet::sound {
namespace {

constexpr std::int64_t kBlock = 1 << 12;  // samples decoded at once, of all channels together
constexpr sf_count_t kUnknown = std::numeric_limits<sf_count_t>::max() / 2;

// The part of a file that libsndfile sees, and how.
struct View {
  const Source* source;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool endless = false;          // refuses to tell where it ends
  std::int64_t patched_at = -1;  // four bytes that are shown instead of the file's
  std::array<char, 4> patch{};
  std::int64_t at = 0;
  std::exception_ptr problem{};  // kept from passing through libsndfile, which is C

  void rethrow() const {
    if (problem) {
      std::rethrow_exception(problem);
    }
  }
};

sf_count_t view_size(void* user) {
  const auto* view = static_cast<const View*>(user);
  return view->end - view->begin;
}

sf_count_t view_seek(sf_count_t offset, int whence, void* user) {
  auto* view = static_cast<View*>(user);
  if (whence == SEEK_END && view->endless) {
    return -1;
  }
  const std::int64_t base = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? view->at
                                                 : view->end - view->begin;
  view->at = std::max<std::int64_t>(base + offset, 0);
  return view->at;
}

sf_count_t view_read(void* to, sf_count_t count, void* user) {
  auto* view = static_cast<View*>(user);
  const std::int64_t from = view->begin + view->at;
  std::int64_t got = 0;
  try {
    got = view->source->read(from, to, std::clamp<std::int64_t>(view->end - from, 0, count));
  } catch (...) {
    view->problem = std::current_exception();
  }
  for (std::int64_t i = 0; i < 4 && view->patched_at >= 0; ++i) {
    const std::int64_t place = view->patched_at + i - from;
    if (place >= 0 && place < got) {
      static_cast<char*>(to)[place] = view->patch[static_cast<std::size_t>(i)];
    }
  }
  view->at += got;
  return got;
}

sf_count_t view_tell(void* user) { return static_cast<const View*>(user)->at; }

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

Container container_of(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
      return Container::wav;
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

}  // namespace

struct Decoder::Stream {
  explicit Stream(const std::filesystem::path& path);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  struct Close {
    void operator()(SNDFILE* open) const { sf_close(open); }
  };

  void open_raw(const RawForm& form);
  void open_24_in_4();
  void open_by_header();
  void open();
  std::optional<std::int64_t> claimed() const;
  std::int64_t limit() const;
  void check_facts() const;
  const std::string& name() const { return source.name(); }

  Source source;
  std::optional<WavHeader> header;
  View view;
  SF_INFO info{};
  std::unique_ptr<SNDFILE, Close> file;
  int error = SF_ERR_NO_ERROR;  // that the decoder told of
  bool in_4_bytes = false;
  std::vector<int> words;  // of a block of 24 bits in 4 bytes
};

Decoder::Stream::Stream(const std::filesystem::path& path)
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

void Decoder::Stream::open() {
  SF_VIRTUAL_IO functions{view_size, view_seek, view_read, nullptr, view_tell};
  view.at = 0;
  file.reset(sf_open_virtual(&functions, SFM_READ, &info, &view));
  view.rethrow();
  check_intact(file != nullptr || !is_text(source.bytes(0, 512)),
               "{}: is text, a sound file was expected", name());
  check_intact(file != nullptr, "{}: is no sound that can be decoded: {}", name(),
               std::string_view(sf_strerror(nullptr)));
}

void Decoder::Stream::open_raw(const RawForm& form) {
  check_intact(!form.gsm || is_gsm(source),
               "{}: is named as raw GSM and is none: frames of 33 bytes must begin with 0xD",
               name());
  info.format = SF_FORMAT_RAW | (form.gsm ? SF_FORMAT_GSM610 : SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE);
  info.samplerate = static_cast<int>(form.rate);
  info.channels = 1;
  open();
}

// libsndfile would take them for samples of 3 bytes, or for ones 256 times too quiet.
void Decoder::Stream::open_24_in_4() {
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

void Decoder::Stream::open_by_header() {
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
  if (view.endless != (container_of(info.format) == Container::mpeg)) {
    file.reset();
    view.endless = !view.endless;
    info = {};
    open();
  }
}

void Decoder::Stream::check_facts() const {
  check_intact(info.samplerate >= 1 && info.samplerate <= kMaxRate,
               "{}: its header says a rate of {} samples a second, and 1 to {} can be", name(),
               info.samplerate, kMaxRate);
  check_intact(info.channels >= 1, "{}: its header says {} channels", name(), info.channels);
}

std::optional<std::int64_t> Decoder::Stream::claimed() const {
  if (header) {
    return header->frames();
  }
  return info.frames < kUnknown ? std::optional<std::int64_t>(info.frames) : std::nullopt;
}

// Compressed blocks are filled up: what stands behind the header's own count is none of the sound. Of GSM
// the byte that makes the chunk even counts as one more block.
std::int64_t Decoder::Stream::limit() const {
  if (!header || header->block_frames == 0 || !header->fact) {
    return std::numeric_limits<std::int64_t>::max();
  }
  const bool gsm = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_GSM610;
  const bool padded = info.frames - *header->fact < header->block_frames * (gsm ? 2 : 1);
  return padded ? *header->fact : std::numeric_limits<std::int64_t>::max();
}

Decoder::Decoder(const std::filesystem::path& path) : stream_(std::make_unique<Stream>(path)) {
  const SF_INFO& info = stream_->info;
  facts_ = {info.samplerate, info.channels,
            stream_->in_4_bytes ? "WAV, 24 bits in 4 bytes" : words_of(info.format),
            stream_->claimed()};
  block_.resize(static_cast<std::size_t>(std::max(kBlock / facts_.channels, std::int64_t{1}) *
                                         facts_.channels));
}

Decoder::~Decoder() = default;

std::span<const float> Decoder::next() {
  const std::span<const float> samples = decode();
  stream_->view.rethrow();
  peak_ = largest(samples);
  if (!std::isfinite(peak_)) {
    const std::size_t place = first_not_finite(samples);
    fail_damaged("{}: sample {} is {}, and sound consists of finite numbers", stream_->name(),
                 frames_ + static_cast<std::int64_t>(place) / facts_.channels, samples[place]);
  }
  frames_ += static_cast<std::int64_t>(samples.size()) / facts_.channels;
  return samples;
}

std::span<const float> Decoder::decode() {
  const std::int64_t room = static_cast<std::int64_t>(block_.size()) / facts_.channels;
  const std::int64_t wanted = std::min(room, stream_->limit() - frames_);
  if (wanted <= 0) {
    return {};
  }
  if (!stream_->in_4_bytes) {
    const sf_count_t got = sf_readf_float(stream_->file.get(), block_.data(), wanted);
    stream_->error =
        std::max(stream_->error, sf_error(stream_->file.get()));  // forgotten at the next call
    return std::span(block_).first(static_cast<std::size_t>(got * facts_.channels));
  }
  stream_->words.resize(block_.size());
  const sf_count_t got = sf_readf_int(stream_->file.get(), stream_->words.data(), wanted);
  const auto count = static_cast<std::size_t>(got * facts_.channels);
  for (std::size_t i = 0; i < count; ++i) {
    const int word = stream_->words[i];
    check_intact(
        (word >> 24) == 0 || (word >> 24) == -1,
        "{}: its header says 24 bits in 4 bytes, but sample {} has {:#x} in its fourth byte; "
        "convert it to 24 bits in 3 bytes",
        stream_->name(), frames_ + static_cast<std::int64_t>(i) / facts_.channels,
        static_cast<unsigned>(word) >> 24);
    block_[i] =
        static_cast<float>(static_cast<std::int32_t>(static_cast<std::uint32_t>(word) << 8)) /
        2147483648.0F;
  }
  return std::span(block_).first(count);
}

std::vector<std::string> Decoder::close() {
  stream_->source.check_unchanged();
  check_complete();
  return strange();
}

void Decoder::check_complete() const {
  const std::string& name = stream_->name();
  const std::int64_t claimed = facts_.claimed.value_or(frames_);
  const bool fewer = frames_ < claimed;
  check_intact(frames_ > 0 || !fewer, "{}: its header claims {} samples, and none can be decoded",
               name, claimed);
  check_intact(frames_ > 0, "{}: holds 0 samples", name);
  check_intact(!fewer || container_of(stream_->info.format) != Container::flac,
               "{}: is cut short or damaged: {} of {} samples can be decoded", name, frames_,
               claimed);
}

std::vector<std::string> Decoder::strange() const {
  std::vector<std::string> sentences;
  const auto say = [&](const std::string& what) {
    sentences.push_back(stream_->name() + ": " + what);
  };
  const Container container = container_of(stream_->info.format);
  if (stream_->error != SF_ERR_NO_ERROR && !facts_.claimed) {
    say(fmt::format("may be cut short or damaged: behind sample {} nothing can be decoded ({})",
                    frames_, std::string_view(sf_error_number(stream_->error))));
  }
  if (facts_.claimed && *facts_.claimed != frames_) {
    say(fmt::format("its header claims {} samples, {} were read", *facts_.claimed, frames_));
  }
  if (stream_->header && stream_->header->says_nothing()) {
    say(fmt::format("its header says that no sound follows; the {} bytes behind it were read",
                    stream_->header->bytes_behind()));
  }
  if (const auto at = second_part(stream_->source, container, stream_->view.at)) {
    say(fmt::format(
        "something else begins at byte {} of {}, and only the sound before it was read; "
        "take files that were put together apart again",
        *at, stream_->source.size()));
  }
  if (container == Container::ogg && !ogg_ends(stream_->source)) {
    say("its last page is not marked as the last: it may be cut short");
  }
  return sentences;
}

}  // namespace wavenet::sound
