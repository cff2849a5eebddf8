// How long the loss of an amplifier model takes, forward and back, on a minibatch of 8,192 outputs an item.
//
//   build/release/bench/spectral_loss [ITEMS [NETS [THREADS [PRE_EMPHASIS]]]]   # 16 1 1 0
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "wavenet/base/parallel.h"
#include "wavenet/output/waveform.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kOutputs = 8192;
constexpr int kRuns = 50;

// The least of many runs, in milliseconds.
template <class Run>
double least_ms(const Run& run) {
  double least = 1e9;
  for (int i = 0; i < kRuns; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    least = std::min(least, took.count());
  }
  return least;
}

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int i, double otherwise) {
    return i < count ? std::atof(arguments[i]) : otherwise;
  };
  const auto items = static_cast<std::int64_t>(number(1, 16));
  const auto nets = static_cast<std::int64_t>(number(2, 1));
  const UseThreads use(static_cast<int>(number(3, 1)));
  Rng rng(1);
  const Tensor raw = parameter(randn({items, kOutputs, nets}, rng));
  const Tensor targets = randn({items, kOutputs}, rng);
  const output::Waveform output({.nets = nets, .pre_emphasis = number(4, 0)});
  const auto back = [&] {
    backward(output.loss(raw, targets));
    zero_grad(raw);
  };
  fmt::print("{} items, {} nets: forward and back {:.1f} ms\n", items, nets, least_ms(back));
  const NoGrad guard;
  fmt::print("forward alone {:.1f} ms\n", least_ms([&] { output.loss(raw, targets); }));
}
