// ProtobufWriter: the bytes of one protobuf message, field after field.
//
//   ProtobufWriter value;
//   value.bytes(1, "loss");
//   value.real32(2, 1.5F);
//   summary.bytes(1, value.text());   // a message within a message is bytes
//
// A field is a key, number * 8 + wire type, and what the type says follows. Left out: reading,
// negative integers, groups.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wavenet::io {

static_assert(std::endian::native == std::endian::little, "the format's numbers are little-endian");

class ProtobufWriter {
 public:
  void integer(std::uint32_t field, std::uint64_t value) {
    key(field, 0);
    varint(value);
  }
  void real64(std::uint32_t field, double value) {
    key(field, 1);
    raw(&value, sizeof value);
  }
  // A string, bytes or a message.
  void bytes(std::uint32_t field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    text_ += value;
  }
  void packed(std::uint32_t field, std::span<const double> values) {
    bytes(field, {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  void real32(std::uint32_t field, float value) {
    key(field, 5);
    raw(&value, sizeof value);
  }

  const std::string& text() const { return text_; }

 private:
  void key(std::uint32_t field, std::uint32_t wire_type) { varint(field << 3U | wire_type); }

  // Seven bits a byte, the lowest first; the top bit says that more follow.
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) {
      text_ += static_cast<char>(0x80U | (value & 0x7FU));
    }
    text_ += static_cast<char>(value);
  }

  void raw(const void* data, std::size_t size) {
    text_.append(static_cast<const char*>(data), size);
  }

  std::string text_;
};

}  // namespace wavenet::io
