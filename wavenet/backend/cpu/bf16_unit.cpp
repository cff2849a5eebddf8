// Which of the units that multiply bf16 this process may use.
#include <atomic>

#include "wavenet/backend/cpu/bf16.h"
#include "wavenet/base/check.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace wavenet::cpu {
namespace {

#if defined(__x86_64__)
struct Features {
  bool bf16 = false;   // AVX-512 BF16
  bool tiles = false;  // AMX's tiles, and their product of bf16
};

// Source: Intel's manual, CPUID leaf 7; compilers differ in the names that they know.
Features features() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  Features found;
  if (__builtin_cpu_supports("avx512f") == 0 || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) {
    return found;
  }
  constexpr unsigned kTilesOfBf16 = 1U << 22 | 1U << 24;
  found.tiles = (d & kTilesOfBf16) == kTilesOfBf16;
  constexpr unsigned kBf16 = 1U << 5;
  found.bf16 = __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & kBf16) != 0;
  return found;
}

// Tiles are 8 KiB of state that Linux keeps for a process only after it has asked. CPUID says that they
// are there whether it has or not. The kernel refuses where a thread's signal stack is too small for them.
bool may_use_tiles() {
#if defined(__linux__)
  constexpr long kAskForState = 0x1023;
  constexpr long kTileData = 18;
  return syscall(SYS_arch_prctl, kAskForState, kTileData) == 0;
#else
  return false;
#endif
}

bool look_for(Bf16Unit unit) {
  const Features found = features();
  return unit == Bf16Unit::floats || (unit == Bf16Unit::pairs && found.bf16) ||
         (unit == Bf16Unit::tiles && found.bf16 && found.tiles && may_use_tiles());
}
#else
bool look_for(Bf16Unit unit) { return unit == Bf16Unit::floats; }
#endif

// On Intel's processors vdpbf16ps takes as long as four multiply-adds of floats, so two do its work.
Bf16Unit fastest() {
  if (has(Bf16Unit::tiles)) {
    return Bf16Unit::tiles;
  }
#if defined(__x86_64__)
  if (has(Bf16Unit::pairs) && __builtin_cpu_is("amd") != 0) {
    return Bf16Unit::pairs;
  }
#endif
  return Bf16Unit::floats;
}

std::atomic<Bf16Unit>& chosen() {
  static std::atomic<Bf16Unit> unit = fastest();
  return unit;
}

}  // namespace

bool has(Bf16Unit unit) {
  static const bool pairs = look_for(Bf16Unit::pairs);
  static const bool tiles = look_for(Bf16Unit::tiles);
  return unit == Bf16Unit::pairs ? pairs : unit == Bf16Unit::tiles ? tiles : true;
}

Bf16Unit bf16_unit() { return chosen().load(std::memory_order_relaxed); }

void use_bf16_unit(Bf16Unit unit) {
  check(has(unit), "use_bf16_unit: a unit that this processor lacks, or may not use");
  chosen().store(unit, std::memory_order_relaxed);
}

}  // namespace wavenet::cpu
