// Products of operands rounded to bf16: rounding against the numbers that a bf16 can be, matrices against
// the order of vdpbf16ps or of AMX's tiles to the bit, convolutions against the reference, on every
// instruction set and with every unit that this machine has.
#include "wavenet/backend/reference/bf16.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>

#include "tests/backend/targets.h"
#include "wavenet/backend/backend.h"
#include "wavenet/backend/cpu/bf16.h"
#include "wavenet/ops/causal_conv1d.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using reference::rounded_to_bf16;

constexpr float kInfinite = std::numeric_limits<float>::infinity();

// A bf16 has 8 bits: between 1 and 2 they lie 2^-7 apart.
TEST(Bf16, RoundsToTheNearestOfEightBitsTiesToEven) {
  for (int i = 0; i < 128; ++i) {
    const float low = 1 + static_cast<float>(i) * 0x1p-7f;
    const float high = low + 0x1p-7f;
    const float middle = low + 0x1p-8f;
    EXPECT_EQ(rounded_to_bf16(low), low);
    EXPECT_EQ(rounded_to_bf16(std::nextafter(middle, 0.0f)), low);
    EXPECT_EQ(rounded_to_bf16(middle), i % 2 == 0 ? low : high);
    EXPECT_EQ(rounded_to_bf16(std::nextafter(middle, 3.0f)), high);
    EXPECT_EQ(rounded_to_bf16(-middle), i % 2 == 0 ? -low : -high);
  }
}

