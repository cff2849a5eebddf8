// MuLaw: the codec of sound, 256 mu-law codes so many times a second (sound/mu_law.h).
//
//   const data::MuLaw codec(/*rate=*/8000);
//   codec.before() == sound::kSilence   // stands before a sound, for ever
//   if (const data::MuLaw* sound = data::sound_of(*opened.saved.codec)) { sound->rate(); }
//
// Left out: coding, which sound/ does.
#pragma once

#include "wavenet/data/codec.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::data {

class MuLaw : public Codec {
 public:
  static constexpr const char* kKind = "mu-law";
  static constexpr std::int64_t kMaxRate = 768'000;

  // Samples a second. Throws Error outside 1 to kMaxRate.
  explicit MuLaw(std::int64_t rate);
  static std::shared_ptr<const Codec> from_saved(const std::string& saved);

  std::int64_t rate() const { return rate_; }
  std::string kind() const override { return kKind; }
  std::int64_t size() const override { return sound::kCodes; }
  std::int32_t before() const override { return sound::kSilence; }
  std::string unit() const override { return "sample"; }
  std::string saved() const override;  // {"mu":255,"rate":8000}
  // Throws Error: samples are heard, not read.
  std::string decode(std::span<const std::int32_t> codes) const override;

 private:
  std::int64_t rate_;
};

// Null for a codec of another kind.
const MuLaw* sound_of(const Codec& codec);

}  // namespace wavenet::data
