// SampleCodec: the codec of amplifiers, samples as numbers, so many a second.
//
//   const data::SampleCodec codec(/*rate=*/48'000, /*scale=*/0.8);
//   codec.scale()    // recordings of the output are multiplied by it before they are trained on
//   if (const data::SampleCodec* samples = data::sample_codec_of(*opened.saved.codec)) { samples->rate(); }
//
// A model that was trained so gives the amplifier's level when its output is divided by the scale. Left out:
// codes, which there are none of.
#pragma once

#include "wavenet/base/sample_rate.h"
#include "wavenet/data/codec.h"

namespace wavenet::data {

class SampleCodec : public Codec {
 public:
  static constexpr const char* kKind = "samples";
  static constexpr std::int64_t kUsualRate = 48'000;

  // Throws Error for a rate outside 1 to kMaxSampleRate, and a scale that is not finite and above 0.
  explicit SampleCodec(std::int64_t rate, double scale = 1);
  static std::shared_ptr<const Codec> from_saved(const std::string& saved);

  std::int64_t rate() const { return rate_; }
  double scale() const { return scale_; }
  std::string kind() const override { return kKind; }
  std::int64_t size() const override { return 1; }  // number for each sample
  std::string unit() const override { return "sample"; }
  std::string saved() const override;  // {"rate":48000,"scale":0.8}
  // Throws Error: samples are heard, not read.
  std::string decode(std::span<const std::int32_t> codes) const override;

 private:
  std::int64_t rate_;
  double scale_;
};

// Null for a codec of another kind.
const SampleCodec* sample_codec_of(const Codec& codec);

}  // namespace wavenet::data
