#include "wavenet/sound/wav_header.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace wavenet::sound {
namespace {

constexpr std::int64_t kExtensible = 0xFFFE;
constexpr std::array<std::int64_t, 4> kUncompressed{1, 3, 6, 7};
constexpr std::int64_t kMostFormat = 64;  // bytes of a format chunk that are looked at

// An unsigned number of `count` bytes, little endian; 0 where the text ends before.
std::int64_t number(std::string_view text, std::size_t at, std::size_t count) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count && at + count <= text.size(); ++i) {
    value |= std::int64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
  }
  return value;
}

bool is_chunk_name(std::string_view name) {
  return name.size() == 4 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void read_format(std::string_view text, WavHeader& header) {
  header.tag = number(text, 0, 2);
  header.channels = number(text, 2, 2);
  header.rate = number(text, 4, 4);
  header.frame_bytes = number(text, 12, 2);
  header.bits = number(text, 14, 2);
  if (header.tag == kExtensible) {
    header.tag = number(text, 24, 2);
  }
  if (header.tag == 2 || header.tag == 0x11 || header.tag == 0x31) {  // ADPCM of two kinds, GSM
    header.block_frames = number(text, 18, 2);
  }
}

// Reads the chunk at `at` and says where the next one begins; the same place where none is here.
std::int64_t read_chunk(const Source& source, std::int64_t at, WavHeader& header) {
  const std::string head = source.bytes(at, 8);
  const std::string name = head.substr(0, 4);
  if (head.size() < 8 || !is_chunk_name(name) || name == "RIFF") {  // another file, put behind
    return at;
  }
  const std::int64_t size = number(head, 4, 4);
  if (name != "data" && at + 8 + size > source.size()) {  // text, say, that stands behind the sound
    return at;
  }
  if (name == "fmt ") {
    read_format(source.bytes(at + 8, std::min(size, kMostFormat)), header);
  } else if (name == "fact" && size >= 4) {
    header.fact = number(source.bytes(at + 8, 4), 0, 4);
  } else if (name == "data" && header.data_at == 0) {
    header.data_at = at + 8;
    header.data_size = size;
  }
  return at + 8 + size + size % 2;
}

}  // namespace

std::optional<WavHeader> wav_header(const Source& source) {
  const std::string beginning = source.bytes(0, 12);
  if (beginning.size() < 12 || !beginning.starts_with("RIFF") || !beginning.ends_with("WAVE")) {
    return std::nullopt;
  }
  WavHeader header;
  header.file_size = source.size();
  std::int64_t at = 12;
  for (std::int64_t next = at; at < source.size(); at = next) {
    next = read_chunk(source, at, header);
    if (next == at) {
      break;
    }
  }
  header.end = std::min(at, source.size());
  return header;
}

std::optional<std::int64_t> WavHeader::frames() const {
  if (block_frames > 0) {
    return fact;
  }
  const bool says_length =
      std::find(kUncompressed.begin(), kUncompressed.end(), tag) != kUncompressed.end();
  if (!says_length || !length_is_known() || frame_bytes == 0) {
    return std::nullopt;
  }
  return data_size / frame_bytes;
}

}  // namespace wavenet::sound
