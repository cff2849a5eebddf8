// CRC-32C (Castagnoli): the checksum of RFC 3720, which TFRecord files carry.
//
//   crc32c("123456789") == 0xe3069283
//
// Left out: the processor's own instruction for it; a byte at a time is fast enough for logs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wavenet {

// What each value of a byte adds; the polynomial's bits are reversed, as the checksum's are.
constexpr std::array<std::uint32_t, 256> crc32c_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = remainder >> 1U ^ ((remainder & 1U) != 0 ? 0x82f63b78U : 0U);
    }
    table[byte] = remainder;
  }
  return table;
}

inline std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = crc32c_table();
  std::uint32_t crc = ~0U;
  for (char c : bytes) {
    crc = crc >> 8U ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
  }
  return ~crc;
}

}  // namespace wavenet
