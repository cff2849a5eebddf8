// What this machine can do, one core and all: f32 multiply-adds in registers, our product of
// matrices at a shape that suits it, and y += a x from the second-level cache and from memory.
//
//   build/release/bench/peak   ->   {"cores":1,"gflops":117.3,"gemm_gflops":112.1,...} a line each
#include "wavenet/backend/cpu/peak.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/base/parallel.h"

namespace {

using namespace wavenet;

constexpr int kTries = 20;

// The best of kTries, in 10^9 a second, when `work` does `amount` on each of `cores` cores.
double best_rate(int cores, double amount, const std::function<void(std::int64_t)>& work) {
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    parallel_for(cores, cores, work);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, amount * cores / seconds.count() / 1e9);
  }
  return best;
}

double multiply_adds(int cores) {
  constexpr std::int64_t kRounds = 2'000'000;
  const double operations = cpu::multiply_adds(1) * kRounds;
  return best_rate(cores, operations, [](std::int64_t) { cpu::multiply_adds(kRounds); });
}

double products(int cores) {
  constexpr std::int64_t kM = 84;
  constexpr std::int64_t kN = 128;
  constexpr std::int64_t kK = 256;
  constexpr int kRepeats = 200;
  const std::vector<float> a(kM * kK, 0.5F);
  const std::vector<float> b(kK * kN, 0.25F);
  std::vector<std::vector<float>> c(static_cast<std::size_t>(cores), std::vector<float>(kM * kN));
  return best_rate(cores, 2.0 * kM * kN * kK * kRepeats, [&](std::int64_t core) {
    for (int i = 0; i < kRepeats; ++i) {
      cpu::gemm({a.data(), kK, 1}, {b.data(), kN, 1}, nullptr, {},
                c[static_cast<std::size_t>(core)].data(), kN, kM, kN, kK);
    }
  });
}

// Bytes read and written, of two arrays of `floats` each.
double bytes(int cores, std::int64_t floats) {
  const std::int64_t repeats = std::max<std::int64_t>(1, 30'000'000 / floats);
  const auto size = static_cast<std::size_t>(floats);
  std::vector<std::vector<float>> x(static_cast<std::size_t>(cores), std::vector<float>(size));
  std::vector<std::vector<float>> y = x;
  const double moved = 12.0 * static_cast<double>(floats * repeats);
  return best_rate(cores, moved, [&](std::int64_t core) {
    const auto i = static_cast<std::size_t>(core);
    for (std::int64_t r = 0; r < repeats; ++r) {
      cpu::add_scaled(x[i].data(), 0.5F, y[i].data(), floats);
    }
  });
}

}  // namespace

int main() {
  const int all = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for (const int cores : all > 1 ? std::vector<int>{1, all} : std::vector<int>{1}) {
    fmt::print(
        "{{\"cores\":{},\"gflops\":{:.1f},\"gemm_gflops\":{:.1f},\"l2_gb_per_s\":{:.1f},"
        "\"memory_gb_per_s\":{:.1f}}}\n",
        cores, multiply_adds(cores), products(cores), bytes(cores, 50'000),
        bytes(cores, 20'000'000));
  }
}
