#include "wavenet/run/nam_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/models/amplifier.h"
#include "wavenet/play/loudness.h"

namespace wavenet::run {
namespace {

using Json = nlohmann::ordered_json;

Json date_of(std::time_t seconds) {
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return {{"year", utc.tm_year + 1900}, {"month", utc.tm_mon + 1}, {"day", utc.tm_mday},
          {"hour", utc.tm_hour},        {"minute", utc.tm_min},    {"second", utc.tm_sec}};
}

std::string metadata_of(const State& state, const NamOptions& options) {
  Json json = Json::object();
  if (options.date) {
    json["date"] = date_of(*options.date);
  }
  if (std::isfinite(state.saved.best.loss)) {
    json["training"]["validation_esr"] = state.saved.best.loss;
  }
  return json.empty() ? std::string() : json.dump();
}

void measure(nam::Model& model, std::span<const float> noise) {
  const double loudness = play::loudness(model, noise);
  const double gain = play::gain(model, noise);
  if (std::isfinite(loudness) && std::isfinite(gain)) {  // no JSON says otherwise
    model.metadata.loudness = loudness;
    model.metadata.gain = gain;
  }
}

// Of widths in order, sizes in [0, 1] are shared out evenly.
nam::Container container_of(const std::vector<nam::Model>& models) {
  nam::Container container;
  const auto count = static_cast<double>(models.size());
  for (std::size_t i = 0; i < models.size(); ++i) {
    container.choices.push_back(
        {static_cast<double>(i + 1) / count, std::make_shared<const nam::Model>(models[i])});
  }
  return container;
}

}  // namespace

std::optional<nam::Model> as_nam(const State& state, const NamOptions& options) {
  const auto* amplifier = models::amplifier_of(*state.model);
  const data::SampleCodec* codec = data::sample_codec_of(*state.saved.codec);
  if (amplifier == nullptr || codec == nullptr) {
    return std::nullopt;
  }
  std::vector<nam::Model> models;
  for (std::size_t net = 0; net < amplifier->nets(); ++net) {
    nam::WaveNet described = amplifier->described(net);
    described.head_scale =
        static_cast<float>(static_cast<double>(described.head_scale) / codec->scale());
    models.push_back(
        {.sample_rate = static_cast<double>(codec->rate()), .net = std::move(described)});
    if (!options.noise.empty()) {
      measure(models.back(), options.noise);
    }
  }
  nam::Model whole = models.back();
  if (models.size() > 1) {
    whole.net = container_of(models);
  }
  whole.metadata.json = metadata_of(state, options);
  return whole;
}

}  // namespace wavenet::run
