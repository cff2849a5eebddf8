#include "wavenet/base/denormals.h"

#include "wavenet/base/parallel.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace wavenet {
namespace {

// The register that says how floats are computed, and its bits for denormals.
#if defined(__SSE2__)
constexpr std::uint64_t kFlush = 0x8040;  // results, operands
std::uint64_t control() { return _mm_getcsr(); }
void set_control(std::uint64_t value) { _mm_setcsr(static_cast<unsigned>(value)); }
#elif defined(__aarch64__)
constexpr std::uint64_t kFlush = 1 << 24;  // both
std::uint64_t control() {
  std::uint64_t value = 0;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void set_control(std::uint64_t value) { asm volatile("msr fpcr, %0" : : "r"(value)); }
#else
constexpr std::uint64_t kFlush = 0;
std::uint64_t control() { return 0; }
void set_control(std::uint64_t) {}
#endif

// What helpers take over is where this stands, or null.
constexpr char kFlushed = 0;
const void* flushed() { return (control() & kFlush) != 0 ? &kFlushed : nullptr; }
void set_flushed(const void* is) {
  set_control(is != nullptr ? control() | kFlush : control() & ~kFlush);
}
const Inherited inherited(flushed, set_flushed);

}  // namespace

FlushDenormals::FlushDenormals() noexcept : before_(control()) { set_control(before_ | kFlush); }
FlushDenormals::~FlushDenormals() { set_control(before_); }

}  // namespace wavenet
