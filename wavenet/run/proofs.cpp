#include "wavenet/run/proofs.h"

#include <unistd.h>

#include <cmath>

#include "wavenet/base/files.h"
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
  const data::MuLaw* codec = data::sound_of(*saved.codec);
  check(codec != nullptr, "verify: a codec of kind {} has no rate", saved.codec->kind());
  const auto again = data::MuLaw::from_saved(codec->saved());
  const std::int64_t kept = data::sound_of(*again)->rate();
  constexpr const char* kKey = "data.sample_rate";
  // 0: what the files had.
  const std::int64_t asked = saved.recipe.integer_or(kKey, 0, 0, data::MuLaw::kMaxRate);
  const bool ok = kept == codec->rate() && (asked == 0 || asked == kept);
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
  if (data::sound_of(*opened.saved.codec) != nullptr) {
    proofs.push_back(verify_codec());
    proofs.push_back(verify_rate(opened.saved));
  }
  proofs.push_back(verify_file(folder_or_file));
  return proofs;
}

}  // namespace wavenet::run
