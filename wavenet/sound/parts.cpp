#include "wavenet/sound/parts.h"

#include <algorithm>
#include <array>
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

// Nothing at the file's end, or before zeros alone.
std::optional<std::int64_t> behind(const Source& source, std::int64_t end) {
  constexpr std::int64_t kPadding = 4096;
  const std::string rest = source.bytes(std::min(end, source.size()), kPadding);
  return rest.find_first_not_of('\0') == std::string::npos ? std::nullopt : std::optional(end);
}

std::int64_t big_endian(std::string_view bytes) {
  std::int64_t value = 0;
  for (const char byte : bytes) {
    value = value << 8 | static_cast<unsigned char>(byte);
  }
  return value;
}

// Streams that run side by side all begin before the first page that begins none.
std::optional<std::int64_t> behind_ogg(const Source& source) {
  bool under_way = false;
  bool ended = false;
  std::int64_t at = 0;
  for (auto page = ogg_page(source, at); page; page = ogg_page(source, at)) {
    if (page->begins && under_way) {
      return at;
    }
    under_way = under_way || !page->begins;
    ended = page->ends;
    at = page->next;
  }
  return ended ? behind(source, at) : std::nullopt;
}

// The marker with the head of the block that must follow it (RFC 9639, section 8).
std::optional<std::int64_t> behind_flac(const Source& source, std::int64_t used) {
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
  return behind(source, used);
}

// The decoder stops exactly behind the last frame that the first part's own header tells of.
std::optional<std::int64_t> behind_mpeg(const Source& source, std::int64_t used) {
  constexpr std::array<std::string_view, 4> kTags{"TAG", "APETAGEX", "LYRICSBEGIN", "3DI"};
  const std::string next = source.bytes(used, 16);
  const bool tag = std::any_of(kTags.begin(), kTags.end(),
                               [&](std::string_view name) { return next.starts_with(name); });
  return tag ? std::nullopt : behind(source, used);
}

std::optional<std::int64_t> behind_wav(const Source& source) {
  const std::optional<WavHeader> header = wav_header(source);
  return header && !header->says_nothing() ? behind(source, header->end) : std::nullopt;
}

// The size of all chunks together, and a byte that makes it even.
std::optional<std::int64_t> behind_aiff(const Source& source) {
  const std::int64_t size = big_endian(source.bytes(4, 4));
  return behind(source, 8 + size + size % 2);
}

// Where the sound begins, and its size, which may not be known.
std::optional<std::int64_t> behind_au(const Source& source) {
  constexpr std::int64_t kUnknown = 0xFFFFFFFF;
  const bool is_big = source.bytes(0, 4) == ".snd";
  const std::int64_t size = big_endian(source.bytes(8, 4));
  return is_big && size != kUnknown ? behind(source, big_endian(source.bytes(4, 4)) + size)
                                    : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> behind_sound(const Source& source, Container container,
                                         std::int64_t used) {
  switch (container) {
    case Container::wav:
      return behind_wav(source);
    case Container::aiff:
      return behind_aiff(source);
    case Container::au:
      return behind_au(source);
    case Container::flac:
      return behind_flac(source, used);
    case Container::ogg:
      return behind_ogg(source);
    case Container::mpeg:
      return behind_mpeg(source, used);
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
