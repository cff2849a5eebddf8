// Models of sound for tests through the program, and sounds for them.
#pragma once

#include <cmath>
#include <numbers>

#include "tests/program/made_up.h"
#include "wavenet/data/audio/mu_law.h"
#include "wavenet/models/model.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/write.h"
#include "wavenet/train/checkpoint.h"

namespace program {

using namespace wavenet;

inline constexpr std::int64_t kRate = 8000;

// Of amplitude 0.5, begun near its top, so that no sample is 0; as a file of 16 bits holds it.
inline std::vector<float> sine(double hertz, double seconds, std::int64_t rate = kRate) {
  std::vector<float> samples;
  const auto count = std::llround(seconds * static_cast<double>(rate));
  for (std::int64_t t = 0; t < count; ++t) {
    const double turns = hertz * static_cast<double>(t) / static_cast<double>(rate);
    const double level = 0.5 * std::cos(2 * std::numbers::pi * turns + 0.05);
    samples.push_back(static_cast<float>(std::round(32'768 * level) / 32'768));
  }
  return samples;
}

inline std::vector<std::int32_t> codes_of(const std::vector<float>& samples) {
  std::vector<std::int32_t> codes;
  for (const float sample : samples) {
    codes.push_back(sound::code_of(sample));
  }
  return codes;
}

inline void write_model(const std::string& path, const Config& recipe, const models::Model& model) {
  train::Checkpoint saved{.recipe = recipe, .codec = std::make_shared<const data::MuLaw>(kRate)};
  for (const auto& [name, tensor] : model.state()) {
    saved.tensors.emplace(name, tensor);
  }
  train::write_checkpoint(path, saved);
}

// Knows by heart what follows three samples of `samples`.
inline void write_model_of(const std::string& path, const std::vector<float>& samples) {
  const Config recipe = Config::parse(R"({"model": {"kind": "ngram", "order": 4}})", "recipe");
  Rng rng;
  const auto model = models::build(recipe, {sound::kCodes, sound::kSilence}, rng);
  model->fit({codes_of(samples)});
  write_model(path, recipe, *model);
}

// A WaveNet that looks back 16 samples, its weights as they come.
inline void write_wavenet_of_sound(const std::string& path, std::uint64_t seed = 1) {
  const Config recipe = Config::parse(
      R"({"model": {"kind": "wavenet", "embedding": 8, "residual": 12, "skip": 16,
                    "dilations": [1, 2, 4, 7]}})",
      "recipe");
  Rng rng(seed);
  const auto model = models::build(recipe, {sound::kCodes, sound::kSilence}, rng);
  for (const auto& [name, tensor] : model->parameters()) {
    if (name.starts_with("head.")) {  // begun as zeros
      rng.fill_normal({tensor.data<float>(), static_cast<std::size_t>(tensor.numel())});
    }
  }
  write_model(path, recipe, *model);
}

}  // namespace program
