// Takes: sound files as mu-law codes at one rate, one byte a sample.
//
//   const data::Takes takes = data::read_takes("recordings", {.rate = 16'000});
//   for (const data::Take& take : takes.all()) { take.name; take.codes; }
//   for (const std::string& note : takes.notes()) { ... }   // what was changed, with counts
//
// The codes stand in a cache, $XDG_CACHE_HOME/wavenet (or ~/.cache/wavenet), which is mapped: sound may be
// larger than memory. Where none can be written they stand in memory, and a note says so. A file that has
// changed is decoded again. Takes are immutable, and any thread may use them. Left out: the split
// (sounds.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/data/audio/pieces.h"

namespace wavenet::data {

struct Take {
  std::string name;  // relative to the folder that was read, with '/'
  SoundCodes codes;
};

struct TakeOptions {
  std::int64_t rate = 0;               // samples a second; 0: the files' own, if all agree
  std::vector<std::string> exclude{};  // folders and files that are left out, by their names
  double trim = 0;                     // decibels below full scale; 0: nothing is cut
  std::filesystem::path cache{};       // the folder; empty: the usual one
  Between between{};
};

class Takes {
 public:
  // In memory. Throws Error when there are none, and when one has no sample.
  struct Made {
    std::string name;
    std::vector<std::uint8_t> codes;
  };
  Takes(std::int64_t rate, std::vector<Made> made);

  std::int64_t rate() const { return rate_; }
  const std::vector<Take>& all() const { return takes_; }
  const std::vector<std::string>& notes() const { return notes_; }
  const std::string& fingerprint() const { return fingerprint_; }  // of names, rate and codes

 private:
  friend class TakeReader;
  Takes() = default;

  std::int64_t rate_ = 0;
  std::vector<Take> takes_;
  std::vector<std::string> notes_;
  std::string fingerprint_;
  std::shared_ptr<const void> memory_;  // that the codes stand in
};

// A folder with all below it, a file, or several with commas between them. Throws Error, which names the
// file, for what is no sound; UsageError where rates differ and none is asked for.
Takes read_takes(const std::string& paths, const TakeOptions& options);

}  // namespace wavenet::data
