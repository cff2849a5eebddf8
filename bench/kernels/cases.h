// What bench/kernels measures: a case is an op at a shape, computed by us and by libraries from the
// same numbers. A library's result is held against ours before it is timed.
//
//   add("gemm", "head", "32 27 128 nn", multiply_adds(32 * 27 * 128), {ours, onednn});
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace wavenet::bench {

using Buffer = std::vector<float>;

// What one run does, and in what its rate is counted.
struct Work {
  double amount;
  const char* unit;
};
inline Work multiply_adds(std::int64_t count) { return {2.0 * static_cast<double>(count), "GF/s"}; }
// Floats that the op must read or write, each once.
inline Work floats(std::int64_t count) { return {4.0 * static_cast<double>(count), "GB/s"}; }

struct Side {
  std::string who;
  std::function<void()> run;
  // What the last run computed, in our layout and by our definition.
  std::function<Buffer()> result;
  std::string how = {};  // the library's name for its kernel
};

// Registers kind/op/shape/who for each side; the first side is ours.
void add(const std::string& kind, const std::string& op, const std::string& shape, Work work,
         std::vector<Side> sides);

// Rates of multiply-adds are also given in percent of it.
void set_peak(double gflops);

void add_products();
void add_convolutions();
void add_batch_norm();
void add_sweeps();

// Uniform in [-1, 1); each seed has its own.
inline Buffer noise(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  Buffer values(static_cast<std::size_t>(count));
  for (float& value : values) {
    value = uniform(random);
  }
  return values;
}

inline Buffer zeros(std::int64_t count) { return Buffer(static_cast<std::size_t>(count)); }

}  // namespace wavenet::bench
