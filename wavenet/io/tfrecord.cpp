#include "wavenet/io/tfrecord.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "wavenet/base/crc32c.h"

namespace wavenet::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the format's numbers are little-endian");

constexpr std::size_t kLength = 8;
constexpr std::size_t kChecksum = 4;

// Rotated and moved, as a checksum of bytes that hold checksums is weak.
std::uint32_t masked_crc(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xa282ead8U;
}

template <class T>
std::string bytes_of(T number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

template <class T>
T number_of(std::string_view bytes) {
  T number{};
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

}  // namespace

std::string tfrecord(std::string_view data) {
  const std::string length = bytes_of(std::uint64_t{data.size()});
  std::string record = length + bytes_of(masked_crc(length));
  record += data;
  return record + bytes_of(masked_crc(data));
}

std::optional<std::string_view> front_tfrecord(std::string_view bytes) {
  if (bytes.size() < kTfrecordFrame) {
    return std::nullopt;
  }
  const std::string_view length = bytes.substr(0, kLength);
  const auto size = number_of<std::uint64_t>(length);
  if (number_of<std::uint32_t>(bytes.substr(kLength)) != masked_crc(length) ||
      size > bytes.size() - kTfrecordFrame) {
    return std::nullopt;
  }
  const std::string_view data = bytes.substr(kLength + kChecksum, size);
  const std::string_view checksum = bytes.substr(kLength + kChecksum + size);
  return number_of<std::uint32_t>(checksum) == masked_crc(data) ? std::optional(data)
                                                                : std::nullopt;
}

}  // namespace wavenet::io
