// What makes these models autoregressive: they cannot see what they are to predict, and they see
// exactly as far back as their layers say.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/generate/models.h"
#include "wavenet/optim/adamw.h"

namespace {

using namespace testing_models;

constexpr std::int64_t kVocabulary = 8;
constexpr std::int64_t kRows = 16;
constexpr std::int64_t kLength = 12;

enum class Target { next, current };

// The mean loss of the last steps of a short training on random tokens, new ones for every step, so
// that there is nothing to learn by heart.
double trained_loss(models::Model& model, Target target) {
  constexpr int kSteps = 300;
  constexpr int kLast = 50;
  Rng rng(5);
  optim::AdamW optimizer(model.parameters(), {});
  model.train();
  double total = 0;
  for (int step = 0; step < kSteps; ++step) {
    std::vector<std::int32_t> tokens;
    std::vector<std::int32_t> targets;
    for (std::int64_t b = 0; b < kRows; ++b) {
      const auto row = sequence(kLength + 1, kVocabulary, rng);
      tokens.insert(tokens.end(), row.begin(), row.end() - 1);
      const std::int64_t ahead = target == Target::next ? 1 : 0;
      targets.insert(targets.end(), row.begin() + ahead, row.end() - 1 + ahead);
    }
    const Tensor logits = model.logits(Tensor::from(tokens, {kRows, kLength}));
    const Tensor loss =
        cross_entropy(reshape(logits, {-1, kVocabulary}), Tensor::from(targets, {kRows * kLength}));
    total += step >= kSteps - kLast ? loss.item() : 0;
    backward(loss);
    optimizer.step(3e-3);
  }
  return total / kLast;
}

std::vector<std::unique_ptr<models::Model>> learners() {
  std::vector<std::unique_ptr<models::Model>> all;
  Rng rng(1);
  all.push_back(std::make_unique<models::WaveNet>(models::WaveNetOptions{.vocabulary = kVocabulary,
                                                                         .embedding = 8,
                                                                         .residual = 16,
                                                                         .skip = 16,
                                                                         .dilations = {1, 2}},
                                                  rng));
  all.push_back(std::make_unique<models::Convolution>(
      models::ConvolutionOptions{kVocabulary, 8, 24, 2, {1, 2}}, rng));
  all.push_back(std::make_unique<models::Tree>(models::TreeOptions{kVocabulary, 4, 8, 24}, rng));
  return all;
}

// The next of random tokens cannot be known: whoever gets below ln V has seen it. The current one
// stands in the input, so the same model gets to zero on it, which shows that the first half of the
// test could fail.
TEST(Autoregression, NoModelPredictsRandomTokensButEachCopiesItsInput) {
  for (const auto& model : learners()) {
    const double loss = trained_loss(*model, Target::next);
    EXPECT_GT(loss, std::log(kVocabulary) - 0.02) << model->kind();
    EXPECT_LT(loss, std::log(kVocabulary) + 0.2) << model->kind();
  }
  for (const auto& model : learners()) {
    EXPECT_LT(trained_loss(*model, Target::current), 0.02) << model->kind();
  }
}

// By gradient, position by position: zero in later tokens and beyond the receptive field, not zero
// in the furthest token of it. Each token stands once, so the embedding's rows are the positions.
TEST(Autoregression, GradientsReachBackExactlyAsFarAsTheReceptiveField) {
  constexpr std::int64_t kTokens = 40;
  for (const auto& model :
       {gated(2, {1, 2, 4, 8}, kTokens), gated(3, {1, 5}, kTokens), gated(5, {2}, kTokens)}) {
    const std::int64_t field = model->receptive_field();
    ASSERT_LT(field, kTokens - 2);
    const Tensor embedding = model->parameters()[0].second;
    std::vector<std::int32_t> tokens(kTokens);
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      tokens[t] = static_cast<std::int32_t>(t);
    }
    for (std::int64_t t = 0; t < kTokens; ++t) {
      const Tensor logits = model->logits(Tensor::from(tokens, {1, kTokens}));
      Rng rng(2);
      backward(index(logits, {{}, {.start = t, .stop = t + 1}}), randn({1, 1, kTokens}, rng));
      const std::vector<float> gradient = grad(embedding).to_vector<float>();
      for (const auto& [name, parameter] : model->parameters()) {
        zero_grad(parameter);
      }
      const auto c = static_cast<std::size_t>(embedding.size(1));
      for (std::int64_t at = 0; at < kTokens; ++at) {
        const auto row =
            gradient.begin() + static_cast<std::ptrdiff_t>(at) * static_cast<std::ptrdiff_t>(c);
        const float most = largest({row, row + static_cast<std::ptrdiff_t>(c)});
        // Token 0 also stands for all that comes before it.
        const bool seen = at <= t && (t - at < field || at == 0);
        if (!seen) {
          EXPECT_EQ(most, 0) << "token " << at << " in output " << t;
        } else if (at == t || t - at == field - 1) {
          EXPECT_GT(most, 0) << "token " << at << " in output " << t;
        }
      }
    }
  }
}

}  // namespace
