// A sound file as frames of floats, decoded by libsndfile block by block to the very end.
//
//   Decoder decoder("a.flac");
//   for (auto frames = decoder.next(); !frames.empty(); frames = decoder.next()) { ... }
//   for (const std::string& sentence : decoder.close()) { ... }
//
// Frames are interleaved. Left out: what libsndfile is shown of the file (stream.h), mixing and resampling
// (read.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wavenet/sound/read.h"

namespace wavenet::sound {

struct Stream;  // stream.h

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
  std::span<const float> decode();
  std::span<const float> decode_24_in_4(std::int64_t wanted);
  void check_complete() const;
  std::vector<std::string> strange() const;

  std::unique_ptr<Stream> stream_;
  Facts facts_;
  std::int64_t frames_ = 0;
  float peak_ = 0;
  std::vector<float> block_;
  std::vector<int> words_;  // the same, of 24 bits in 4 bytes
  bool failed_ = false;     // the decoder told of an error
};

}  // namespace wavenet::sound
