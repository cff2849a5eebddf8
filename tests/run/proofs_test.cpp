// The proofs of a file of sound: each passes where it should and fails for the fault it is there for.
#include "wavenet/run/proofs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "wavenet/data/audio/mu_law.h"
#include "wavenet/data/text/vocabulary.h"

namespace {

using namespace wavenet;

train::Checkpoint of_rate(std::int64_t rate, const std::string& recipe) {
  return {.recipe = Config::parse(recipe, "recipe"),
          .codec = std::make_shared<const data::MuLaw>(rate)};
}

TEST(Proofs, TheCodecSurvives) {
  const generate::Proof proof = run::verify_codec();
  EXPECT_TRUE(proof.ok) << proof.detail;
  EXPECT_NE(proof.detail.find("all 256 codes"), std::string::npos);
}

// As decoders of other programs: with mu 256, and with samples of 8 bits.
TEST(Proofs, CatchADecoderThatIsNotTheCodersInverse) {
  const generate::Proof other = run::verify_codec([](std::uint8_t code) {
    const double y = 2 * static_cast<double>(code) / 256 - 1;
    return static_cast<float>(std::copysign((std::pow(257, std::abs(y)) - 1) / 256, y));
  });
  EXPECT_FALSE(other.ok);
  EXPECT_NE(other.detail.find("is coded again as"), std::string::npos) << other.detail;
  EXPECT_FALSE(run::verify_codec([](std::uint8_t code) {
                 return std::round(sound::level_of(code) * 128) / 128;
               }).ok);
}

TEST(Proofs, TheRateIsTheRecipes) {
  const generate::Proof own = run::verify_rate(of_rate(8000, "{}"));
  EXPECT_TRUE(own.ok);
  EXPECT_EQ(own.detail, "8000 samples a second in the file");
  EXPECT_TRUE(run::verify_rate(of_rate(8000, R"({"data": {"sample_rate": 8000}})")).ok);
  const generate::Proof other =
      run::verify_rate(of_rate(8000, R"({"data": {"sample_rate": 16000}})"));
  EXPECT_FALSE(other.ok);
  EXPECT_NE(other.detail.find("16000 by the recipe's data.sample_rate"), std::string::npos);
  train::Checkpoint words = of_rate(8000, "{}");
  words.codec = std::make_shared<const data::Vocabulary>(std::vector<std::u32string>{U"ab"});
  EXPECT_THROW(run::verify_rate(words), Error);
}

}  // namespace
