// FlushDenormals: for its lifetime, floats below the normal range count as 0 on this thread, and on those
// that help it (base/parallel.h), as arithmetic with them can be a hundred times slower: a fading sound
// goes through all of them, and so do the gradients of a model that has learned all there is.
//
//   const FlushDenormals flush;
//
// Where the processor is neither x86 nor 64-bit ARM nothing is changed.
#pragma once

#include <cstdint>

namespace wavenet {

class FlushDenormals {
 public:
  FlushDenormals() noexcept;
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  std::uint64_t before_;
};

}  // namespace wavenet
