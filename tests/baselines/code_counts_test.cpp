#include "wavenet/baselines/code_counts.h"

#include <gtest/gtest.h>

#include <cmath>

#include "wavenet/base/check.h"

namespace wavenet::baselines {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kFirst{128, 130, 130};
const Bytes kSecond{130};
const std::vector<Codes> kTrain{kFirst, kSecond};

TEST(CodeCounts, UnigramAddsOneToEveryCode) {
  // 128 once, 130 three times, of 4 samples.
  const Bytes judged{130, 128, 7};
  EXPECT_DOUBLE_EQ(code_unigram_loss(kTrain, {judged}),
                   -(std::log(4.0 / 260) + std::log(2.0 / 260) + std::log(1.0 / 260)) / 3);
  EXPECT_DOUBLE_EQ(code_unigram_loss({}, {judged}), std::log(256.0));
}

TEST(CodeCounts, BigramLeansOnTheUnigramAndBeginsInSilence) {
  // After 128: 128 once, 130 twice (each file begins there); after 130: 130 once.
  const Bytes first{130, 130}, second{7, 9};
  const double p = std::log((2 + 4 * 4.0 / 260) / 7) +  // 130 after the silence before the file
                   std::log((1 + 4 * 4.0 / 260) / 5) +  // 130 after 130
                   std::log((4 * 1.0 / 260) / 7) +      // 7 after the silence before the file
                   std::log(1.0 / 260);                 // 9 after 7, which nothing followed
  EXPECT_DOUBLE_EQ(code_bigram_loss(kTrain, {first, second}), -p / 4);
}

TEST(CodeCounts, NothingToJudgeIsAnError) {
  EXPECT_THROW(code_unigram_loss(kTrain, {}), Error);
  EXPECT_THROW(code_bigram_loss(kTrain, {Codes{}}), Error);
}

}  // namespace
}  // namespace wavenet::baselines
