// A sound file as frames of floats, decoded by libsndfile block by block to the very end.
//
//   Decoder decoder("a.flac");
//   for (auto frames = decoder.next(); !frames.empty(); frames = decoder.next()) { ... }
//   for (const std::string& sentence : decoder.close()) { ... }
//
// Frames are interleaved. libsndfile reads through functions of ours, so that it can be shown the length
// of the sound where the header does not have it, and no end of an MP3, whose length it would guess too
// short and cut. Left out: mixing and resampling (read.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wavenet/sound/read.h"

namespace wavenet::sound {

class Decoder {
 public:
  // Throws Error for what is no sound that can be decoded.
  explicit Decoder(const std::filesystem::path& path);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  const Facts& facts() const { return facts_; }
  std::int64_t frames() const { return frames_; }  // decoded by now
  // The next whole frames; none at the end. Throws Error at a sample that is no finite number.
  std::span<const float> next();
  float peak() const { return peak_; }  // the largest size among the frames that came last
  // After the end: throws Error where the sound is cut short or empty, or the file has changed; says what
  // is strange otherwise.
  std::vector<std::string> close();

 private:
  struct Stream;
  std::span<const float> decode();
  void check_complete() const;
  std::vector<std::string> strange() const;

  std::unique_ptr<Stream> stream_;
  Facts facts_;
  std::int64_t frames_ = 0;
  float peak_ = 0;
  std::vector<float> block_;
};

}  // namespace wavenet::sound
