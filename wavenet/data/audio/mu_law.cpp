#include "wavenet/data/audio/mu_law.h"

#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kMu = 255;

}  // namespace

MuLaw::MuLaw(std::int64_t rate) : rate_(rate) {
  check(rate >= 1 && rate <= kMaxSampleRate, "mu-law: a rate of 1 to {} samples a second, got {}",
        kMaxSampleRate, rate);
}

std::string MuLaw::saved() const {
  return nlohmann::ordered_json{{"mu", kMu}, {"rate", rate_}}.dump();
}

std::shared_ptr<const Codec> MuLaw::from_saved(const std::string& saved) {
  const auto json = nlohmann::json::parse(saved, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* key) {
    check(json.is_object() && json.contains(key) && json[key].is_number_integer(),
          "mu-law: a saved codec has a whole number {}, this is '{}'", key, saved);
    return json[key].get<std::int64_t>();
  };
  check(number("mu") == kMu, "mu-law: mu is {}, and only {} is known", number("mu"), kMu);
  return std::make_shared<const MuLaw>(number("rate"));
}

std::string MuLaw::decode(std::span<const std::int32_t>) const {
  fail("mu-law: samples of sound are heard, not read");
}

}  // namespace wavenet::data
