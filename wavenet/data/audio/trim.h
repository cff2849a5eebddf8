// Trimming: what is quieter than a level is cut from both ends of a take while it is coded.
//
//   TrimmedCodes coder(/*decibels=*/40, [&](SoundCodes codes) { ... });   // below full scale; 0: no cut
//   coder.add(samples);                                                   // as often as there are some
//   TrimmedCodes::Cut cut = coder.finish();
//
// What is quiet between loud parts stays. Left out: deciding whether to trim.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wavenet/data/audio/pieces.h"

namespace wavenet::data {

class TrimmedCodes {
 public:
  struct Cut {
    std::int64_t begin = 0;  // samples
    std::int64_t end = 0;
    std::int64_t kept = 0;
    float peak = 0;  // of all samples, cut or not, where some may be cut
  };

  TrimmedCodes(double decibels, std::function<void(SoundCodes)> sink);
  void add(std::span<const float> samples);
  Cut finish();

 private:
  void keep_all(std::span<const float> samples);

  float level_;  // whatever is below it is quiet
  std::function<void(SoundCodes)> sink_;
  std::vector<std::uint8_t> codes_;  // that are yet to be handed on; at first the quiet end so far
  std::int64_t quiet_ = 0;           // how many of them, at their end, are quiet
  Cut cut_;
};

}  // namespace wavenet::data
