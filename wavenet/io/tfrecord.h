// TFRecord: the frame around each record of an event file, so that one cut short is noticed.
//
//   file << tfrecord(data);
//   while (auto data = front_tfrecord(rest)) rest.remove_prefix(data->size() + kTfrecordFrame);
//
//   u64 length, u32 masked CRC-32C of the length's bytes, data, u32 masked CRC-32C of the data
//
// Left out: compression.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wavenet::io {

inline constexpr std::size_t kTfrecordFrame = 16;  // bytes beside the data

std::string tfrecord(std::string_view data);

// The data of the record that `bytes` begin with; nothing where it is not whole or is damaged.
std::optional<std::string_view> front_tfrecord(std::string_view bytes);

}  // namespace wavenet::io
