#include "cli/sound_doctor.h"

#include <algorithm>
#include <filesystem>
#include <functional>

#include "cli/findings.h"
#include "cli/progress.h"
#include "wavenet/base/files.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/doctor/summary.h"
#include "wavenet/data/audio/duration.h"

namespace cli {

using namespace wavenet;

namespace {

constexpr std::int64_t kMaxPiece = 1 << 20;  // samples

// Of the folder that the findings' commands write to, which must not be there: somebody may need it.
std::string free_folder() {
  std::string name = "fixed";
  for (int number = 2; std::filesystem::exists(status_of(name)); ++number) {
    name = fmt::format("fixed-{}", number);
  }
  return name;
}

// "558 files of 8000 Hz, 1 of 16000 Hz".
template <class Key>
std::string counts_text(const std::map<Key, std::size_t>& counts, const std::string& unit) {
  std::string text;
  for (const auto& [key, files] : counts) {
    text += fmt::format("{}{} of {}{}", text.empty() ? "" : ", ", data::counted(files, "file"), key,
                        unit);
  }
  return text;
}

void print_summary(const data::SoundDiagnosis& found) {
  std::string files = data::counted(found.files, "file");
  files += found.readable < found.files
               ? fmt::format(", {} of them cannot be read", found.files - found.readable)
               : "";
  files +=
      found.excluded > 0 ? fmt::format(", {} more left out by the recipe", found.excluded) : "";
  files += found.repeated > 0 ? fmt::format(", {} more named twice", found.repeated) : "";
  files += found.skipped > 0 ? fmt::format(", {} more named as no sound", found.skipped) : "";
  print_wrapped("", fmt::format("{}: {}, {}", excerpt(found.source, kDoctorWidth), files,
                                data::duration_text(found.seconds)));
  if (found.readable == 0) {
    return;
  }
  print_wrapped("rates:    ", counts_text(found.rates, " Hz"));
  print_wrapped("channels: ", counts_text(found.channels, ""));
  print_wrapped("formats:  ", counts_text(found.formats, ""));
  print_wrapped("level:    ",
                fmt::format("peak {:.1f} dB, mean {:.1f} dB, {:.1f} % of the samples silent",
                            data::to_decibels(static_cast<double>(found.peak)),
                            data::to_decibels(found.rms), 100 * found.silent_share()));
}

void print_levels(const data::SoundDiagnosis& found) {
  const std::vector<data::LevelRow> rows = data::level_rows(found);
  std::int64_t most = 1;
  for (const data::LevelRow& row : rows) {
    most = std::max(most, row.windows);
  }
  fmt::print("\nlevels of windows of 20 ms, dB below full scale:\n");
  for (const data::LevelRow& row : rows) {
    const std::int64_t bar = row.windows == 0 ? 0 : 1 + row.windows * 49 / most;
    fmt::print("  {:>11}  {:<50}  {:.1f} %\n", data::text_of(row),
               std::string(static_cast<std::size_t>(bar), '#'), 100 * row.share);
  }
}

}  // namespace

data::SoundDiagnosis examine_sound(const std::string& paths, const Config& recipe,
                                   const models::Model& model) {
  check_usage(
      recipe.text("data.format") == "sound",
      "doctor: the program makes the sound of data.format notes itself; there is nothing to "
      "look at");
  check_usage(!paths.empty(), "doctor: which sound? Name a folder or files");
  check_usage(paths != "-",
              "doctor: sound is not read from standard input; name a folder or files");
  check_usage(model.reads() == models::Reads::sequences,
              "recipe: sound needs a model that reads sequences, as model.kind wavenet does");
  recipe.number_or("data.trim", 0, 0, 120);  // what is looked at is the files as they are
  Phase phase("looking at " + paths);  // a signal ends the process at once, as nothing is lost
  return data::diagnose_sound(data::paths_of(paths),
                              {.rate = recipe.integer_or("data.sample_rate", 0, 1, kMaxSampleRate),
                               .receptive_field = model.receptive_field(),
                               .piece = recipe.integer_or("data.piece", 0, 1, kMaxPiece),
                               .parameters = model.parameter_count(),
                               .val_share = recipe.number_or("data.val_share", 0.1, 0, 1),
                               .exclude = data::names_in(recipe.text_or("data.exclude", "")),
                               .fixed = free_folder()},
                              std::ref(phase));
}

void print_sound(const data::SoundDiagnosis& found) {
  print_summary(found);
  if (found.readable > 0) {
    print_levels(found);
  }
  for (const data::SoundFinding& finding : found.findings) {
    print_finding(finding);
  }
  print_counts(found.findings, "this data");
}

}  // namespace cli
