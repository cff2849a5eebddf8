// A step of training an amplifier model: 16 items of 8,192 answers, mean squared error, AdamW.
//
//   build/release/bench/amplifier [SHAPE [STEPS [THREADS]]]   ->   {"ms_per_step":{"mean":..,"least":..}}
//
// python/twin_amplifier.py is PyTorch's side of it, which bench/compare.py sets beside it.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "wavenet/base/parallel.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kItems = 16;
constexpr std::int64_t kWanted = 8192;
constexpr double kRate = 0.004;

double milliseconds_of_step(models::Model& model, optim::AdamW& optimizer, const Inputs& inputs,
                            const Tensor& targets) {
  const auto start = std::chrono::steady_clock::now();
  const Tensor error = model.raw(inputs) - targets;
  backward(mean(error * error, {0, 1, 2}));
  optimizer.step(kRate);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace

int main(int argc, char** argv) {
  Config recipe =
      Config::parse(R"({"model": {"kind": "amplifier", "shape": "standard"}})", "bench");
  if (argc > 1) {
    recipe.set(std::string("model.shape=") + argv[1]);
  }
  const int steps = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
  const UseThreads use(argc > 3 ? std::max(1, std::atoi(argv[3])) : 1);
  Rng rng(1);
  const auto model = models::build(recipe, 1, rng);
  optim::AdamW optimizer(model->parameters(), {.beta2 = 0.999});
  const std::int64_t past = model->receptive_field() - 1;
  const Inputs inputs{.x = affine(randn({kItems, past + kWanted}, rng), 0.1, 0),
                      .rows = {.past = past}};
  const Tensor targets = affine(randn({kItems, kWanted, 1}, rng), 0.1, 0);
  milliseconds_of_step(*model, optimizer, inputs, targets);  // warms up
  std::vector<double> ms;
  for (int step = 0; step < steps; ++step) {
    ms.push_back(milliseconds_of_step(*model, optimizer, inputs, targets));
  }
  fmt::print("{{\"ms_per_step\":{{\"mean\":{:.1f},\"least\":{:.1f}}}}}\n",
             std::accumulate(ms.begin(), ms.end(), 0.0) / steps,
             *std::min_element(ms.begin(), ms.end()));
}
