// Sounds: what a model of sound makes, many sounds side by side, code by code and for ever.
//
//   generate::Sounds sounds(*model, {.temperature = 0.9}, /*seed=*/42, /*count=*/3);
//   sounds.prime(heard);                              // codes that each goes on from; or silence
//   std::span<const std::uint8_t> now = sounds.next();   // a code of each
//   sounds.make(block);                               // [3, T]: the next T of each
//
// Sound i of a seed draws from numbers of its own, so that it has the same bytes however many are made
// beside it. Nothing is allocated after the first code, and nothing grows. Left out: samples and
// files (sound/), threads.
#pragma once

#include <span>
#include <vector>

#include "wavenet/generate/stream.h"

namespace wavenet::generate {

class Sounds {
 public:
  static constexpr std::int64_t kCodes = 256;  // what a byte holds

  // Sounds `first` to first + count - 1 of the seed, after model.before() for ever. Throws UsageError
  // for options out of range, Error for a model of more codes than kCodes.
  Sounds(const models::Model& model, const output::DrawOptions& options, std::uint64_t seed,
         std::int64_t count = 1, std::uint64_t first = 0);

  std::int64_t count() const { return streams_.count(); }
  // Begins each anew, `codes` being what stands before it, and before them model.before() for ever.
  // Costs no more than the model's receptive field. Throws Error for a code that the model has not.
  void prime(std::span<const std::uint8_t> codes);
  // The next code of each, valid until the next call.
  std::span<const std::uint8_t> next();
  // [count, T] -> the next T codes of each, sound by sound. Throws Error for a block that is none.
  void make(std::span<std::uint8_t> block);

 private:
  void begin();
  std::uint8_t draw(std::int64_t i);

  std::int64_t field_;
  Stream streams_;
  std::unique_ptr<output::Sampler> sampler_;
  std::uint64_t seed_;
  std::uint64_t first_;
  std::vector<std::uint64_t> keys_;   // of the random numbers, one a sound
  std::vector<std::int32_t> tokens_;  // what was drawn last, one a sound
  std::vector<std::uint8_t> codes_;   // the same
  bool drawn_ = false;                // they are yet to be pushed
};

}  // namespace wavenet::generate
