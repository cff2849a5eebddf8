#include "wavenet/nam/reading.h"

#include <algorithm>

#include "wavenet/base/check.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/utf8.h"
#include "wavenet/nam/names.h"

namespace wavenet::nam {
namespace {

Function function_of(const Place& place) {
  const std::string& name = place.text();
  if (name == "LeakyHardTanh") {  // another spelling of the same
    return Function::leaky_hard_tanh;
  }
  const auto found = std::find(kFunctionNames.begin(), kFunctionNames.end(), name);
  if (found == kFunctionNames.end()) {
    const std::vector<std::string> known(kFunctionNames.begin(), kFunctionNames.end());
    place.refuse(fmt::format("names an unknown activation '{}'{}", excerpt(name),
                             nearest_hint(name, known)));
  }
  return static_cast<Function>(found - kFunctionNames.begin());
}

float single_or(const Place& place, std::string_view key, float otherwise) {
  const std::optional<Place> found = place.find(key);
  return found ? found->single() : otherwise;
}

std::vector<float> slopes_of(const Place& place) {
  const std::optional<Place> several = place.find("negative_slopes");
  if (!several) {
    return {single_or(place, "negative_slope", 0.01F)};
  }
  std::vector<float> slopes;
  for (const Place& slope : several->list(static_cast<std::size_t>(kMostChannels))) {
    slopes.push_back(slope.single());
  }
  return slopes;
}

}  // namespace

void Reading::note(const Place& place, std::string_view predicate) {
  if (notes != nullptr) {
    notes->push_back(fmt::format("{}: {} {}", place.file(), place.path(), predicate));
  }
}

void Reading::take_layers(const Place& place, std::size_t count) {
  if (count > layers) {
    place.refuse(fmt::format("brings the file beyond {} layers", kMostLayers));
  }
  layers -= count;
}

void Reading::take(const Place& place, const Convolution& conv) {
  if (conv.in % conv.groups != 0 || conv.out % conv.groups != 0) {
    place.refuse(fmt::format("asks for {} groups, which do not divide {} channels into {}",
                             conv.groups, conv.in, conv.out));
  }
  const std::int64_t past = (conv.kernel - 1) * conv.dilation;  // below 2^36
  if (past * conv.in > history) {
    place.refuse(
        fmt::format("brings the file beyond {} numbers kept of the past: {} taps, {} "
                    "apart, of {} channels",
                    kMostHistory, conv.kernel, conv.dilation, conv.in));
  }
  history -= past * conv.in;
}

Activation activation_of(const Place& place, Reading& reading) {
  if (!place.is_text() && !place.is_object()) {
    place.must_be("the name of an activation or an object with its type");
  }
  Activation activation;
  activation.function = function_of(place.is_text() ? place : place.at("type"));
  const auto float_at = [&](std::string_view key, float otherwise) {
    return place.is_text() ? otherwise : single_or(place, key, otherwise);
  };
  switch (activation.function) {
    case Function::leaky_relu:
      activation.slopes = {float_at("negative_slope", 0.01F)};
      break;
    case Function::prelu:
      activation.slopes = place.is_text() ? std::vector<float>{0.01F} : slopes_of(place);
      break;
    case Function::leaky_hard_tanh:
      activation.least = float_at("min_val", activation.least);
      activation.most = float_at("max_val", activation.most);
      activation.slope_below = float_at("min_slope", activation.slope_below);
      activation.slope_above = float_at("max_slope", activation.slope_above);
      break;
    case Function::hard_tanh:
      if (float_at("min_val", -1) != -1 || float_at("max_val", 1) != 1) {
        reading.note(place,
                     fmt::format("asks for Hardtanh between {} and {}; it is played between -1 "
                                 "and 1, as other players do",
                                 float_at("min_val", -1), float_at("max_val", 1)));
      }
      break;
    default:
      break;
  }
  return activation;
}

void require_width(const Place& place, const Activation& activation, std::int64_t width) {
  const std::size_t count = activation.slopes.size();
  if (activation.function == Function::prelu && count != 1 &&
      count != static_cast<std::size_t>(width)) {
    place.refuse(fmt::format("has {} slopes for {} channels", count, width));
  }
}

std::vector<std::int64_t> integers_of(const Place& place, std::int64_t most) {
  std::vector<std::int64_t> all;
  for (const Place& member : place.list(kMostLayers)) {
    all.push_back(member.integer(1, most));
  }
  if (all.empty()) {
    place.must_be("a list that is not empty");
  }
  return all;
}

}  // namespace wavenet::nam
