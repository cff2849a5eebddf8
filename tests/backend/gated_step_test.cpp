// One more row of a gated block, against the formula in double, on every instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/backend/targets.h"
#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using testing_targets::for_each_target;

struct Sizes {
  std::int64_t residual;
  std::int64_t skip;
  bool last;  // the block has no residual
};

struct Block {
  Block(const Sizes& sizes, std::int64_t rows, Rng& rng)
      : residual(sizes.residual),
        out(sizes.skip + (sizes.last ? 0 : sizes.residual)),
        past(randn({rows, 2 * residual}, rng)),
        inner(affine(randn({residual, 2 * residual}, rng), 0.25, 0)),
        outer(affine(randn({residual, out}, rng), 0.25, 0)),
        bias(randn({out}, rng)),
        carry(randn({rows, residual + sizes.skip}, rng)) {}

  // What becomes of rows first to first + count - 1 of carry.
  std::vector<float> stepped(Backend& on, std::int64_t first, std::int64_t count) const {
    const Tensor to = Tensor::from(carry.to_vector<float>(), carry.shape());
    const auto rows = [&](const View& x) { return sliced(x, 0, first, first + count, 1); };
    on.gated_step(rows(past), inner, outer, bias, rows(to));
    return contiguous(to.with_view(rows(to))).to_vector<float>();
  }

  std::int64_t residual;
  std::int64_t out;
  Tensor past, inner, outer, bias, carry;
};

// Element (i, j) of a row-major matrix, in double.
double at(const Tensor& x, std::int64_t i, std::int64_t j) {
  return static_cast<double>(x.data<float>()[i * x.size(-1) + j]);
}

std::vector<double> by_formula(const Block& b) {
  std::vector<double> all;
  for (std::int64_t n = 0; n < b.carry.size(0); ++n) {
    std::vector<double> z;
    for (std::int64_t r = 0; r < b.residual; ++r) {
      double filter = at(b.past, n, r);
      double gate = at(b.past, n, b.residual + r);
      for (std::int64_t k = 0; k < b.residual; ++k) {
        filter += at(b.carry, n, k) * at(b.inner, k, r);
        gate += at(b.carry, n, k) * at(b.inner, k, b.residual + r);
      }
      z.push_back(std::tanh(filter) / (1 + std::exp(-gate)));
    }
    const std::int64_t kept = b.carry.size(1) - b.out;
    for (std::int64_t c = 0; c < b.carry.size(1); ++c) {
      double value = at(b.carry, n, c) + (c < kept ? 0 : at(b.bias, 0, c - kept));
      for (std::int64_t k = 0; c >= kept && k < b.residual; ++k) {
        value += z[static_cast<std::size_t>(k)] * at(b.outer, k, c - kept);
      }
      all.push_back(value);
    }
  }
  return all;
}

// Beside the widths of vectors and of tiles: one less, one more, several.
std::vector<Sizes> all_sizes() {
  std::vector<Sizes> all;
  for (const bool last : {false, true}) {
    for (const auto& [residual, skip] : std::vector<std::pair<std::int64_t, std::int64_t>>{
             {1, 1}, {3, 5}, {8, 8}, {16, 15}, {17, 33}, {40, 64}, {64, 128}, {64, 300}}) {
      all.push_back({residual, skip, last});
    }
  }
  return all;
}

void expect_stepped(const std::vector<float>& got, const std::vector<double>& expected,
                    const std::string& where) {
  ASSERT_EQ(got.size(), expected.size()) << where;
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(got[i]), expected[i], 2e-5 * (1 + std::abs(expected[i])))
        << where << ", element " << i;
  }
}

TEST(GatedStep, IsTheFormulaOnEveryTarget) {
  Rng rng(8);
  for (const Sizes& sizes : all_sizes()) {
    for (const std::int64_t rows : {1, 2, 5, 15}) {
      const Block block(sizes, rows, rng);
      const std::vector<double> expected = by_formula(block);
      const std::string what = fmt::format("residual {}, skip {}, last {}, {} rows", sizes.residual,
                                           sizes.skip, sizes.last, rows);
      expect_stepped(block.stepped(reference_backend(), 0, rows), expected, what);
      for_each_target([&](const std::string& target) {
        expect_stepped(block.stepped(cpu_backend(), 0, rows), expected, what + " on " + target);
      });
    }
  }
}

// Or streams would depend on those beside them.
TEST(GatedStep, ARowHasTheBitsThatItHasBesideOthers) {
  constexpr std::int64_t kMany = 15;  // a full tile and one row more
  Rng rng(9);
  for (const Sizes& sizes : all_sizes()) {
    const Block block(sizes, kMany, rng);
    for_each_target([&](const std::string& target) {
      const std::vector<float> all = block.stepped(cpu_backend(), 0, kMany);
      const std::int64_t width = block.carry.size(1);
      for (const std::int64_t rows : {1, 2, 3, 4, 5}) {
        const std::vector<float> few = block.stepped(cpu_backend(), kMany - rows, rows);
        EXPECT_EQ(few, std::vector<float>(all.end() - rows * width, all.end()))
            << sizes.residual << ", " << sizes.skip << ", " << rows << " rows on " << target;
      }
    });
  }
}

TEST(GatedStep, KeepsNaN) {
  Rng rng(10);
  for (const Sizes& sizes : all_sizes()) {
    Block block(sizes, 1, rng);
    block.past.data<float>()[0] = std::numeric_limits<float>::quiet_NaN();
    for_each_target([&](const std::string& target) {
      const std::vector<float> got = block.stepped(cpu_backend(), 0, 1);
      for (std::size_t c = got.size() - static_cast<std::size_t>(block.out); c < got.size(); ++c) {
        EXPECT_TRUE(std::isnan(got[c])) << sizes.residual << " on " << target;
      }
    });
  }
}

}  // namespace
