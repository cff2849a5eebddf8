// What files call things.
//
//   name_of(Function::silu)   // "SiLU"
//   kFilmKeys[static_cast<std::size_t>(FilmPlace::conv_before)]   // "conv_pre_film"
#pragma once

#include <array>
#include <string_view>

#include "wavenet/nam/model.h"

namespace wavenet::nam {

// By Function.
inline constexpr std::array<std::string_view, 11> kFunctionNames{
    "Tanh",      "Fasttanh", "Hardtanh",  "ReLU",  "Sigmoid",      "SiLU",
    "Hardswish", "Softsign", "LeakyReLU", "PReLU", "LeakyHardtanh"};

// By FilmPlace.
inline constexpr std::array<std::string_view, kFilmPlaces> kFilmKeys{
    "conv_pre_film",       "conv_post_film",       "input_mixin_pre_film", "input_mixin_post_film",
    "activation_pre_film", "activation_post_film", "layer1x1_post_film",   "head1x1_post_film"};

// By Gating.
inline constexpr std::array<std::string_view, 3> kGatingNames{"none", "gated", "blended"};

// By the alternatives of Model::net.
inline constexpr std::array<std::string_view, 6> kArchitectures{
    "WaveNet", "LSTM", "ConvNet", "Linear", "SlimmableContainer", "Sequential"};

inline constexpr std::string_view kSlicing = "slice_channels_uniform";

template <class Enum, std::size_t n>
constexpr std::string_view name_in(const std::array<std::string_view, n>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

inline std::string_view name_of(Function function) { return name_in(kFunctionNames, function); }
inline std::string_view name_of(Gating gating) { return name_in(kGatingNames, gating); }
inline std::string_view architecture_of(const Model& model) {
  return kArchitectures[model.net.index()];
}

}  // namespace wavenet::nam