TEST(Bf16, KeepsWhatIsNoNumberAndDropsSubnormals) {
  EXPECT_EQ(rounded_to_bf16(kInfinite), kInfinite);
  EXPECT_EQ(rounded_to_bf16(std::numeric_limits<float>::max()), kInfinite);
  EXPECT_TRUE(std::isnan(rounded_to_bf16(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_EQ(std::bit_cast<std::uint32_t>(rounded_to_bf16(-0x1p-130f)), 0x80000000);
  EXPECT_EQ(rounded_to_bf16(0x1p-126f), 0x1p-126f);
}

// 2^24 + 1 is no float, so what comes first decides.
TEST(Bf16, AddsTheSecondProductOfAPairFirst) {
  EXPECT_EQ(reference::plus_pair(0, {1, 0x1p12f}, {1, 0x1p12f}), 0x1p24f);
  EXPECT_EQ(reference::plus_pair(-0x1p24f, {1, 0x1p12f}, {1, 0x1p12f}), 1);
  EXPECT_EQ(reference::plus_pair(-0x1p24f, {0x1p12f, 1}, {0x1p12f, 1}), 0x1p0f);
  EXPECT_EQ(reference::plus_pair(0x1p24f, {1, -0x1p12f}, {1, 0x1p12f}), 1);
  EXPECT_EQ(reference::plus_pair(0x1p24f, {-0x1p12f, 1}, {0x1p12f, 1}), 0);
}

// 2^24 + 1 is no float, and a chain that begins with the sum would lose each 1.
TEST(Bf16, AddsATileInTwoChainsAndThenToTheSum) {
  reference::TileRow ones;
  ones.fill(1);
  EXPECT_EQ(reference::plus_tile(0x1p24f, ones, ones), 0x1p24f + 32);
  // The even places lose their ones to a large product, the odd places do not.
  reference::TileRow a = ones;
  a[0] = 0x1p12f;
  EXPECT_EQ(reference::plus_tile(0, a, a), 0x1p24f + 16);
  // What two chains leave is one number when the sum is added: it takes away the 2^24 exactly.
  EXPECT_EQ(reference::plus_tile(-0x1p24f, a, a), 16);
}

// Calls check(name, order of sums) with each unit of this machine on each of its instruction sets.
void for_each_unit(const std::function<void(const std::string&, reference::Bf16Order)>& check) {
  const cpu::Bf16Unit before = cpu::bf16_unit();
  for (const cpu::Bf16Unit unit :
       {cpu::Bf16Unit::floats, cpu::Bf16Unit::pairs, cpu::Bf16Unit::tiles}) {
    if (!cpu::has(unit)) {
      continue;
    }
    cpu::use_bf16_unit(unit);
    testing_targets::for_each_target([&](const std::string& target) {
      const bool tiles = unit == cpu::Bf16Unit::tiles && target.starts_with("AVX3");
      check(fmt::format("{}, unit {}", target, static_cast<int>(unit)),
            tiles ? reference::Bf16Order::tiles : reference::Bf16Order::pairs);
    });
  }
  cpu::use_bf16_unit(before);
}

// The system does not grant tiles to a process one of whose signal stacks could not hold them. Then
// another unit multiplies. In a process of its own, since a grant lasts.
TEST(Bf16DeathTest, GoesOnWithoutTilesWhereTheSystemRefusesThem) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto multiply = [] {
    static std::array<std::byte, 8192> small;
    stack_t stack{};
    stack.ss_sp = small.data();
    stack.ss_size = small.size();
    if (sigaltstack(&stack, nullptr) != 0) {
      std::exit(2);
    }
    const Tensor ones = Tensor::empty({40, 40}, DType::f32);
    cpu_backend().fill(1, ones);
    const Tensor product = Tensor::empty({40, 40}, DType::f32);
    cpu_backend(Precision::bf16).gemm(ones, ones, product, Into::overwrite);
    const bool refused = !cpu::has(cpu::Bf16Unit::tiles);
    std::exit(refused && product.data<float>()[0] == 40 ? 0 : 1);
  };
  EXPECT_EXIT(multiply(), testing::ExitedWithCode(0), "");
}

struct MatrixSizes {
  std::int64_t m;
  std::int64_t n;
  std::int64_t k;
};

// Numbers of which some cannot be rounded without an error.
Tensor odd_numbers(const Shape& shape, Rng& rng) {
  Tensor x = randn(shape, rng);
  x.data<float>()[0] = 0x1p-130f;
  return x;
}

std::vector<float> bf16_product(Backend& on, const View& a, const View& b, const View& bias,
                                const View& addend, const Shape& shape) {
  const Tensor c = Tensor::empty(shape, DType::f32);
  on.gemm(a, b, c, Into::overwrite, bias, addend);
  return c.to_vector<float>();
}

TEST(Bf16, ProductsHaveTheBitsOfTheirUnit) {
  Rng rng(4);
  for (const MatrixSizes& s :
       {MatrixSizes{1, 1, 1}, MatrixSizes{3, 5, 7}, MatrixSizes{29, 33, 32},
        MatrixSizes{14, 64, 65}, MatrixSizes{40, 17, 300}, MatrixSizes{2, 48, 96},
        MatrixSizes{33, 31, 600}, MatrixSizes{700, 9, 40}}) {
    const Tensor a = odd_numbers({s.m, s.k}, rng);
    const Tensor a_turned = odd_numbers({s.k, s.m}, rng);
    const Tensor b = odd_numbers({s.k, s.n}, rng);
    const Tensor b_turned = odd_numbers({s.n, s.k}, rng);
    const Tensor every_second = odd_numbers({s.m, 2 * s.k}, rng);
    const Tensor bias = randn({s.n}, rng);
    const Tensor addend = randn({s.m, s.n}, rng);
    const std::pair<View, View> operands[] = {{a, b},
                                              {transposed(a_turned, 0, 1), b},
                                              {a, transposed(b_turned, 0, 1)},
                                              {sliced(every_second, 1, 0, 2 * s.k, 2), b}};
    for (const auto& operand : operands) {
      const View& left = operand.first;
      const View& right = operand.second;
      for_each_unit([&](const std::string& unit, reference::Bf16Order order) {
        EXPECT_EQ(
            bf16_product(cpu_backend(Precision::bf16), left, right, bias, addend, {s.m, s.n}),
            bf16_product(reference::bf16_backend(order), left, right, bias, addend, {s.m, s.n}))
            << unit << " " << s.m << " x " << s.n << " x " << s.k;
      });
    }
  }
}

struct Convolution {
  Tensor y;
  Tensor dx;
  Tensor dweight;
  Tensor dbias;
};

Convolution convolved(Backend& on, const Shape& x_shape, std::int64_t out,
                      const ConvGeometry& geometry) {
  Rng rng(8);
  const Tensor x = parameter(odd_numbers(x_shape, rng));
  const Tensor weight = parameter(randn({geometry.width * x_shape[2], out}, rng));
  const Tensor bias = parameter(randn({out}, rng));
  const UseBackend use(on);
  const Tensor y = causal_conv1d(x, weight, bias, geometry);
  backward(y, randn(y.shape(), rng));
  return {y, grad(x), grad(weight), grad(bias)};
}

// The sums of the reference are in another order, so a few units in the last place of their largest
// part lie between the two.
void expect_near(const Tensor& got, const Tensor& expected, double tolerance,
                 const std::string& what) {
  const std::vector<float> a = got.to_vector<float>();
  const std::vector<float> b = expected.to_vector<float>();
  ASSERT_EQ(a.size(), b.size()) << what;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(a[i], b[i], tolerance) << what << " " << i;
  }
}

double largest_size(const Tensor& x) {
  double size = 0;
  for (const float value : x.to_vector<float>()) {
    size = std::max(size, std::abs(static_cast<double>(value)));
  }
  return size;
}

TEST(Bf16, ConvolutionsRoundTheirOperandsAndNothingElse) {
  const auto packed =
      std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>{0, 1, 5, 12, 13});
  const std::pair<Shape, ConvGeometry> cases[] = {
      {{2, 40, 32}, {.width = 2, .dilation = 5}},
      {{1, 33, 7}, {.width = 3, .dilation = 2, .padding = Padding::zero}},
      {{2, 70, 48}, {.width = 2, .dilation = 4, .from = 9}},
      {{1, 20, 5}, {.width = 2, .dilation = 2, .starts = packed}},
      {{1, 300, 16}, {.width = 2, .dilation = 3, .from = 1}}};
  for (const auto& [shape, geometry] : cases) {
    for (const std::int64_t out : {64, 9}) {
      const Convolution expected =
          convolved(reference_backend(Precision::bf16), shape, out, geometry);
      for_each_unit([&, &x = shape, &how = geometry](const std::string& target,
                                                     reference::Bf16Order /*order*/) {
        const Convolution got = convolved(cpu_backend(Precision::bf16), x, out, how);
        // Where the past repeats the first row, the sum of dy over it is rounded, not each part.
        const bool sums_past = how.padding == Padding::first && how.from < how.dilation;
        expect_near(got.y, expected.y, 1e-4, target + " y");
        expect_near(got.dx, expected.dx, sums_past ? 0x1p-7 * largest_size(expected.dx) : 1e-4,
                    target + " dx");
        expect_near(got.dweight, expected.dweight,
                    sums_past ? 0x1p-7 * largest_size(expected.dweight) : 1e-4,
                    target + " dweight");
        expect_near(got.dbias, expected.dbias, 1e-4, target + " dbias");
      });
    }
  }
}

}  // namespace
