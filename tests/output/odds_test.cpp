// From logits to the odds that a code is drawn with: closed forms.
#include "wavenet/output/odds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace wavenet::output {
namespace {

// Logits whose softmax is (0.5, 0.25, 0.125, 0.0625, 0.0625).
const std::vector<float> kLogits{3, 2, 1, 0, 0};

std::vector<float> scaled(const std::vector<float>& logits) {
  std::vector<float> result(logits);
  for (float& logit : result) {
    logit *= static_cast<float>(std::log(2.0));
  }
  return result;
}

void expect_odds(const DrawOptions& options, const std::vector<float>& expected) {
  Odds odds(options, 5);
  const auto p = odds(scaled(kLogits));
  ASSERT_EQ(p.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(p[i], expected[i], 1e-6) << i;
  }
}

TEST(Odds, AreTheSoftmaxByDefault) { expect_odds({}, {0.5F, 0.25F, 0.125F, 0.0625F, 0.0625F}); }

TEST(Odds, TemperatureDividesTheLogits) {
  // At temperature 1/2 the odds are squared: 64, 16, 4, 1, 1 of 86.
  expect_odds({.temperature = 0.5}, {64 / 86.0F, 16 / 86.0F, 4 / 86.0F, 1 / 86.0F, 1 / 86.0F});
  expect_odds({.temperature = 1e-300}, {1, 0, 0, 0, 0});
}

TEST(Odds, KeepTheLikeliest) {
  expect_odds({.temperature = 0}, {0.5F, 0, 0, 0, 0});
  expect_odds({.top_k = 1}, {0.5F, 0, 0, 0, 0});
  expect_odds({.top_k = 4}, {0.5F, 0.25F, 0.125F, 0.0625F, 0});
  expect_odds({.top_k = 50}, {0.5F, 0.25F, 0.125F, 0.0625F, 0.0625F});
  expect_odds({.top_p = 0.01}, {0.5F, 0, 0, 0, 0});
  expect_odds({.top_p = 0.6}, {0.5F, 0.25F, 0, 0, 0});
  expect_odds({.top_p = 0.9}, {0.5F, 0.25F, 0.125F, 0.0625F, 0});
  expect_odds({.min_p = 0.24}, {0.5F, 0.25F, 0.125F, 0, 0});
  expect_odds({.min_p = 0.26}, {0.5F, 0.25F, 0, 0, 0});
  expect_odds({.min_p = 1}, {0.5F, 0, 0, 0, 0});
  expect_odds({.top_k = 3, .top_p = 0.99, .min_p = 0.3}, {0.5F, 0.25F, 0, 0, 0});
}

// Of (0.5, 0.25, 0.125) the first has 4/7 = 0.571 and the first two 6/7 = 0.857; of (0.5, 0.25) the
// first has 2/3.
TEST(Odds, MeasureEachShareOnWhatTheOneBeforeKept) {
  expect_odds({.top_p = 0.55}, {0.5F, 0.25F, 0, 0, 0});
  expect_odds({.top_k = 3, .top_p = 0.55}, {0.5F, 0, 0, 0, 0});
  expect_odds({.top_k = 3, .top_p = 0.6}, {0.5F, 0.25F, 0, 0, 0});
  expect_odds({.top_k = 3, .top_p = 0.85}, {0.5F, 0.25F, 0, 0, 0});
  expect_odds({.top_k = 3, .top_p = 0.87}, {0.5F, 0.25F, 0.125F, 0, 0});
  expect_odds({.top_k = 2, .top_p = 0.66}, {0.5F, 0, 0, 0, 0});
  expect_odds({.top_k = 2, .top_p = 0.67}, {0.5F, 0.25F, 0, 0, 0});
  // At temperature 1/2: 64, 16, 4, 1, 1 of 86. Of the first two the first has 0.8.
  expect_odds({.temperature = 0.5, .top_k = 2, .top_p = 0.79}, {64 / 86.0F, 0, 0, 0, 0});
  expect_odds({.temperature = 0.5, .top_k = 2, .top_p = 0.81}, {64 / 86.0F, 16 / 86.0F, 0, 0, 0});
  expect_odds({.top_p = 1e-320}, {0.5F, 0, 0, 0, 0});
}

// Filters one after the other, each renormalising what it leaves, as chains of logits warpers do.
std::vector<double> chained(std::vector<double> p, const DrawOptions& options) {
  const auto filter = [&](const auto& keeps) {
    std::vector<double> left(p.size());
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      left[i] = keeps(i) ? p[i] : 0;
      sum += left[i];
    }
    for (double& value : left) {
      value /= sum;
    }
    p = left;
  };
  const auto likelier_than = [&](std::size_t i, const auto& add) {  // over those before i
    double total = 0;
    for (std::size_t j = 0; j < p.size(); ++j) {
      total += p[j] > p[i] || (p[j] == p[i] && j < i) ? add(j) : 0;
    }
    return total;
  };
  filter([&](std::size_t i) {
    return options.top_k == 0 ||
           likelier_than(i, [](std::size_t) { return 1.0; }) < static_cast<double>(options.top_k);
  });
  filter([&](std::size_t i) {
    return options.top_p == 1 ||
           likelier_than(i, [&](std::size_t j) { return p[j]; }) < options.top_p;
  });
  const double largest = *std::max_element(p.begin(), p.end());
  filter([&](std::size_t i) { return p[i] >= options.min_p * largest; });
  return p;
}

