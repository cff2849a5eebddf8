#include "wavenet/run/proofs.h"

#include <unistd.h>

#include <cmath>

#include "wavenet/base/files.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/data/audio/mu_law.h"

namespace wavenet::run {

namespace fs = std::filesystem;
using generate::Proof;

Proof verify_codec(Decode decode) {
  constexpr float kSteps = 32768;  // of 16 bits
  for (std::int64_t i = 0; i < sound::kCodes; ++i) {
    const auto code = static_cast<std::uint8_t>(i);
    const float level = decode(code);
    const float rounded = std::min(std::round(level * kSteps), kSteps - 1) / kSteps;
    for (const float heard : {level, rounded}) {
      if (sound::code_of(heard) != code) {
        return {"codec", false,
                fmt::format("code {} is {} and is coded again as {}", code, heard,
                            sound::code_of(heard))};
      }
    }
  }
  return {
      "codec", true,
      fmt::format("all {} codes survive decoding, rounding to 16 bits and coding", sound::kCodes)};
}

Proof verify_rate(const train::Checkpoint& saved) {
  const std::optional<std::int64_t> rate = saved.codec->sample_rate();
  check(rate.has_value(), "verify: a codec of kind {} has no rate", saved.codec->kind());
  const std::int64_t kept = data::MuLaw::from_saved(saved.codec->saved())->sample_rate().value();
  constexpr const char* kKey = "data.sample_rate";
  // 0: what the files had.
  const std::int64_t asked = saved.recipe.integer_or(kKey, 0, 0, kMaxSampleRate);
  const bool ok = kept == *rate && (asked == 0 || asked == kept);
  return {"rate", ok,
          fmt::format("{} samples a second in the file{}", kept,
                      asked == 0 ? "" : fmt::format(", {} by the recipe's {}", asked, kKey))};
}

Proof verify_file(const fs::path& folder_or_file) {
  constexpr std::int64_t kMaxBytes = std::int64_t{1} << 40;
  const fs::path from = train::model_path(folder_or_file);
  const fs::path to =
      fs::temp_directory_path() / fmt::format("wavenet-check-{}.safetensors", getpid());
  const std::string before = read_file(from, kMaxBytes);
  train::write_checkpoint(to, train::read_checkpoint(from));
  const std::string after = read_file(to, kMaxBytes);
  fs::remove(to);
  return {"save and load", before == after,
          fmt::format("{} bytes read, written again{}", before.size(),
                      before == after ? " the same" : ": they differ")};
}

std::vector<Proof> prove(const fs::path& folder_or_file) {
  const State opened = open(folder_or_file);
  std::vector<Proof> proofs = generate::verify(*opened.model);
  if (opened.saved.codec->sample_rate()) {
    proofs.push_back(verify_codec());
    proofs.push_back(verify_rate(opened.saved));
  }
  proofs.push_back(verify_file(folder_or_file));
  return proofs;
}

}  // namespace wavenet::run
