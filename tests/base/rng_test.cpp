// The expected numbers were printed by PyTorch 1.13 on a CPU, after torch.manual_seed(42).
#include "wavenet/base/rng.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

template <class T>
std::vector<T> normals(Rng& rng, std::size_t n) {
  std::vector<T> x(n);
  rng.fill_normal(std::span<T>(x));
  return x;
}

template <class T>
void expect_near(const std::vector<T>& actual, const std::vector<double>& expected, double bound) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(actual[i]), expected[i], bound) << "number " << i;
  }
}

TEST(Rng, DrawsTheWordsOfPyTorch) {
  // torch.randint(0, 2**31, (5,))
  Rng rng;
  for (std::uint64_t expected : {1608637542U, 1273642419U, 1935803228U, 787846414U, 996406378U}) {
    EXPECT_EQ(rng.next32() % (std::uint64_t{1} << 31), expected);
  }
}

TEST(Rng, DrawsTheIntegersOfPyTorch) {
  // torch.randint(0, 182625, (8,))
  Rng rng(42);
  for (std::uint64_t expected : {76542U, 11942U, 157126U, 2164U, 651U, 135335U, 41245U, 127424U}) {
    EXPECT_EQ(rng.below(182625), expected);
  }
}

TEST(Rng, DrawsTwoWordsForABoundOf32BitsAndMore) {
  // torch.randint(0, 2**40, (3,))
  Rng rng(42);
  for (std::uint64_t expected : {441507790259U, 395924837646U, 458615280711U}) {
    EXPECT_EQ(rng.below(std::uint64_t{1} << 40), expected);
  }
  Rng words(42);
  const std::uint64_t pair = std::uint64_t{words.next32()} << 32 | words.next32();
  EXPECT_EQ(Rng(42).next64(), pair);
  EXPECT_EQ(Rng(42).below(std::uint64_t{1} << 32), pair % (std::uint64_t{1} << 32));
  EXPECT_THROW(rng.below(0), Error);
}

TEST(Rng, UsesTheLow32BitsOfTheSeed) {
  // torch.manual_seed(2**32 + 42)
  EXPECT_EQ(Rng((std::uint64_t{1} << 32) + 42).next32(), Rng(42).next32());
}

TEST(Rng, DrawsTheUniformNumbersOfPyTorch) {
  // [x.hex() for x in torch.rand(5).tolist()]
  Rng rng(42);
  for (float expected :
       {0x1.c3b8ccp-1F, 0x1.d47b66p-1F, 0x1.880d7p-2F, 0x1.eb2a1cp-1F, 0x1.8fd1a8p-2F}) {
    EXPECT_EQ(rng.uniform_float(), expected);
  }
  // [x.hex() for x in torch.rand(3, dtype=torch.float64).tolist()]
  Rng doubles(42);
  for (double expected : {0x1.dc66cbea3db30p-5, 0x1.01ae177aca870p-4, 0x1.fa3563ccea238p-4}) {
    EXPECT_EQ(doubles.uniform_double(), expected);
  }
}

TEST(Rng, FillsABlockOf16AsPyTorchDoes) {
  // torch.randn(16), then torch.rand(1)
  Rng rng(42);
  expect_near(normals<float>(rng, 16),
              {1.9269152879714966, 1.4872840642929077, 0.9007171988487244, -2.1055209636688232,
               0.6784184575080872, -1.2345448732376099, -0.04306747764348984, -1.6046669483184814,
               -0.7521352767944336, 1.6487230062484741, -0.3924786448478699, -1.4036071300506592,
               -0.7278813123703003, -0.5594301819801331, -0.7688388824462891, 0.7624453902244568},
              5e-7);
  EXPECT_EQ(rng.uniform_float(), 0.8854429125785828F);
}

TEST(Rng, DrawsTheRaggedEndOfAFillAgain) {
  // torch.randn(20), then torch.rand(1)
  Rng rng(42);
  expect_near(normals<float>(rng, 20),
              {1.9269152879714966,  1.4872840642929077,   0.9007171988487244,  -2.1055209636688232,
               -0.7581311464309692, 1.078317642211914,    0.8008005619049072,  1.680620551109314,
               0.3558599054813385,  -0.6866229772567749,  -0.4933563470840454, 0.2414877861738205,
               -0.2316243201494217, 0.041759490966796875, -0.2515752911567688, 0.859858512878418,
               -0.3097267746925354, -0.3957104980945587,  0.8034093379974365,  -0.6215953826904297},
              5e-7);
  EXPECT_EQ(rng.uniform_float(), 0.5779253840446472F);
}

