#include "wavenet/sound/parts.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "wavenet/sound/wav_header.h"

namespace wavenet::sound {
namespace {

// RFC 3533, section 6: the head of a page, then a byte for each segment with its length.
struct OggPage {
  bool begins = false;  // a stream
  bool ends = false;
  std::int64_t next = 0;  // where the page behind it stands
};

std::optional<OggPage> ogg_page(const Source& source, std::int64_t at) {
  constexpr std::size_t kHead = 27;
  const std::string bytes = source.bytes(at, kHead + 255);
  if (bytes.size() < kHead || !bytes.starts_with("OggS")) {
    return std::nullopt;
  }
  const auto segments = static_cast<unsigned char>(bytes[kHead - 1]);
  std::int64_t next = at + static_cast<std::int64_t>(kHead) + segments;
  for (const char length : std::string_view(bytes).substr(kHead).substr(0, segments)) {
    next += static_cast<unsigned char>(length);
  }
  return OggPage{(bytes[5] & 2) != 0, (bytes[5] & 4) != 0, next};
}

// Streams that run side by side all begin before the first page that begins none.
std::optional<std::int64_t> second_ogg(const Source& source) {
  bool under_way = false;
  std::int64_t at = 0;
  for (auto page = ogg_page(source, at); page; page = ogg_page(source, at)) {
    if (page->begins && under_way) {
      return at;
    }
    under_way = under_way || !page->begins;
    at = page->next;
  }
  return std::nullopt;
}

// The marker with the head of the block that must follow it (RFC 9639, section 8).
std::optional<std::int64_t> second_flac(const Source& source) {
  constexpr std::string_view kMark("fLaC\0\0\0\x22", 8);
  constexpr std::int64_t kPiece = std::int64_t{1} << 20;
  int seen = 0;
  for (std::int64_t at = 0; at < source.size(); at += kPiece) {
    const std::string piece =
        source.bytes(at, kPiece + static_cast<std::int64_t>(kMark.size()) - 1);
    for (std::size_t place = piece.find(kMark); place != std::string::npos;
         place = piece.find(kMark, place + 1)) {
      if (++seen == 2) {
        return at + static_cast<std::int64_t>(place);
      }
    }
  }
  return std::nullopt;
}

// The decoder stops exactly behind the last frame that the first part's own header tells of.
std::optional<std::int64_t> second_mpeg(const Source& source, std::int64_t used) {
  const std::string next = source.bytes(used, 3);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(next[i]); };
  const bool frame = next.size() == 3 && byte(0) == 0xFF && (byte(1) & 0xE0) == 0xE0;
  return frame || next == "ID3" ? std::optional(used) : std::nullopt;
}

std::optional<std::int64_t> second_wav(const Source& source) {
  const std::optional<WavHeader> header = wav_header(source);
  constexpr std::int64_t kPadding = 4096;  // zeros that some recorders leave at the end
  if (!header || header->says_nothing() || header->end >= source.size()) {
    return std::nullopt;
  }
  const std::string rest = source.bytes(header->end, kPadding);
  const bool zeros = rest.find_first_not_of('\0') == std::string::npos;
  return zeros ? std::nullopt : std::optional(header->end);
}

}  // namespace

std::optional<std::int64_t> second_part(const Source& source, Container container,
                                        std::int64_t used) {
  switch (container) {
    case Container::wav:
      return second_wav(source);
    case Container::flac:
      return second_flac(source);
    case Container::ogg:
      return second_ogg(source);
    case Container::mpeg:
      return second_mpeg(source, used);
    case Container::other:
      break;
  }
  return std::nullopt;
}

bool ogg_ends(const Source& source) {
  bool ends = false;
  std::int64_t at = 0;
  for (auto page = ogg_page(source, at); page; page = ogg_page(source, at)) {
    ends = page->ends && page->next <= source.size();
    at = page->next;
  }
  return ends;
}

}  // namespace wavenet::sound
