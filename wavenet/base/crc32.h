// CRC-32, the checksum of gzip and PNG (polynomial 0xedb88320).
//
//   crc32("123456789") == 0xcbf43926
//
// Left out: continuing a checksum.
#pragma once

#include <cstdint>
#include <string_view>

namespace wavenet {

constexpr std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
  }
  return ~crc;
}

}  // namespace wavenet
