// Writing sound: WAV files of one channel that every program reads, and raw samples into a pipe.
//
//   sound::write_wav("a.wav", samples, 16000);                    // 16 bits; replaces a file at once
//   sound::WavWriter writer("b.wav", 16000, sound::Sample::float32);
//   writer.add(block);                                            // as often as there is sound
//   writer.finish();                                              // only now b.wav is there
//   sound::RawWriter pipe(STDOUT_FILENO, "standard output");      // 16 bits, little endian
//   while (pipe.add(next())) {}                                   // false: nobody reads any more
//
// How samples are rounded and clamped, and what is refused, stands in wav_bytes.h, which makes the same
// file in memory. Nothing is dithered. Left out: other formats, and more than one channel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "wavenet/sound/wav_bytes.h"

namespace wavenet::sound {

// The file comes into being, or replaces another, in finish(): until then nobody sees it, and without it
// nothing is left.
class WavWriter {
 public:
  WavWriter(const std::filesystem::path& path, std::int64_t rate, Sample sample = Sample::int16);
  WavWriter(WavWriter&&) noexcept;
  WavWriter& operator=(WavWriter&&) noexcept;
  ~WavWriter();
  void add(std::span<const float> samples);
  void finish();
  std::int64_t samples() const { return samples_; }
  std::int64_t clamped() const { return clamped_; }  // that lay beyond what 16 or 24 bits hold

 private:
  struct File;
  std::unique_ptr<File> file_;
  std::int64_t rate_;
  Sample sample_;
  std::int64_t samples_ = 0;
  std::int64_t clamped_ = 0;
  std::string bytes_;
};

void write_wav(const std::filesystem::path& path, std::span<const float> samples, std::int64_t rate,
               Sample sample = Sample::int16);

// Raw samples as they come. What writes to a pipe that nobody reads is not killed by it.
class RawWriter {
 public:
  // `name` stands for the descriptor in messages; it stays open.
  RawWriter(int descriptor, std::string_view name, Sample sample = Sample::int16)
      : descriptor_(descriptor), name_(name), sample_(sample) {}
  // False when the reader has gone: then this was the last. Throws Error where writing fails otherwise.
  bool add(std::span<const float> samples);
  std::int64_t samples() const { return samples_; }
  std::int64_t clamped() const { return clamped_; }

 private:
  int descriptor_;
  std::string name_;
  Sample sample_;
  std::int64_t samples_ = 0;
  std::int64_t clamped_ = 0;
  std::string bytes_;
};

}  // namespace wavenet::sound