TEST(Rng, FillsDoublesFromUniformDoubles) {
  // torch.randn(20, dtype=torch.float64)
  Rng rng(42);
  expect_near(
      normals<double>(rng, 20),
      {0.2995562877502637,   0.24237779080894106,  0.28320739441795323,   -0.23294220898382634,
       -0.03720300727052493, 1.0352472972512925,   -0.010085521702337353, 0.08948016046560357,
       0.038435238263354446, -0.11824373914203358, -1.744556661084211,    -0.46946014308389283,
       0.39238484373268534,  1.108461181451433,    0.8651734647119074,    0.855215961472287,
       0.2494118796915765,   0.2615836907112959,   -1.526543923410825,    -0.33113931395169954},
      1e-14);
}

TEST(Rng, KeepsTheSecondOfAPairForALaterCall) {
  // torch.randn(3), torch.randn(2), torch.rand(1)
  Rng rng(42);
  expect_near(normals<float>(rng, 3),
              {0.33669036626815796, 0.12880940735340118, 0.23446236550807953}, 1e-7);
  expect_near(normals<float>(rng, 2), {0.23033303022384644, -1.1228563785552979}, 1e-7);
  EXPECT_EQ(rng.uniform_float(), 0.8694044351577759F);
  // torch.randn(3, dtype=torch.float64), torch.randn(2)
  Rng mixed(42);
  expect_near(normals<double>(mixed, 3),
              {0.33669035438385886, 0.1288094051365897, 0.23446236336153173}, 1e-15);
  expect_near(normals<float>(mixed, 2), {0.23033303022384644, -1.1228563785552979}, 1e-7);
}

TEST(Rng, KeepsItAcrossALongFill) {
  // torch.randn(3), torch.randn(16)[:2], torch.randn(1)
  Rng rng(42);
  normals<float>(rng, 3);
  std::vector<float> block = normals<float>(rng, 16);
  block.resize(2);
  expect_near(block, {1.7877893447875977, -0.478045254945755}, 5e-7);
  expect_near(normals<float>(rng, 1), {0.23033303022384644}, 1e-7);
}

TEST(Rng, DrawsTheClassesOfPyTorch) {
  // [torch.multinomial(torch.tensor([0.1, 0.2, 0.3, 0.4]), 1).item() for _ in range(20)]
  const std::vector<float> p{0.1F, 0.2F, 0.3F, 0.4F};
  Rng rng(42);
  for (std::int64_t expected : {3, 1, 2, 2, 0, 0, 1, 3, 1, 1, 1, 3, 3, 0, 3, 0, 1, 1, 3, 2}) {
    EXPECT_EQ(rng.multinomial(p), expected);
  }
}

TEST(Rng, NeverDrawsAnImpossibleClass) {
  const std::vector<float> p{0.0F, 1e-30F, 0.0F};
  Rng rng(7);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(rng.multinomial(p), 1);
  }
}

TEST(Rng, RefusesWeightsThatAreNoOdds) {
  Rng rng;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (float wrong : {-0.1F, nan, infinity}) {
    EXPECT_THROW(rng.multinomial(std::vector<float>{0.5F, wrong}), Error) << wrong;
  }
  EXPECT_THROW(rng.multinomial(std::vector<float>{0.0F, 0.0F}), Error);
  EXPECT_THROW(rng.multinomial({}), Error);
}

TEST(Rng, ContinuesFromASavedState) {
  for (std::size_t drawn : {0U, 3U, 4U, 700U}) {
    Rng rng(5);
    for (std::size_t i = 0; i < drawn; ++i) {
      normals<double>(rng, 1);
    }
    Rng restored(6);
    normals<float>(restored, 1);  // leaves a kept number, which the state must replace
    restored.set_state(rng.state());
    EXPECT_EQ(normals<double>(restored, 5), normals<double>(rng, 5)) << "after " << drawn;
    EXPECT_EQ(restored.next32(), rng.next32());
    EXPECT_EQ(restored.state(), rng.state());
  }
}

TEST(Rng, RefusesAWrongStateAndStaysAsItWas) {
  Rng rng(5);
  const std::vector<std::int32_t> before = rng.state();
  std::vector<std::int32_t> state = before;
  state.pop_back();
  EXPECT_THROW(rng.set_state(state), Error);  // too short
  state = before;
  state[Mt19937::kWords] = 625;
  EXPECT_THROW(rng.set_state(state), Error);  // position
  state = before;
  state[Mt19937::kWords + 1] = 2;
  EXPECT_THROW(rng.set_state(state), Error);  // the mark of a kept number
  state = before;
  state[Mt19937::kWords + 1] = 1;
  state[Mt19937::kWords + 2] = 0x7ff80000;
  EXPECT_THROW(rng.set_state(state), Error);  // NaN kept
  EXPECT_EQ(rng.state(), before);
}

}  // namespace
}  // namespace wavenet
