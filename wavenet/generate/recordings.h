// Recordings: sounds written down as they are made, each to a WAV file of its own, or one as raw
// samples to a pipe.
//
//   generate::Sounds sounds(*model, {}, /*seed=*/42, /*count=*/2);
//   generate::Recordings recordings({"a.wav", "b.wav"}, /*rate=*/8000);
//   generate::record(sounds, recordings, {.prime = heard, .samples = 24'000});
//   recordings.finish();                     // without it no file is left
//
// Left out: names of files, and whether one may be replaced.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wavenet/generate/sounds.h"
#include "wavenet/sound/write.h"

namespace wavenet::generate {

class Recordings {
 public:
  // Sound i goes to file i. Throws Error where one cannot be written.
  Recordings(const std::vector<std::filesystem::path>& files, std::int64_t rate);
  // One sound; `name` stands for the descriptor in messages.
  Recordings(int descriptor, std::string_view name);

  // False where nobody reads any more.
  bool add(std::size_t sound, std::span<const std::uint8_t> codes);
  void finish();

 private:
  std::vector<sound::WavWriter> writers_;
  std::optional<sound::RawWriter> raw_;
  std::vector<float> levels_;
};

struct RecordOptions {
  std::span<const std::uint8_t> prime{};  // each sound begins with it
  std::int64_t samples = 0;               // of each, after the prime
  std::int64_t block = 80;                // samples that are made between two writes
};

// Before each block, with how many samples of each sound are made: false ends the work.
using GoOn = std::function<bool(std::int64_t made)>;

// How many samples of each sound were made: fewer than asked for where it was to end, or nobody reads
// any more. The memory that it takes does not depend on them.
std::int64_t record(Sounds& sounds, Recordings& to, const RecordOptions& options,
                    const GoOn& go_on = {});

}  // namespace wavenet::generate
