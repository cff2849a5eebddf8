// Random numbers against PyTorch 1.13's, as python/make_goldens.py wrote them: each tensor starts
// from torch.manual_seed(42), unless its name says otherwise.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wavenet/base/rng.h"
#include "wavenet/io/safetensors.h"

namespace {

using namespace wavenet;

template <class T>
std::vector<T> golden(const std::string& name) {
  static const io::SafeTensors file =
      io::read_safetensors(WAVENET_SOURCE "/tests/golden/rng.safetensors");
  return file.tensors.at(name).to_vector<T>();
}

// PyTorch's own logarithms and sines differ in a float's last bits; the rest is exact.
template <class T>
void expect_normals(Rng& rng, const std::string& name, double bound) {
  const std::vector<T> want = golden<T>(name);
  std::vector<T> got(want.size());
  rng.fill_normal(std::span<T>(got));
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_NEAR(got[i], want[i], bound) << name << " at " << i;
  }
}

TEST(RngGolden, NormalsOfEveryLength) {
  for (const int n : {1, 5, 15, 16, 17, 31, 32, 100, 1000}) {
    Rng rng(42);
    expect_normals<float>(rng, "randn_" + std::to_string(n), 5e-7);
  }
  Rng doubles(42);
  expect_normals<double>(doubles, "randn_f64_20", 1e-14);
  Rng largest(2147483647);
  expect_normals<float>(largest, "randn_16_seed_2147483647", 5e-7);
}

TEST(RngGolden, NormalsInSequence) {
  Rng rng(42);
  for (const char* name : {"sequence_a", "sequence_b", "sequence_c"}) {
    expect_normals<float>(rng, name, 5e-7);
  }
}

TEST(RngGolden, IntegersToTheLastOne) {
  Rng rng(42);
  for (const std::int32_t want : golden<std::int32_t>("randint_1000")) {
    ASSERT_EQ(rng.below(182625), static_cast<std::uint64_t>(want));
  }
}

TEST(RngGolden, UniformNumbersToTheLastBit) {
  Rng rng(42);
  for (const float want : golden<float>("rand_20")) {
    ASSERT_EQ(rng.uniform_float(), want);
  }
  Rng doubles(42);
  for (const double want : golden<double>("rand_f64_20")) {
    ASSERT_EQ(doubles.uniform_double(), want);
  }
}

TEST(RngGolden, ClassesOfFiftyRows) {
  const std::vector<float> p = golden<float>("probabilities");
  const std::vector<std::int32_t> drawn = golden<std::int32_t>("multinomial");
  ASSERT_EQ(drawn.size(), 50U);
  const std::size_t classes = p.size() / drawn.size();
  Rng rng(42);
  for (std::size_t row = 0; row < drawn.size(); ++row) {
    ASSERT_EQ(rng.multinomial({&p[row * classes], classes}), drawn[row]) << "row " << row;
  }
}

}  // namespace
