#include "wavenet/base/base64.h"

#include <array>
#include <cstdint>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"

namespace wavenet {
namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint32_t kNone = 64;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < kBase64Digits.size(); ++i) {
    values[static_cast<unsigned char>(kBase64Digits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

// The 24 bits of a group of four, of which the last `padding` are signs of padding.
std::uint32_t bits_of(std::string_view text, std::size_t begin, std::size_t padding,
                      const std::string& place) {
  std::uint32_t bits = 0;
  for (std::size_t i = begin; i < begin + 4; ++i) {
    const bool is_padding = i >= begin + 4 - padding;
    const std::uint32_t value = is_padding ? 0 : kValues[static_cast<unsigned char>(text[i])];
    if (value == kNone) [[unlikely]] {
      fail_damaged("{}: \"{}\" at character {} is no base64", place, excerpt(text.substr(i, 1), 4),
                   i + 1);
    }
    bits = bits << 6 | value;
  }
  return bits;
}

std::size_t padding_of(std::string_view text) {
  return text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t bits =
        byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) {
      text += kBase64Digits[bits >> shift & 63U];
    }
  }
  const std::size_t padding = (3 - bytes.size() % 3) % 3;
  return text.replace(text.size() - padding, padding, padding, '=');
}

std::string from_base64(std::string_view text, const std::string& place) {
  check_intact(text.size() % 4 == 0, "{}: base64 comes in fours, got {} characters", place,
               text.size());
  const std::size_t padding = padding_of(text);
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    bits = bits_of(text, i, i + 4 == text.size() ? padding : 0, place);
    for (const unsigned shift : {16U, 8U, 0U}) {
      bytes += static_cast<char>(bits >> shift & 255U);
    }
  }
  check_intact((bits & ((1U << 8 * padding) - 1)) == 0, "{}: base64 has bits behind its end",
               place);
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace wavenet
