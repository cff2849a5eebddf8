#include "wavenet/data/audio/sample_codec.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"

namespace wavenet::data {

SampleCodec::SampleCodec(std::int64_t rate, double scale) : rate_(rate), scale_(scale) {
  check(rate >= 1 && rate <= kMaxSampleRate, "samples: a rate of 1 to {} samples a second, got {}",
        kMaxSampleRate, rate);
  check(std::isfinite(scale) && scale > 0, "samples: a scale above 0, got {}", scale);
}

std::string SampleCodec::saved() const {
  return nlohmann::ordered_json{{"rate", rate_}, {"scale", scale_}}.dump();
}

std::shared_ptr<const Codec> SampleCodec::from_saved(const std::string& saved) {
  const auto json = nlohmann::json::parse(saved, nullptr, /*allow_exceptions=*/false);
  check(json.is_object() && json.contains("rate") && json["rate"].is_number_integer(),
        "samples: a saved codec has a whole number rate, this is '{}'", saved);
  check(json.contains("scale") && json["scale"].is_number(),
        "samples: a saved codec has a number scale, this is '{}'", saved);
  return std::make_shared<const SampleCodec>(json["rate"].get<std::int64_t>(),
                                             json["scale"].get<double>());
}

std::string SampleCodec::decode(std::span<const std::int32_t>) const {
  fail("samples: samples of sound are heard, not read");
}

const SampleCodec* sample_codec_of(const Codec& codec) {
  return dynamic_cast<const SampleCodec*>(&codec);
}

}  // namespace wavenet::data
