// Fnv1a64: a fast 64-bit fingerprint of bytes. Changing any one byte always changes it.
//
//   Fnv1a64 hash;
//   hash.add("emma");
//   hash.hex() == "86c58d605734c2bd"
//
// Left out: safety against someone who forges a collision on purpose.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wavenet {

class Fnv1a64 {
 public:
  void add(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) {
      value_ = (value_ ^ bytes[i]) * 0x100000001b3U;
    }
  }
  void add(std::string_view text) { add(text.data(), text.size()); }

  std::uint64_t value() const { return value_; }
  std::string hex() const { return fmt::format("{:016x}", value_); }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace wavenet
