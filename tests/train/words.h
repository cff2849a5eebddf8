// What the tests of training work on: made-up words, and small models.
#pragma once

#include "wavenet/wavenet.h"

namespace wavenet::train {

inline constexpr std::int64_t kVocabulary = 11;

// 1 to `longest` characters and the end marker.
inline std::vector<data::Sequence> made_up_words(std::size_t count, std::uint64_t longest,
                                                 std::uint64_t seed = 9) {
  Rng rng(seed);
  std::vector<data::Sequence> words(count);
  for (data::Sequence& word : words) {
    word.resize(1 + rng.below(longest));
    for (std::int32_t& token : word) {
      token = static_cast<std::int32_t>(1 + rng.below(kVocabulary - 1));
    }
    word.push_back(0);
  }
  return words;
}

inline models::WaveNet small_wavenet(double dropout = 0, std::uint64_t seed = 4) {
  Rng rng(seed);
  return {{.vocabulary = kVocabulary,
           .embedding = 6,
           .residual = 8,
           .skip = 12,
           .dilations = {1, 2, 4},
           .dropout = dropout},
          rng};
}

// Random numbers in place of the zeros that a model starts with, so that it has an opinion.
inline void randomise(const nn::Module& model, std::uint64_t seed = 8) {
  Rng rng(seed);
  for (const auto& [name, tensor] : model.parameters()) {
    rng.fill_normal(std::span(tensor.data<float>(), static_cast<std::size_t>(tensor.numel())));
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      tensor.data<float>()[i] *= 0.4F;
    }
  }
}

using Values = std::map<std::string, std::vector<float>>;

inline Values values_of(const nn::NamedTensors& tensors) {
  Values values;
  for (const auto& [name, tensor] : tensors) {
    values[name] = tensor.to_vector<float>();
  }
  return values;
}

}  // namespace wavenet::train
