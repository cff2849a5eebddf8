// The loss of a sound over time: means of hundredths of a second, by hand.
#include "wavenet/run/loss_curve.h"

#include <gtest/gtest.h>

#include <numeric>

#include "wavenet/train/evaluate.h"

namespace wavenet::run {
namespace {

// Losses 0, 1, 2, ...
std::vector<LossCurve::Piece> curve_of(std::int64_t rate, int samples) {
  LossCurve curve(rate);
  for (int i = 0; i < samples; ++i) {
    curve.add(i);
  }
  curve.finish();
  return curve.pieces();
}

TEST(LossCurve, IsTheMeanOfEachHundredth) {
  const auto pieces = curve_of(8000, 250);
  ASSERT_EQ(pieces.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(pieces[i].seconds, 0.01 * static_cast<double>(i));
    EXPECT_DOUBLE_EQ(pieces[i].loss, 80 * static_cast<double>(i) + 39.5);
  }
  EXPECT_DOUBLE_EQ(pieces[3].loss, 244.5);  // of 240 to 249
}

// 110.25 samples a piece: borders at 110, 220, 330, 441.
TEST(LossCurve, OfARateThatHundredthsDoNotDivideKeepsUp) {
  const auto pieces = curve_of(11'025, 441);
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_DOUBLE_EQ(pieces[3].seconds, 330.0 / 11'025);
  EXPECT_DOUBLE_EQ(pieces[3].loss, 385);
}

TEST(LossCurve, HasNoPieceShorterThanASample) {
  const auto pieces = curve_of(40, 5);
  ASSERT_EQ(pieces.size(), 5U);
  EXPECT_DOUBLE_EQ(pieces[4].seconds, 0.1);
  EXPECT_DOUBLE_EQ(pieces[4].loss, 4);
  EXPECT_TRUE(curve_of(8000, 0).empty());
}

TEST(SoundLoss, IsThatOfEveryCode) {
  const Config recipe = Config::parse(
      R"({"model": {"kind": "wavenet", "embedding": 4, "residual": 6, "skip": 8,
                    "dilations": [1, 2, 4]}})",
      "recipe");
  Rng rng(1);
  const auto model = models::build(recipe, {256, 128}, rng);
  std::vector<std::uint8_t> codes(5000);
  std::iota(codes.begin(), codes.end(), std::uint8_t{0});
  const std::vector<double> all = train::losses(*model, data::Sequence(codes.begin(), codes.end()));
  double done = 0;
  const SoundLoss loss = sound_loss(*model, codes, 8000, 2, [&](double share) { done = share; });
  EXPECT_EQ(loss.score.weight, 5000);
  EXPECT_NEAR(loss.score.sum, std::accumulate(all.begin(), all.end(), 0.0), 1e-4);
  EXPECT_DOUBLE_EQ(done, 1);
  ASSERT_EQ(loss.curve.size(), 63U);
  EXPECT_NEAR(loss.curve[1].loss, std::accumulate(all.begin() + 80, all.begin() + 160, 0.0) / 80,
              1e-5);
}

}  // namespace
}  // namespace wavenet::run
