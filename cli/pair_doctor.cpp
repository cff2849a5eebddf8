#include "cli/pair_doctor.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "cli/findings.h"
#include "cli/progress.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/doctor/levels.h"
#include "wavenet/data/audio/duration.h"
#include "wavenet/data/audio/pairs.h"

namespace cli {

using namespace wavenet;

namespace {

bool is_sound(const std::string& file) {
  try {
    sound::look(file);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string decibels(double amplitude) {
  return fmt::format("{:.1f} dB", data::to_decibels(amplitude));
}

}  // namespace

bool is_pair(const std::string& paths) {
  if (paths.find(',') == paths.npos) {
    return false;
  }
  const std::vector<std::string> files = data::paths_of(paths);
  return files.size() == 2 && std::all_of(files.begin(), files.end(), is_sound);
}

data::PairDiagnosis examine_pair(const std::string& paths, const Config& recipe) {
  const data::PairOptions options = data::pair_options(recipe);
  recipe.integer_or("data.outputs", 1, 1, std::int64_t{1} << 20);
  Phase phase("looking at " + paths);
  return data::diagnose_pair(paths, options, std::ref(phase));
}

void print_pair(const data::PairDiagnosis& found) {
  print_wrapped("", fmt::format("{} into the amplifier, {} out of it",
                                excerpt(found.in, kDoctorWidth), excerpt(found.out, kDoctorWidth)));
  if (found.rate > 0) {
    print_wrapped("sound:    ", fmt::format("{} samples a second, {}{}", found.rate,
                                            data::duration_text(found.seconds),
                                            found.planned ? ", the test signal" : ""));
    print_wrapped("level:    ",
                  fmt::format("input peak {}, output peak {}, mean {}", decibels(found.in_peak),
                              decibels(found.out_peak), decibels(found.out_rms)));
  }
  if (found.latency) {
    print_wrapped("latency:  ",
                  fmt::format("{} samples, by {}", found.latency->samples, found.latency->from));
  }
  if (std::isfinite(found.linear)) {
    print_wrapped("linear:   ", fmt::format("a filter explains {:.1f} % of the output's power",
                                            100 * found.linear));
  }
  if (std::isfinite(found.repeat)) {
    print_wrapped("repeat:   ", fmt::format("ESR {:.6f}, gain {:+.3f} dB; noise {}", found.repeat,
                                            found.drift, decibels(found.noise)));
  }
  for (const data::SoundFinding& finding : found.findings) {
    print_finding(finding);
  }
  print_counts(found.findings, "this recording");
}

}  // namespace cli