TEST(Odds, KeepWhatAChainOfFiltersKeeps) {
  Rng rng(11);
  for (int i = 0; i < 2000; ++i) {
    std::vector<float> logits(3 + rng.below(20));
    rng.fill_normal(std::span<float>(logits));
    const DrawOptions options{.top_k = static_cast<std::int64_t>(rng.below(8)),
                              .top_p = 0.05 + 0.95 * rng.uniform_double(),
                              .min_p = rng.below(2) == 0 ? 0 : 0.5 * rng.uniform_double()};
    Odds all({}, std::ssize(logits));
    const auto whole = all(logits);
    const std::vector<double> expected = chained({whole.begin(), whole.end()}, options);
    Odds odds(options, std::ssize(logits));
    const auto got = odds(logits);
    for (std::size_t v = 0; v < logits.size(); ++v) {
      EXPECT_EQ(got[v], expected[v] > 0 ? whole[v] : 0) << "case " << i << ", token " << v;
    }
  }
}

TEST(Odds, RefuseWhatGivesNone) {
  for (const DrawOptions& options :
       {DrawOptions{.temperature = -0.1}, DrawOptions{.temperature = std::nan("")},
        DrawOptions{.top_k = -1}, DrawOptions{.top_p = 0}, DrawOptions{.top_p = 1.01},
        DrawOptions{.min_p = -0.1}, DrawOptions{.min_p = 1.1}}) {
    EXPECT_THROW(Odds(options, 5), UsageError);
  }
  Odds odds({}, 3);
  EXPECT_THROW(odds(std::vector<float>{0, std::nanf(""), 0}), Error);
  EXPECT_THROW(odds(std::vector<float>{0, 0}), Error);
}

// Multiples of 1/64, whose sums are exact in any order: class k has the numbers from (what comes
// before it) / total up to (that and its own) / total.
TEST(Pick, FollowsTheCumulativeSumOverManyClasses) {
  Rng rng(12);
  for (const int classes : {1, 15, 16, 17, 32, 33, 255, 256, 300}) {
    std::vector<float> p(static_cast<std::size_t>(classes));
    double total = 0;
    for (float& each : p) {
      each = static_cast<float>(rng.below(5)) / 64;
      total += static_cast<double>(each);
    }
    p[p.size() / 2] += 1 / 64.0F;
    total += 1 / 64.0;
    double before = 0;
    for (std::size_t k = 0; k < p.size(); before += static_cast<double>(p[k++])) {
      if (p[k] > 0) {
        const double middle = before + static_cast<double>(p[k]) / 2;
        EXPECT_EQ(pick(p, middle / total), static_cast<std::int32_t>(k)) << classes;
      }
    }
  }
}

// In a row of many blocks the last that is possible stands in front of blocks of zeros.
TEST(Pick, EndsWithTheLastThatIsPossible) {
  std::vector<float> p(256);
  p[3] = 0.1F;
  p[70] = 0.2F;
  EXPECT_EQ(pick(p, 0x1.fffffffffffffp-1), 70);
  EXPECT_EQ(pick(p, 0), 3);
  EXPECT_EQ(pick(p, 1.5), 70);  // beyond the sum, as rounding may leave it
}

TEST(Pick, FollowsTheCumulativeSum) {
  const std::vector<float> p{0, 0.25F, 0, 0.5F, 0};  // need not sum to 1
  EXPECT_EQ(pick(p, 0), 1);
  EXPECT_EQ(pick(p, 0.333), 1);
  EXPECT_EQ(pick(p, 0.334), 3);
  EXPECT_EQ(pick(p, 0x1.fffffffffffffp-1), 3);
}

}  // namespace
}  // namespace wavenet::output
