// What the readers of each architecture share. Only they use it.
//
//   WaveNet net = wavenet_of(file.at("config"), reading);   // its weights still to be set
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wavenet/nam/model.h"
#include "wavenet/nam/place.h"

namespace wavenet::nam {

inline constexpr std::int64_t kMostChannels = 4096;
inline constexpr std::int64_t kMostTaps = 65'536;
inline constexpr std::int64_t kMostDilation = std::int64_t{1} << 20;
inline constexpr std::int64_t kMostHistory = std::int64_t{1} << 24;  // numbers kept of the past
inline constexpr std::size_t kMostLayers = 4096;                     // in the file
inline constexpr std::size_t kMostModels = 256;                      // in the file
inline constexpr std::size_t kMostNested = 8;                        // models inside one another

// What one file has left of the bounds, and what there is to say of it.
struct Reading {
  std::vector<std::string>* notes = nullptr;
  std::size_t layers = kMostLayers;
  std::size_t models = kMostModels;
  std::int64_t history = kMostHistory;
  std::size_t nested = 0;

  void note(const Place& place, std::string_view predicate);
  void take_layers(const Place& place, std::size_t count);
  // Refuses groups that do not divide and counts what the convolution keeps of the past.
  void take(const Place& place, const Convolution& conv);
};

Model model_of(const Place& place, Reading& reading);

// Each reads a config; vectors of weights stay empty.
WaveNet wavenet_of(const Place& config, Reading& reading);
Lstm lstm_of(const Place& config, Reading& reading);
ConvNet convnet_of(const Place& config, Reading& reading);

Activation activation_of(const Place& place, Reading& reading);
// Refuses slopes of which there is neither one nor one for each of `width` channels.
void require_width(const Place& place, const Activation& activation, std::int64_t width);

std::vector<std::int64_t> integers_of(const Place& place, std::int64_t most);

}  // namespace wavenet::nam
