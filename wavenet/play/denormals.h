// FlushDenormals: for its lifetime, floats below the normal range count as 0 on this thread, as
// arithmetic with them can be a hundred times slower; and a fading sound goes through all of them.
//
//   const FlushDenormals flush;
//
// Where the processor is neither x86 nor 64-bit ARM nothing is changed.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace wavenet::play {

class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() noexcept : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlush | kZero); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#elif defined(__aarch64__)
  FlushDenormals() noexcept {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" : : "r"(before_ | kFlush));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" : : "r"(before_)); }
#else
  FlushDenormals() noexcept = default;
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  static constexpr unsigned kFlush = 0x8000;  // results
  static constexpr unsigned kZero = 0x0040;   // operands
  unsigned before_;
#elif defined(__aarch64__)
  static constexpr std::uint64_t kFlush = 1 << 24;  // both
  std::uint64_t before_ = 0;
#endif
};

}  // namespace wavenet::play
