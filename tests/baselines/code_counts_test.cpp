#include "wavenet/baselines/code_counts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "wavenet/base/check.h"

namespace wavenet::baselines {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kFirst{128, 130, 130};
const Bytes kSecond{130};
CodeCounts counts(const std::vector<Codes>& files) { return CodeCounts(files); }

const CodeCounts kKnown = counts({kFirst, kSecond});

TEST(CodeCounts, AreThoseOfTheCodesAndOfPairs) {
  EXPECT_EQ(kKnown.all()[128], 1);
  EXPECT_EQ(kKnown.all()[130], 3);
  EXPECT_EQ(std::accumulate(kKnown.all().begin(), kKnown.all().end(), std::int64_t{0}), 4);
  EXPECT_EQ(kKnown.after(128)[128], 1);
  EXPECT_EQ(kKnown.after(128)[130], 2);
  EXPECT_EQ(kKnown.after(130)[130], 1);
}

TEST(CodeCounts, UnigramAddsOneToEveryCode) {
  // 128 once, 130 three times, of 4 samples.
  const Bytes judged{130, 128, 7};
  EXPECT_DOUBLE_EQ(code_unigram_loss(kKnown, counts({judged})),
                   -(std::log(4.0 / 260) + std::log(2.0 / 260) + std::log(1.0 / 260)) / 3);
  EXPECT_DOUBLE_EQ(code_unigram_loss(counts({}), counts({judged})), std::log(256.0));
}

TEST(CodeCounts, BigramLeansOnTheUnigramAndBeginsInSilence) {
  // After 128: 128 once, 130 twice (each file begins there); after 130: 130 once.
  const Bytes first{130, 130}, second{7, 9};
  const double p = std::log((2 + 4 * 4.0 / 260) / 7) +  // 130 after the silence before the file
                   std::log((1 + 4 * 4.0 / 260) / 5) +  // 130 after 130
                   std::log((4 * 1.0 / 260) / 7) +      // 7 after the silence before the file
                   std::log(1.0 / 260);                 // 9 after 7, which nothing followed
  EXPECT_DOUBLE_EQ(code_bigram_loss(kKnown, counts({first, second})), -p / 4);
}

TEST(CodeCounts, NothingToJudgeIsAnError) {
  EXPECT_THROW(code_unigram_loss(kKnown, counts({})), Error);
  EXPECT_THROW(code_bigram_loss(kKnown, counts({Codes{}})), Error);
}

}  // namespace
}  // namespace wavenet::baselines
