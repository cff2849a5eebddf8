#include "wavenet/data/audio/doctor/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/doctor/checks.h"

namespace wavenet::data {
namespace {

void add_to(SoundDiagnosis& found, const HeardFile& heard, double& energy) {
  ++found.readable;
  ++found.rates[heard.facts.rate];
  ++found.channels[heard.facts.channels];
  ++found.formats[heard.facts.format];
  const Levels& levels = heard.levels;
  found.seconds += heard.seconds();
  found.samples += levels.samples;
  found.silent += levels.silent;
  found.peak = std::max(found.peak, levels.peak);
  energy += levels.rms * levels.rms * static_cast<double>(levels.samples);
  std::transform(found.windows.begin(), found.windows.end(), levels.windows.begin(),
                 found.windows.begin(), std::plus<>());
}

}  // namespace

double SoundDiagnosis::silent_share() const {
  return samples == 0 ? 0 : static_cast<double>(silent) / static_cast<double>(samples);
}

SoundDiagnosis diagnose_sound(const std::vector<std::string>& paths,
                              const SoundDoctorOptions& options, const Between& between) {
  const Chosen chosen = choose_files(paths, options.exclude);
  const std::vector<sound::SoundFile>& files = chosen.files;
  SoundDiagnosis found;
  found.source = fmt::format("{}", fmt::join(paths, ", "));
  found.files = files.size();
  found.excluded = chosen.excluded;
  found.repeated = chosen.repeated.size();
  found.skipped = chosen.skipped.size();
  HeardFiles all;
  Fingerprints fingerprints;
  double energy = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    between(static_cast<double>(i) / static_cast<double>(files.size()));
    HeardFile heard = hear(files[i]);
    if (heard.problem.empty()) {
      add_to(found, heard, energy);
    }
    if (is_sound(heard)) {
      fingerprints.add(i, heard.words);
    }
    heard.words = {};
    all.push_back(std::move(heard));
  }
  found.rms = std::sqrt(energy / std::max(1.0, static_cast<double>(found.samples)));
  check_files(all, options, found.findings);
  check_folder(all, options, found.findings);
  check_repeats(all, fingerprints, found.findings, between);
  sort_by_severity(found.findings);
  return found;
}

}  // namespace wavenet::data
