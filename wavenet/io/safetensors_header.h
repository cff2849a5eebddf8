// The header of a safetensors file: JSON that says where each tensor lies. Only safetensors.cpp
// uses it.
//
//   Header header = parse_header(json, "model.safetensors");
//   std::string json = header_json(header);
//
// Left out: whether the entries fit the file (see safetensors.cpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/tensor/dtype.h"
#include "wavenet/tensor/shape.h"

namespace wavenet::io {

struct HeaderEntry {
  DType dtype = DType::f32;
  Shape shape;
  std::int64_t begin = 0;  // byte offsets after the header
  std::int64_t end = 0;
};

struct Header {
  std::map<std::string, HeaderEntry> tensors;
  std::map<std::string, std::string> metadata;
};

inline constexpr std::string_view kMetadataKey = "__metadata__";

// "F32", as the file spells types.
std::string_view safetensors_name(DType type);

Header parse_header(std::string_view json, const std::string& name);
// Padded with spaces so that the tensors after it start at a multiple of 8 bytes.
std::string header_json(const Header& header);

}  // namespace wavenet::io
