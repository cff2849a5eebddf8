#include "wavenet/backend/cpu/peak.h"

#include <algorithm>
#include <chrono>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/peak.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kChains = 12;  // enough to cover the latency of two units; they fit 16 registers

double MultiplyAdds(std::int64_t rounds) {
  const hn::ScalableTag<float> d;
  const auto factor = hn::Set(d, 0.999f);
  hn::Vec<decltype(d)> sums[kChains];
  for (int i = 0; i < kChains; ++i) {
    sums[i] = hn::Set(d, static_cast<float>(i));
  }
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (int i = 0; i < kChains; ++i) {
      sums[i] = hn::MulAdd(sums[i], factor, factor);
    }
  }
  for (int i = 1; i < kChains; ++i) {
    sums[0] = hn::Add(sums[0], sums[i]);
  }
  volatile float sink = hn::GetLane(sums[0]);  // so that it must be computed
  static_cast<void>(sink);
  return 2.0 * kChains * static_cast<double>(hn::Lanes(d)) * static_cast<double>(rounds);
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(MultiplyAdds);

double multiply_adds(std::int64_t rounds) { return HWY_DYNAMIC_DISPATCH(MultiplyAdds)(rounds); }

double peak_gflops() {
  constexpr int kTries = 12;
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double operations = multiply_adds(1'000'000);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, operations / seconds.count() / 1e9);
  }
  return best;
}

}  // namespace wavenet::cpu
#endif
