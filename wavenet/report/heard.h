// Heard: what of a run can be heard, and which of it a page has room for.
//
//   const Heard heard = heard_of(run);
//   for (const SoundRecord* sound : heard.latest) { html += player(*sound); }
//
// Left out: how a sound is shown (sounds.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "wavenet/log/history.h"

namespace wavenet::report {

inline constexpr std::size_t kMostLatest = 3;
inline constexpr std::size_t kMostEarlier = 3;
inline constexpr std::size_t kMostExcerpts = 3;

struct Heard {
  std::vector<const SoundRecord*> latest;    // drawn at the last evaluation
  std::vector<const SoundRecord*> earlier;   // one of each of a few evaluations before it, in order
  std::vector<const SoundRecord*> excerpts;  // of the data
  std::size_t latest_found = 0;              // of which `latest` are the first
  std::size_t excerpts_found = 0;
};

// Of an amplifier: the same moment as it went in, came out, and as the last model that was heard makes of it.
struct Answer {
  const SoundRecord* input;
  const SoundRecord* target;
  const SoundRecord* model;
  // model - target, sample by sample.
  SoundRecord difference() const;
};

// Nothing for a run without all three.
std::optional<Answer> answer_of(const History& run);

// A sound that was logged twice counts once, as it was logged last; one without samples not at all.
Heard heard_of(const History& run);

// All that were drawn at the last evaluation, also what the page has no room for.
std::vector<const SoundRecord*> all_latest(const History& run);

}  // namespace wavenet::report
