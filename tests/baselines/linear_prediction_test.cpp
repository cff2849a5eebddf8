// Against python/linear_prediction.py, which computes the same from the definition with scipy, and
// against what is known of made-up sound.
#include "wavenet/baselines/linear_prediction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "wavenet/base/check.h"
#include "wavenet/base/split_mix.h"
#include "wavenet/baselines/sound_marks.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {
namespace {

using Bytes = std::vector<std::uint8_t>;

// That of the script.
Bytes signal() {
  Bytes codes;
  std::uint32_t state = 1;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    state = state * 1664525U + 1013904223U;
    const int triangle = std::abs(static_cast<int>(5 * i % 148) - 74);
    const auto noise = static_cast<int>(state >> 24U);
    codes.push_back(static_cast<std::uint8_t>(i < 600   ? 91 + triangle + noise % 7
                                              : i < 700 ? 128
                                                        : noise));
  }
  return codes;
}

LinearPrediction fixed() {
  LinearPrediction::Parameters parameters{.scale = {-0.6, 0.7, -0.1, 0.4, -0.05, -0.07, 0.03},
                                          .mixture = {}};
  for (std::size_t k = 0; k < parameters.mixture.size(); ++k) {
    parameters.mixture[k] = static_cast<double>(k + 1) / 78;
  }
  return LinearPrediction(parameters);
}

std::vector<double> losses_of(const LinearPrediction& coder, Codes file) {
  std::vector<double> nats;
  coder.losses(file, [&](double one) { nats.push_back(one); });
  return nats;
}

TEST(LinearPrediction, EqualsTheDefinitionComputedByScipy) {
  const Bytes codes = signal();
  const std::vector<double> nats = losses_of(fixed(), codes);
  const std::vector<std::pair<std::size_t, double>> expected{
      {0, 7.416199394006},   {1, 5.068160797602},   {16, 3.532916773530},  {100, 3.714207909959},
      {333, 3.044756862757}, {599, 3.178076523568}, {600, 3.237339827167}, {650, 0.906008346254},
      {699, 0.461095366980}, {700, 7.416976014934}, {720, 6.728043318730}, {800, 6.811127539219},
      {999, 5.815846228012}};
  for (const auto& [i, loss] : expected) {
    EXPECT_NEAR(nats[i], loss, 1e-9) << i;
  }
  EXPECT_NEAR(fixed().loss({codes}), 3.821854887376, 1e-9);
}

TEST(LinearPrediction, ProbabilitiesSumToOne) {
  const LinearPrediction coder = fixed();
  LinearPredictor predictor;
  int i = 0;
  for (const std::uint8_t code : signal()) {
    if (i++ % 37 == 0) {
      double sum = 0;
      for (int of = 0; of < sound::kCodes; ++of) {
        const double p = coder.probability(predictor, static_cast<std::uint8_t>(of));
        EXPECT_GT(p, 0);
        sum += p;
      }
      EXPECT_NEAR(sum, 1, 1e-12) << i;
    }
    predictor.push(code);
  }
}

// What is told of a sample rests on the samples before it alone.
TEST(LinearPrediction, NothingRestsOnWhatComesLater) {
  const Bytes codes = signal();
  const std::vector<double> nats = losses_of(fixed(), codes);
  for (const std::size_t cut : {1U, 15U, 16U, 17U, 400U, 805U}) {
    Bytes other = codes;
    for (std::size_t i = cut; i < other.size(); ++i) {
      other[i] = static_cast<std::uint8_t>(255 - codes[i]);
    }
    const std::vector<double> changed = losses_of(fixed(), other);
    for (std::size_t i = 0; i < cut; ++i) {
      ASSERT_EQ(changed[i], nats[i]) << i << " of " << cut;
    }
    EXPECT_NE(changed[cut], nats[cut]);
    // A file cut there costs the same up to the cut.
    const std::vector<double> shorter = losses_of(fixed(), Codes(codes).first(cut));
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), nats.begin()));
  }
}

// About normal, from sums of twelve.
double normal(std::uint64_t i) {
  double sum = -6;
  for (std::uint64_t k = 0; k < 12; ++k) {
    sum += unit_interval(split_mix(7 + (12 * i + k) * kSplitMixStride));
  }
  return sum;
}

double bin(double low, double high) {
  return (std::erf(high / std::sqrt(2.0)) - std::erf(low / std::sqrt(2.0))) / 2;
}

// A resonance whose innovation is normal with the deviation 0.02, and what the one who knows that
// would pay for its codes.
struct Resonance {
  Bytes codes;
  double least = 0;
};

Resonance resonance(std::uint64_t first, std::size_t length) {
  Resonance made;
  double one = 0;
  double two = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const double mean = 1.6 * one - 0.9 * two;
    two = one;
    one = mean + 0.02 * normal(first + i);
    made.codes.push_back(sound::code_of(static_cast<float>(one)));
    const std::uint8_t code = made.codes.back();
    const double low = (static_cast<double>(sound::lower_edge(code)) - mean) / 0.02;
    const auto next = static_cast<std::uint8_t>(code + 1);
    const double high = (static_cast<double>(sound::lower_edge(next)) - mean) / 0.02;
    made.least -= std::log(code == 255 ? 1 : bin(low, high)) / static_cast<double>(length);
  }
  return made;
}

TEST(LinearPrediction, ComesNearToWhatKnowsTheProcess) {
  const Resonance train = resonance(0, 40'000);
  const Resonance val = resonance(1'000'000, 20'000);
  const double loss = LinearPrediction::fit({train.codes}).loss({val.codes});
  EXPECT_GT(loss, val.least);
  // 32 coefficients from 192 levels cost about 32 / 192 of the error's power, and the codes are coarse.
  EXPECT_LT(loss, val.least + 0.25);
  EXPECT_LT(loss, code_bigram_loss(CodeCounts({train.codes}), CodeCounts({val.codes})) - 0.3);
}

TEST(LinearPrediction, TheMixtureIsADistributionWhateverTrainIs) {
  const Bytes silence(5000, sound::kSilence), loud(5000, 255);
  for (const std::vector<Codes>& train : {std::vector<Codes>{silence}, {loud}, {silence, loud}}) {
    const LinearPrediction coder = LinearPrediction::fit(train);
    const auto& mixture = coder.parameters().mixture;
    EXPECT_NEAR(std::accumulate(mixture.begin(), mixture.end(), 0.0), 1, 1e-12);
    EXPECT_LT(coder.loss(train), 1);
    EXPECT_TRUE(std::isfinite(coder.loss({signal()})));
  }
  for (const double nats : losses_of(LinearPrediction::fit({}), signal())) {
    EXPECT_DOUBLE_EQ(nats, std::log(256.0));
  }
  EXPECT_THROW(static_cast<void>(fixed().loss({})), Error);
}

TEST(SoundMarks, AreThoseOfTheCoders) {
  const Bytes train = resonance(0, 5000).codes;
  const Bytes val = signal();
  const Marks marks = sound_marks({train}, CodeCounts({train}), {val});
  EXPECT_EQ(marks.uniform, std::log(256.0));
  EXPECT_EQ(marks.unigram, code_unigram_loss(CodeCounts({train}), CodeCounts({val})));
  EXPECT_EQ(marks.ngram, code_bigram_loss(CodeCounts({train}), CodeCounts({val})));
  EXPECT_EQ(marks.order, 2);
  EXPECT_EQ(marks.linear_prediction, LinearPrediction::fit({train}).loss({val}));
}

}  // namespace
}  // namespace wavenet::baselines
