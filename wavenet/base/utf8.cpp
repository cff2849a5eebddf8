#include "wavenet/base/utf8.h"

#include <fmt/format.h>

#include "wavenet/base/characters.h"
#include "wavenet/base/check.h"

namespace wavenet {
namespace {

constexpr char32_t kLargest = 0x10FFFF;

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

bool is_invisible(char32_t c) {
  const CharacterKind kind = kind_of(c);
  return kind == CharacterKind::control || kind == CharacterKind::invisible || is_surrogate(c) ||
         c > kLargest;
}

struct Decoded {
  char32_t character = 0;
  std::size_t length = 1;         // bytes used; at least 1 even when not UTF-8
  const char* problem = nullptr;  // the rule that was broken
};

// The length that a first byte announces; 0 for bytes that start no character.
std::size_t announced_length(unsigned char first) {
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xC0 || first >= 0xF8) {
    return 0;
  }
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

Decoded broken(const char* problem) { return {0, 1, problem}; }

// Decodes the character at the front of `text`, which is not empty.
Decoded decode_one(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = announced_length(byte(0));
  if (length == 0) {
    return broken("this byte starts no character");
  }
  if (length == 1) {
    return {byte(0), 1, nullptr};
  }
  auto character = static_cast<char32_t>(byte(0) & (0xFFU >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || (byte(i) & 0xC0U) != 0x80) {
      return broken("the character is truncated");
    }
    character = character << 6 | (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (character < kSmallest[length]) {
    return broken("an overlong encoding");
  }
  if (is_surrogate(character)) {
    return broken("a surrogate, which only UTF-16 uses");
  }
  return character > kLargest ? broken("beyond U+10FFFF") : Decoded{character, length, nullptr};
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::string problem;
  std::u32string characters = decode_utf8_parts(text, problem);
  check_intact(problem.empty(), "{}", problem);
  return characters;
}

std::u32string decode_utf8_parts(std::string_view text, std::string& problem) {
  std::u32string characters;
  decode_utf8_parts(text, characters, problem);
  return characters;
}

void decode_utf8_parts(std::string_view text, std::u32string& characters, std::string& problem) {
  characters.resize(text.size());
  std::size_t count = 0;
  bool whole = true;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) {
      characters[count++] = byte;
      ++at;
      continue;
    }
    const Decoded next = decode_one(text.substr(at));
    if (next.problem == nullptr) {
      characters[count++] = next.character;
    } else if (whole) {
      whole = false;
      problem = fmt::format("not UTF-8 at byte offset {}: {}", at, next.problem);
    }
    at += next.length;
  }
  characters.resize(count);
}

std::string encode_utf8(char32_t character) {
  const auto c = static_cast<std::uint32_t>(character);
  check(c <= kLargest && !is_surrogate(character), "U+{:04X} is no character", c);
  const auto tail = [&](int shift) { return static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
  if (c < 0x80) {
    return {static_cast<char>(c)};
  }
  if (c < 0x800) {
    return {static_cast<char>(0xC0U | c >> 6), tail(0)};
  }
  if (c < 0x10000) {
    return {static_cast<char>(0xE0U | c >> 12), tail(6), tail(0)};
  }
  return {static_cast<char>(0xF0U | c >> 18), tail(12), tail(6), tail(0)};
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (char32_t character : text) {
    if (character < 0x80) {
      bytes.push_back(static_cast<char>(character));
    } else {
      bytes += encode_utf8(character);
    }
  }
  return bytes;
}

bool is_control(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

std::string printable(char32_t character) {
  if (is_invisible(character) || kind_of(character) == CharacterKind::unusual_space ||
      joins_the_one_before(character)) {
    return fmt::format("U+{:04X}", static_cast<std::uint32_t>(character));
  }
  return "'" + encode_utf8(character) + "'";
}

std::string excerpt(std::string_view text, std::size_t limit) {
  std::string shown;
  for (std::size_t at = 0, count = 0; at < text.size(); ++count) {
    if (count == limit) {
      return shown + "...";
    }
    const Decoded next = decode_one(text.substr(at));
    const bool seen = next.problem == nullptr && !is_invisible(next.character);
    shown += seen ? text.substr(at, next.length) : "?";
    at += next.length;
  }
  return shown;
}

}  // namespace wavenet
