// A trained amplifier as a .nam file: what a player makes of it is what the model answers, at the
// amplifier's own level.
#include "wavenet/run/nam_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/split_mix.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/write.h"
#include "wavenet/play/player.h"

namespace wavenet::run {
namespace {

constexpr std::int64_t kRate = 44'100;
constexpr double kScale = 0.25;

State amplifier(const std::string& shape) {
  Config recipe =
      Config::parse(R"({"model": {"kind": "amplifier", "output": "waveform"}})", "test");
  recipe.set("model.shape=" + shape);
  Rng rng(7);
  State state{{.recipe = recipe, .codec = std::make_shared<data::SampleCodec>(kRate, kScale)},
              nullptr};
  state.model = models::build(recipe, codes_of(*state.saved.codec), rng);
  return state;
}

std::vector<float> noise(std::size_t count) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back(static_cast<float>(unit_interval(split_mix(i)) - 0.5));
  }
  return samples;
}

// By the model itself, from silence on; net `net` of those side by side.
std::vector<double> answers(const State& state, const std::vector<float>& in, std::int64_t net) {
  const NoGrad guard;
  const auto count = static_cast<std::int64_t>(in.size());
  const Tensor raw = state.model->raw({.x = Tensor::from(in, {1, count})});
  const std::vector<float> all = raw.to_vector<float>();
  std::vector<double> some;
  for (std::int64_t t = 0; t < count; ++t) {
    some.push_back(static_cast<double>(all[static_cast<std::size_t>(t * raw.size(2) + net)]) /
                   kScale);
  }
  return some;
}

void expect_played(const nam::Model& model, double size, const std::vector<float>& in,
                   const std::vector<double>& expected) {
  std::vector<float> out(in.size());
  play::Player::of(model, {.size = size})->process(in, out);
  double largest = 0;
  double apart = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    apart = std::max(apart, std::abs(expected[i] - static_cast<double>(out[i])));
  }
  EXPECT_GT(largest, 0);
  EXPECT_LT(apart, 1e-5 * largest);
}

TEST(NamFile, PlaysWhatTheModelAnswers) {
  const State state = amplifier("nano");
  const std::vector<float> in = noise(6000);
  const std::optional<nam::Model> model = as_nam(state);
  ASSERT_TRUE(model);
  const nam::Model read = nam::parse(nam::text_of(*model), "nano.nam");
  EXPECT_EQ(read.sample_rate, kRate);
  EXPECT_FALSE(read.metadata.loudness);
  expect_played(read, 1, in, answers(state, in, 0));
}

TEST(NamFile, HoldsTheNetsOfAnA2RunByTheirSize) {
  const State state = amplifier("a2");
  const std::vector<float> in = noise(7000);
  const nam::Model read = nam::parse(nam::text_of(*as_nam(state)), "a2.nam");
  expect_played(read, 0.2, in, answers(state, in, 0));
  expect_played(read, 1, in, answers(state, in, 1));
}

TEST(NamFile, HasDateErrorAndLoudness) {
  State state = amplifier("nano");
  state.saved.best.loss = 0.0125;
  const std::vector<float> in = noise(2000);
  const std::optional<nam::Model> model = as_nam(state, {.date = 1'000'000'000, .noise = in});
  const auto metadata = nlohmann::json::parse(nam::text_of(*model)).at("metadata");
  EXPECT_EQ(metadata["date"]["year"], 2001);  // 2001-09-09, 01:46:40 UTC
  EXPECT_EQ(metadata["date"]["second"], 40);
  EXPECT_DOUBLE_EQ(metadata["training"]["validation_esr"].get<double>(), 0.0125);
  EXPECT_TRUE(metadata["loudness"].is_number());
  EXPECT_GE(metadata["gain"].get<double>(), 0);
}

TEST(NamFile, IsOfAmplifiersAlone) {
  Rng rng(7);
  const Config recipe = Config::parse(
      R"({"model": {"kind": "mlp", "block_size": 3, "embedding": 2, "hidden": 4}})", "test");
  State state{{.recipe = recipe, .codec = std::make_shared<data::SampleCodec>(kRate)}, nullptr};
  state.model = models::build(recipe, 27, rng);
  EXPECT_FALSE(as_nam(state));
}

}  // namespace
}  // namespace wavenet::run
