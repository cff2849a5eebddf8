// Places in sound: files, each with a time in it and a figure where a finding has them.
//
//   SoundPlaces where;
//   where.add({.file = "a.wav", .seconds = 61.25, .measure = "12 samples"});
//   where.text() == "a.wav at 01:01.250 (12 samples)"
//
// Left out: wording for a terminal, which the program adds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wavenet/data/finding.h"

namespace wavenet::data {

struct SoundPlace {
  std::string file;                 // relative to the folder
  std::optional<double> seconds{};  // from the file's beginning
  std::string measure{};            // how much: "-20.1 dB"
};

class SoundPlaces {
 public:
  static constexpr std::size_t kShown = 6;

  void add(SoundPlace place) { all_.push_back(std::move(place)); }
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  const std::vector<SoundPlace>& all() const { return all_; }
  // The first kShown, and how many more there are.
  std::string text() const;

 private:
  std::vector<SoundPlace> all_;
};

// "01:01.250"; minutes have as many digits as they need.
std::string time_text(double seconds);

using SoundFinding = FindingAt<SoundPlaces>;

}  // namespace wavenet::data
