// What was done to sound while it was read, for people: a sentence a kind, and what was cut as a table.
//
//   Changes changes(/*rate=*/8000);
//   changes.add("a.wav", sound::read(...));
//   changes.notes();   // "7 files resampled from 16000 to 8000 samples a second", ...
//
//   CutTable cuts(/*rate=*/8000);
//   cuts.add("a.wav", coder.finish());
//   cuts.notes();
//
// Left out: doing it (takes.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/trim.h"
#include "wavenet/sound/read.h"

namespace wavenet::data {

// What was left out before anything was read.
std::vector<std::string> notes_of(const Chosen& chosen);

class Changes {
 public:
  explicit Changes(std::int64_t rate) : rate_(rate) {}
  void add(const std::string& name, const sound::Report& report);
  std::vector<std::string> notes() const;

 private:
  std::int64_t rate_;
  std::map<std::int64_t, std::vector<std::string>> resampled_;  // by their rate
  std::map<std::int64_t, std::vector<std::string>> mixed_;      // by their channels
  std::vector<std::string> clamped_files_;
  std::int64_t clamped_ = 0;
  std::vector<std::string> warnings_;
};

class CutTable {
 public:
  explicit CutTable(std::int64_t rate) : rate_(rate) {}
  void add(const std::string& name, const TrimmedCodes::Cut& cut);
  // Throws Error where nothing is left.
  void require_some(const std::string& source, double decibels) const;
  // A sentence and the lines of a table; nothing where nothing was cut.
  std::vector<std::string> notes() const;

 private:
  double seconds(std::int64_t samples) const;

  std::int64_t rate_;
  std::vector<std::string> rows_;
  std::int64_t all_ = 0;  // samples
  std::int64_t cut_ = 0;
  float peak_ = 0;
};

}  // namespace wavenet::data
