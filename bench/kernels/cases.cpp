#include "bench/kernels/cases.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace wavenet::bench {
namespace {

double peak = 0;

void report(benchmark::State& state, Work work) {
  using benchmark::Counter;
  const double billions = work.amount / 1e9;
  state.counters[work.unit] = Counter(billions, Counter::kIsIterationInvariantRate);
  if (std::string(work.unit) == "GF/s") {
    state.counters["%peak"] = Counter(100 * billions / peak, Counter::kIsIterationInvariantRate);
  }
}

// Ends the program where the two differ by more than the order of a sum explains: the speed of
// another computation says nothing.
void expect_same(const std::string& name, const Buffer& ours, const Buffer& theirs) {
  constexpr float kTolerance = 1e-4F;  // of the largest number
  float largest = 1;
  float difference = ours.size() == theirs.size() ? 0.0F : INFINITY;
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    const float apart = std::abs(ours[i] - theirs[i]);
    largest = std::max(largest, std::abs(ours[i]));
    difference = std::isnan(apart) ? INFINITY : std::max(difference, apart);
  }
  if (difference > kTolerance * largest) {
    fmt::print(stderr, "{}: differs from ours by {}, the largest number being {}\n", name,
               difference, largest);
    std::exit(1);
  }
}

}  // namespace

void set_peak(double gflops) { peak = gflops; }

void add(const std::string& kind, const std::string& op, const std::string& shape, Work work,
         std::vector<Side> sides) {
  const Side ours = sides.front();
  for (const Side& side : sides) {
    const std::string name = fmt::format("{}/{}/{}/{}", kind, op, shape, side.who);
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
      ours.run();
      side.run();
      expect_same(name, ours.result(), side.result());
      for (auto _ : state) {
        side.run();
        benchmark::ClobberMemory();
      }
      report(state, work);
      state.SetLabel(side.how);
    });
  }
}

}  // namespace wavenet::bench
