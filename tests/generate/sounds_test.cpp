// Sounds: side by side as alone, after a prime as the whole model says, by the odds of the model.
#include "wavenet/generate/sounds.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "tests/generate/models.h"

namespace {

using namespace testing_models;
using Codes = std::vector<std::uint8_t>;

constexpr std::int32_t kSilence = 128;

std::unique_ptr<models::Model> of_sound(std::int64_t width, std::vector<std::int64_t> dilations) {
  auto model = gated(width, dilations, 256);
  model->begin_after(kSilence);
  return model;
}

Codes some_codes(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  Codes codes(count);
  for (std::uint8_t& code : codes) {
    code = static_cast<std::uint8_t>(rng.below(256));
  }
  return codes;
}

Codes made(generate::Sounds& sounds, std::size_t length) {
  Codes block(static_cast<std::size_t>(sounds.count()) * length);
  sounds.make(block);
  return block;
}

// The likeliest code after silence and `codes`, by a whole forward pass.
std::uint8_t likeliest_after(models::Model& model, const Codes& codes) {
  std::vector<std::int32_t> tokens{kSilence};
  tokens.insert(tokens.end(), codes.begin(), codes.end());
  const std::vector<float> logits = parallel_logits(model, tokens);
  return static_cast<std::uint8_t>(std::max_element(logits.end() - 256, logits.end()) -
                                   (logits.end() - 256));
}

TEST(Sounds, AreTheSameAloneAndSideBySide) {
  const auto model = of_sound(2, {1, 2, 4, 1, 2, 4});
  constexpr std::size_t kSamplesMade = 300;
  generate::Sounds all(*model, {.temperature = 0.9, .top_p = 0.95}, 7, 5);
  const Codes together = made(all, kSamplesMade);
  for (std::size_t i = 0; i < 5; ++i) {
    generate::Sounds one(*model, {.temperature = 0.9, .top_p = 0.95}, 7, 1, i);
    const Codes alone = made(one, kSamplesMade);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(),
                           together.begin() + static_cast<std::ptrdiff_t>(i * kSamplesMade)))
        << i;
    for (std::size_t other = 0; other < i; ++other) {  // or one sound would be all of them
      EXPECT_FALSE(std::equal(alone.begin(), alone.end(),
                              together.begin() + static_cast<std::ptrdiff_t>(other * kSamplesMade)))
          << i << ", " << other;
    }
  }
  generate::Sounds other(*model, {.temperature = 0.9, .top_p = 0.95}, 8, 5);
  EXPECT_NE(made(other, kSamplesMade), together);
}

TEST(Sounds, BlocksOfAnySizeGiveTheSameCodes) {
  const auto model = of_sound(2, {1, 2, 4});
  generate::Sounds whole(*model, {}, 3, 2);
  const Codes expected = made(whole, 60);
  generate::Sounds pieces(*model, {}, 3, 2);
  std::vector<Codes> sounds(2);
  for (const std::size_t length : {1U, 7U, 0U, 52U}) {
    const Codes block = made(pieces, length);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto from = block.begin() + static_cast<std::ptrdiff_t>(i * length);
      sounds[i].insert(sounds[i].end(), from, from + static_cast<std::ptrdiff_t>(length));
    }
  }
  sounds[0].insert(sounds[0].end(), sounds[1].begin(), sounds[1].end());
  EXPECT_EQ(sounds[0], expected);
}

// Primes shorter than the field, as long and longer, each against the whole model on all of it.
TEST(Sounds, GoOnFromAPrimeAsTheWholeModelWould) {
  for (const auto& model : {of_sound(2, {1, 2, 4, 8}), of_sound(3, {1, 3})}) {
    const auto field = static_cast<std::size_t>(model->receptive_field());
    generate::Sounds sounds(*model, {.temperature = 0}, 1, 3);
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{1}, field - 1, field, field + 1, 4 * field}) {
      Codes heard = some_codes(length, length);
      sounds.prime(heard);
      for (int t = 0; t < 40; ++t) {
        const std::uint8_t expected = likeliest_after(*model, heard);
        for (const std::uint8_t code : sounds.next()) {
          ASSERT_EQ(code, expected) << model->kind() << ", prime of " << length << ", code " << t;
        }
        heard.push_back(expected);
      }
    }
  }
}

TEST(Sounds, APrimeBeginsThemAnew) {
  const auto model = of_sound(2, {1, 2, 4});
  generate::Sounds sounds(*model, {}, 5, 2);
  const Codes cold = made(sounds, 50);
  const Codes heard = some_codes(20, 1);
  sounds.prime(heard);
  const Codes after = made(sounds, 50);
  EXPECT_NE(after, cold);
  sounds.prime(heard);
  EXPECT_EQ(made(sounds, 50), after);
  sounds.prime({});
  EXPECT_EQ(made(sounds, 50), cold);
}

// 8 million codes before the eight that count.
TEST(Sounds, ALongPrimeCostsNoMoreThanTheField) {
  const auto model = of_sound(2, {1, 2, 3});
  generate::Sounds sounds(*model, {}, 1);
  const Codes heard = some_codes(8'000'000, 2);
  const auto seconds_of = [&](std::span<const std::uint8_t> codes) {
    const auto start = std::chrono::steady_clock::now();
    sounds.prime(codes);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double few = seconds_of(std::span(heard).last(8));
  EXPECT_LT(seconds_of(heard), 1000 * few);
}

// A model that knows the odds of codes and nothing of what came before draws each as often as they
// say: within five standard deviations.
TEST(Sounds, AreDrawnByTheModelsOdds) {
  const auto model = of_sound(2, {1});
  std::vector<double> odds(256);
  for (const auto& [name, tensor] : model->parameters()) {
    if (name == "head.weight") {
      std::fill_n(tensor.data<float>(), tensor.numel(), 0.0F);
    } else if (name == "head.bias") {
      for (std::size_t v = 0; v < odds.size(); ++v) {
        odds[v] = (v % 5 == 0 ? 8.0 : 1.0) / (52 * 8 + 204);
        tensor.data<float>()[v] = static_cast<float>(std::log(odds[v]));
      }
    }
  }
  generate::Sounds sounds(*model, {}, 9, 4);
  const Codes codes = made(sounds, 50'000);
  std::vector<double> counts(256);
  for (const std::uint8_t code : codes) {
    ++counts[code];
  }
  const auto n = static_cast<double>(codes.size());
  for (std::size_t v = 0; v < odds.size(); ++v) {
    EXPECT_NEAR(counts[v], n * odds[v], 5 * std::sqrt(n * odds[v] * (1 - odds[v]))) << v;
  }
}

TEST(Sounds, RefuseWhatMakesNoSense) {
  const auto model = of_sound(2, {1});
  EXPECT_THROW(generate::Sounds(*model, {.temperature = -1}, 1), UsageError);
  EXPECT_THROW(generate::Sounds(*model, {}, 1, 0), Error);
  EXPECT_THROW(generate::Sounds(*gated(2, {1}, 257), {}, 1), Error);
  generate::Sounds sounds(*model, {}, 1, 3);
  Codes block(7);
  EXPECT_THROW(sounds.make(block), Error);
  const auto small = gated(2, {1}, 13);
  EXPECT_THROW(generate::Sounds(*small, {}, 1).prime(Codes{13}), Error);
}

}  // namespace
