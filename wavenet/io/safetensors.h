// safetensors: named tensors and text metadata in one file, the format that PyTorch's world shares.
//
//   SafeTensors file{{{"weight", weight}}, {{"kind", "tree"}}};
//   write_safetensors("model.safetensors", file);
//   Tensor w = read_safetensors("model.safetensors", Checksum::required).tensors.at("weight");
//
// What this writer makes has its names sorted and carries a checksum in its metadata; a file is
// written whole or not at all, and equal content gives equal bytes. The reader trusts nothing and
// allocates no more than the file's size warrants. Left out: types but F32, F64 and I32.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <map>
#include <ostream>
#include <string>

#include "wavenet/tensor/tensor.h"

namespace wavenet::io {

struct SafeTensors {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;  // without the checksum
};

// A checksum that is present is always verified. `required` refuses files without one, so it proves
// that this program wrote the file whole; `optional` also reads files of other programs.
enum class Checksum : std::uint8_t { optional, required };

SafeTensors read_safetensors(const std::filesystem::path& path,
                             Checksum checksum = Checksum::optional);
// The same from a stream of `size` bytes; `name` stands for it in messages.
SafeTensors parse_safetensors(std::istream& stream, std::int64_t size, const std::string& name,
                              Checksum checksum = Checksum::optional);

void write_safetensors(const std::filesystem::path& path, const SafeTensors& file);
// The same bytes; the caller sees to the stream's state.
void write_safetensors(std::ostream& stream, const SafeTensors& file);

}  // namespace wavenet::io
