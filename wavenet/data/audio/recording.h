// Recording: what went into an amplifier and what came out, as two files have it, and how the two lie in
// time.
//
//   const data::Recording recording = data::read_recording("in.wav,out.wav");
//   for (const data::Refusal& refusal : data::refusals(recording)) { ... }   // what training refuses
//   const std::optional<data::Latency> latency = data::latency_of(recording);
//
// Where the input follows the plan of the test signal (sound/test_signal.h), blips tell the latency: the
// first sample of the output, averaged over both, that is louder than what it does in the silence before
// them, less one, so that nothing of the answer is lost. Else a linear response tells it (response.h), also
// less one. Left out: cutting and splitting (pair.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/sound/read.h"

namespace wavenet::data {

struct Track {
  std::string file;
  sound::Report report;
  std::vector<float> samples;  // at the file's own rate
};

struct Recording {
  Track in;
  Track out;
  bool planned = false;  // the input follows the test signal's plan

  std::int64_t rate() const { return in.report.facts.rate; }
};

// `paths`: two files with a comma between. Throws Error, which names the file, for what cannot be read, and
// UsageError where there are not two.
Recording read_recording(const std::string& paths, const Between& between = {});

// Whether the sound, at so many samples a second, is the test signal in all parts that are read for what
// they are: judged part, silence, blips, pause, judged part again. The playing between may be another's.
bool follows_plan(std::span<const float> samples, std::int64_t rate);

// Why the pair cannot be trained on.
struct Refusal {
  std::string rule;  // a fixed name for scripts
  std::string file;
  std::string what;
  std::string advice;
  std::optional<double> seconds{};
};
std::vector<Refusal> refusals(const Recording& recording);

struct Latency {
  std::int64_t samples = 0;  // that the output is late; below 0: early
  std::string from;          // "blips", "correlation", "data.latency"
};
// None where neither way tells it. Asks for a recording without refusals.
std::optional<Latency> latency_of(const Recording& recording);

}  // namespace wavenet::data
