// What one core of this machine can do: f32 multiply-adds in registers, and our best GEMM beside
// it.
//
//   build/release/bench/peak   ->   {"gflops_one_core":107.3,"gemm_gflops":98.1}
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/peak.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kChains = 12;  // enough to cover the latency of two units; they fit 16 registers

// Runs `rounds` of kChains multiply-adds, each waiting only for its own chain; returns the number
// of floating-point operations. The result goes to *sink so that it must be computed.
double MultiplyAdd(std::int64_t rounds, float* sink) {
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
  *sink = hn::GetLane(sums[0]);
  return 2.0 * kChains * static_cast<double>(hn::Lanes(d)) * static_cast<double>(rounds);
}

}  // namespace bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bench {

HWY_EXPORT(MultiplyAdd);

constexpr int kTries = 20;

// The best of kTries, in GFLOP/s: what the machine can do when nothing disturbs it.
template <class Work>
double best_gflops(const Work& work) {
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double operations = work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, operations / seconds.count() / 1e9);
  }
  return best;
}

double gemm_once() {
  constexpr std::int64_t kM = 96;
  constexpr std::int64_t kN = 128;
  constexpr std::int64_t kK = 256;
  constexpr int kRepeats = 200;
  static const std::vector<float> a(kM * kK, 0.5f);
  static const std::vector<float> b(kK * kN, 0.25f);
  static std::vector<float> c(kM * kN);
  for (int i = 0; i < kRepeats; ++i) {
    wavenet::cpu::gemm({a.data(), kK, 1}, {b.data(), kN, 1}, nullptr, c.data(), kN, kM, kN, kK,
                       false);
  }
  return 2.0 * kM * kN * kK * kRepeats;
}

}  // namespace bench

int main() {
  float sink = 0;
  const double registers = bench::best_gflops(
      [&] { return HWY_DYNAMIC_DISPATCH(bench::MultiplyAdd)(2'000'000, &sink); });
  const double gemm = bench::best_gflops(bench::gemm_once);
  fmt::print("{{\"gflops_one_core\":{:.1f},\"gemm_gflops\":{:.1f}}}\n", registers, gemm);
  return sink == 0.125f ? 1 : 0;
}
#endif
