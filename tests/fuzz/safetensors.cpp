// Any bytes as a model file, read as one of this program and as one of another.
#include "wavenet/io/safetensors.h"

#include <sstream>

#include "tests/fuzz/fuzz.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (io::Checksum checksum : {io::Checksum::optional, io::Checksum::required}) {
    fuzz::may_refuse([&] {
      std::istringstream stream{std::string(fuzz::text_of(data, size))};
      const auto bytes = static_cast<std::int64_t>(size);
      const io::SafeTensors file = io::parse_safetensors(stream, bytes, "input", checksum);
      std::int64_t held = 0;
      for (const auto& [name, tensor] : file.tensors) {
        held += tensor.numel() * size_of(tensor.dtype());
      }
      fuzz::expect(held <= bytes);
    });
  }
  return 0;
}
