// Models for the tests of generation: every kind, with weights that leave nothing at zero, so that
// a wrong tap, bias or statistic shows.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "wavenet/wavenet.h"

namespace testing_models {

using namespace wavenet;

// Random numbers for all that is saved; running variances from 0.5 to 1.5.
inline void randomise(const models::Model& model, std::uint64_t seed) {
  Rng rng(seed);
  for (const auto& [name, tensor] : model.state()) {
    const double fan_in = tensor.rank() == 2 ? static_cast<double>(tensor.size(0)) : 4.0;
    const bool variance = name.ends_with("running_var");
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      float value = 0;
      rng.fill_normal({&value, 1});
      tensor.data<float>()[i] =
          variance ? 0.5F + rng.uniform_float() : value / static_cast<float>(std::sqrt(fan_in));
    }
  }
}

template <class Model, class Options>
std::unique_ptr<models::Model> made(const Options& options) {
  Rng rng(1);
  auto model = std::make_unique<Model>(options, rng);
  randomise(*model, 11);
  model->eval();
  return model;
}

inline std::unique_ptr<models::Model> mlp(std::int64_t block_size) {
  return made<models::Mlp>(models::MlpOptions{13, block_size, 5, 22});
}
inline std::unique_ptr<models::Model> tree(std::int64_t block_size) {
  return made<models::Tree>(models::TreeOptions{13, block_size, 5, 22});
}
inline std::unique_ptr<models::Model> convolution(std::int64_t width,
                                                  const std::vector<std::int64_t>& dilations) {
  return made<models::Convolution>(models::ConvolutionOptions{13, 5, 22, width, dilations});
}
inline std::unique_ptr<models::Model> gated(std::int64_t width,
                                            const std::vector<std::int64_t>& dilations,
                                            std::int64_t vocabulary = 13) {
  return made<models::WaveNet>(models::WaveNetOptions{.vocabulary = vocabulary,
                                                      .embedding = 5,
                                                      .residual = 11,
                                                      .skip = 18,
                                                      .width = width,
                                                      .dilations = dilations,
                                                      .dropout = 0.2});
}

// Fitted to random sequences.
inline std::unique_ptr<models::Model> ngram(std::int64_t order) {
  auto model = std::make_unique<models::Ngram>(13, order);
  Rng rng(4);
  baselines::NgramCounts::Sequences sequences(60);
  for (auto& sequence : sequences) {
    for (std::uint64_t length = 1 + rng.below(9); length > 1; --length) {
      sequence.push_back(static_cast<std::int32_t>(1 + rng.below(3) * rng.below(5)));
    }
    sequence.push_back(0);
  }
  model->fit(sequences);
  model->eval();
  return model;
}

// Token 0 and then random ones, as sequences stand in training.
inline std::vector<std::int32_t> sequence(std::int64_t length, std::int64_t vocabulary, Rng& rng) {
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(length));
  for (std::size_t t = 1; t < tokens.size(); ++t) {
    tokens[t] = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(vocabulary)));
  }
  return tokens;
}

// [T, V], by the model's own forward.
inline std::vector<float> parallel_logits(models::Model& model,
                                          const std::vector<std::int32_t>& tokens) {
  const NoGrad guard;
  return model.logits(Tensor::from(tokens, {1, static_cast<std::int64_t>(tokens.size())}))
      .to_vector<float>();
}

inline float largest(const std::vector<float>& values) {
  float most = 0;
  for (const float value : values) {
    most = std::max(most, std::abs(value));
  }
  return most;
}

// The largest difference, relative to the largest of `expected`.
template <class Values>
float relative_difference(const Values& actual, const std::vector<float>& expected) {
  float most = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    most = std::max(most, std::abs(actual[i] - expected[i]));
  }
  return most / largest(expected);
}

}  // namespace testing_models
