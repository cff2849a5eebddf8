// MuLaw: the codec of sound, 256 mu-law codes so many times a second (sound/mu_law.h).
//
//   const data::MuLaw codec(/*rate=*/8000);
//   codec.before() == sound::kSilence   // stands before a sound, for ever
//   opened.saved.codec->sample_rate()   // 8000; none of a model of words
//
// Left out: coding, which sound/ does.
#pragma once

#include "wavenet/data/codec.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::data {

class MuLaw : public Codec {
 public:
  static constexpr const char* kKind = "mu-law";

  // Samples a second. Throws Error outside 1 to kMaxSampleRate.
  explicit MuLaw(std::int64_t rate);
  static std::shared_ptr<const Codec> from_saved(const std::string& saved);

  std::string kind() const override { return kKind; }
  std::int64_t size() const override { return sound::kCodes; }
  std::int32_t before() const override { return sound::kSilence; }
  std::optional<std::int64_t> sample_rate() const override { return rate_; }
  std::string unit() const override { return "sample"; }
  std::string saved() const override;  // {"mu":255,"rate":8000}
  // Throws Error: samples are heard, not read.
  std::string decode(std::span<const std::int32_t> codes) const override;

 private:
  std::int64_t rate_;
};

}  // namespace wavenet::data
