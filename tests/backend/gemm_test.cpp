// A product of few rows takes another path than one of many; both must give the same bits, or
// words would depend on how many are generated together.
#include <gtest/gtest.h>

#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kMany = 13;  // a full tile and one row more

struct Case {
  std::int64_t n;
  std::int64_t k;
  Into into;
};

class FewRows : public testing::TestWithParam<Case> {
 protected:
  FewRows() : rng_(3) {}
  Tensor random(const Shape& shape) { return randn(shape, rng_); }
  Rng rng_;
};

// c starts from the same numbers every time, so that Into::add has something to add to.
std::vector<float> product(const View& a, const View& b, const Tensor& start, Into into,
                           const View& bias) {
  const Tensor c = Tensor::from(start.to_vector<float>(), start.shape());
  backend().gemm(a, b, c, into, bias);
  return c.to_vector<float>();
}

TEST_P(FewRows, GiveTheBitsThatManyRowsGive) {
  const Case& p = GetParam();
  const Tensor a = random({kMany, p.k});
  const Tensor b = random({p.k, p.n});
  const Tensor bias = random({p.n});
  const Tensor start = random({kMany, p.n});
  const std::vector<float> all = product(a, b, start, p.into, bias);
  for (std::int64_t m = 1; m <= 5; ++m) {
    for (const std::int64_t first : {std::int64_t{0}, kMany - m}) {
      const std::vector<float> few =
          product(sliced(a, 0, first, first + m, 1), b,
                  start.with_view(sliced(start, 0, first, first + m, 1)), p.into, bias);
      const std::vector<float> expected(all.begin() + first * p.n, all.begin() + (first + m) * p.n);
      EXPECT_EQ(few, expected) << m << " rows from " << first;
    }
  }
}

TEST_P(FewRows, AndManyAgreeWithTheReference) {
  const Case& p = GetParam();
  for (const std::int64_t m : {1, 2, 3, 4, 5, 12, 30}) {
    const Tensor columns = random({p.k, m});  // read transposed: the rows of a stand apart
    const View a = transposed(columns, 0, 1);
    const Tensor wide = random({p.k, 2 * p.n});  // b may be part of a wider matrix
    const View b = sliced(wide, 1, p.n / 2, p.n / 2 + p.n, 1);
    const Tensor bias = random({p.n});
    const Tensor start = random({m, p.n});
    const std::vector<float> fast = product(a, b, start, p.into, bias);
    const UseBackend use(reference_backend());
    const std::vector<float> slow = product(a, b, start, p.into, bias);
    for (std::size_t i = 0; i < fast.size(); ++i) {
      EXPECT_NEAR(fast[i], slow[i], 1e-5) << m << " rows, element " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, FewRows,
                         testing::Values(Case{1, 1, Into::overwrite}, Case{7, 5, Into::add},
                                         Case{16, 9, Into::overwrite}, Case{27, 33, Into::add},
                                         Case{65, 4, Into::add}, Case{128, 48, Into::overwrite},
                                         Case{64, 7, Into::add}, Case{131, 20, Into::overwrite},
                                         Case{300, 3, Into::add}));

// Many rows take a deep product slab by slab, few or very many at once; a chain is the same.
TEST(DeepProducts, HaveTheBitsOfOnesAtOnce) {
  Rng rng(6);
  for (const std::int64_t k : {127, 128, 129, 300}) {
    const Tensor a = randn({600, k}, rng);
    const Tensor b = randn({k, 45}, rng);
    const Tensor start = randn({600, 45}, rng);
    const Tensor bias = randn({45}, rng);
    const std::vector<float> all = product(a, b, start, Into::add, bias);
    for (const std::int64_t m : {4, 13, 40, 512}) {
      const std::vector<float> some = product(
          sliced(a, 0, 0, m, 1), b, start.with_view(sliced(start, 0, 0, m, 1)), Into::add, bias);
      EXPECT_EQ(some, std::vector<float>(all.begin(), all.begin() + m * 45)) << m << " x " << k;
    }
  }
}

// The gradient of a convolution's weight is such a product too, over the rows of all sequences.
TEST(DeepProducts, OfAConvolutionHaveTheBitsOfTheProductAlone) {
  Rng rng(4);
  for (const std::int64_t length : {70, 200, 301}) {
    const ConvGeometry geometry{.width = 2, .dilation = 3, .from = 5};
    const std::int64_t rows = length - geometry.from;
    const Tensor x = randn({2, length, 4}, rng);
    const Tensor dy = randn({2, rows, 45}, rng);
    const Tensor weight = zeros({8, 45});
    const Tensor got = zeros({8, 45});
    backend().causal_conv1d_backward(x, weight, geometry, dy, {}, {got, Into::overwrite}, {});
    for (const std::int64_t tap : {0, 1}) {
      const std::int64_t first = geometry.from - (1 - tap) * geometry.dilation;
      const Tensor read = contiguous(index(x, {{}, {.start = first, .stop = first + rows}}));
      const Tensor product = zeros({4, 45});  // few rows: the whole depth at once
      backend().gemm(transposed(as_rows(read), 0, 1), as_rows(dy), product, Into::overwrite);
      EXPECT_EQ(index(got, {{.start = 4 * tap, .stop = 4 * tap + 4}}).to_vector<float>(),
                product.to_vector<float>())
          << length << " rows, tap " << tap;
    }
  }
}

}  // namespace
