// PairDiagnosis: a recording of an amplifier looked at before training: what is wrong with it, where, and
// what to do.
//
//   data::PairDiagnosis found = data::diagnose_pair("in.wav,out.wav", {});
//   for (const data::SoundFinding& finding : found.findings) { ... }   // the gravest first
//
// A finding is an error exactly where training would refuse the pair. Noise, drift and how far the
// amplifier agrees with itself are told of recordings of the test signal alone (sound/test_signal.h). Left
// out: what is wrong with sound of any kind (diagnosis.h).
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/data/audio/doctor/places.h"
#include "wavenet/data/audio/pair.h"

namespace wavenet::data {

struct PairDiagnosis {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  std::string in;  // files
  std::string out;
  std::int64_t rate = 0;
  double seconds = 0;  // of the input
  bool planned = false;
  std::optional<Latency> latency{};
  bool inverted = false;
  double in_peak = 0;
  double out_peak = 0;
  double out_rms = 0;
  double noise = kUnknown;   // RMS of the output in the silence
  double drift = kUnknown;   // of its gain from the judged part to its repeat, in dB
  double repeat = kUnknown;  // ESR of these two
  // The share of the output's power that a linear filter explains (data/audio/response.h).
  double linear = kUnknown;
  std::vector<SoundFinding> findings;

  bool has(Severity severity) const { return findings_of(findings, severity) > 0; }
};

// `between` is called now and then. Throws UsageError where there are not two files.
PairDiagnosis diagnose_pair(const std::string& paths, const PairOptions& options,
                            const Between& between = {});
PairDiagnosis diagnose_pair(const Recording& recording, const PairOptions& options);

// One line, without its end.
std::string json_of(const PairDiagnosis& found);

}  // namespace wavenet::data
