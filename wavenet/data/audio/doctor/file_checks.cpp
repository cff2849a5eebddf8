// What is wrong with each file by itself.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "wavenet/base/shell.h"
#include "wavenet/data/audio/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr double kNoise = 0.5;         // flatness of a spectrum without any shape
constexpr double kLoudNoise = 0.1;     // -20 dB
constexpr double kSteadyNoise = 0.5;   // of the active level, in the quietest tenth
constexpr double kOffset = 0.004;      // -48 dB; mu-law codes near zero are 1/5,000 apart
constexpr double kOffsetShare = 0.05;  // of the active level
constexpr double kLongSilence = 2;     // seconds
constexpr double kOverTime = 1e-4;  // of the samples, beyond full scale, as lossy codecs leave them

// One finding of all files for which `measure` says something: its time and how much.
class Gathered {
 public:
  Gathered(const HeardFiles& files, SoundFindings& findings, const std::string& fixed)
      : files_(files), findings_(findings), fixed_(fixed) {}

  using Measure = std::function<std::optional<SoundPlace>(const HeardFile&)>;
  // `effects` of sox for the first file, which the command is given for; none where empty.
  using Effects = std::function<std::string(const HeardFile&)>;

  void tell(Severity severity, const std::string& rule, const std::string& what,
            const std::string& advice, const Measure& measure, const Effects& effects = {}) {
    SoundFinding finding{severity, rule, "", {}, advice};
    for (const HeardFile& heard : files_) {
      if (std::optional<SoundPlace> place = measure(heard)) {
        if (finding.where.empty() && effects) {
          finding.command = sox_command(heard.file, fixed_, effects(heard));
        }
        place->file = heard.file.name;
        finding.where.add(*std::move(place));
      }
    }
    if (!finding.where.empty()) {
      finding.what = fmt::format("{} {}", files_text(finding.where), what);
      findings_.push_back(std::move(finding));
    }
  }

 private:
  const HeardFiles& files_;
  SoundFindings& findings_;
  const std::string& fixed_;
};

std::optional<SoundPlace> at(const HeardFile& heard, std::int64_t frame, std::string measure) {
  return SoundPlace{heard.file.name, heard.seconds_at(frame), std::move(measure)};
}

std::string runs_text(const ClippedRuns& runs) {
  return fmt::format("{}, {}", counted(static_cast<std::size_t>(runs.runs), "run"),
                     counted(static_cast<std::size_t>(runs.samples), "sample"));
}

void check_reading(Gathered& gathered) {
  gathered.tell(Severity::error, "unreadable", "cannot be read",
                "remove it, name it in data.exclude, or fetch it again",
                [](const HeardFile& heard) -> std::optional<SoundPlace> {
                  if (heard.problem.empty()) {
                    return std::nullopt;
                  }
                  return SoundPlace{.file = {}, .measure = heard.problem};
                });
  gathered.tell(
      Severity::warning, "header", "not as the header says",
      "listen whether the end is there; write the header anew by sox",
      [](const HeardFile& heard) -> std::optional<SoundPlace> {
        if (!heard.problem.empty() || heard.strange.empty()) {
          return std::nullopt;
        }
        return SoundPlace{.file = {}, .measure = fmt::format("{}", fmt::join(heard.strange, "; "))};
      },
      [](const HeardFile&) { return std::string(); });
  gathered.tell(Severity::warning, "no sound", "that can hardly be sound",
                "look what it is; text and packed data read as samples are so",
                [](const HeardFile& heard) -> std::optional<SoundPlace> {
                  const std::string why = no_sound(heard);
                  return why.empty() ? std::nullopt
                                     : std::optional(SoundPlace{.file = {}, .measure = why});
                });
}

void check_clipping(Gathered& gathered) {
  gathered.tell(Severity::warning, "clipping", "cut off at full scale",
                "record them again at a lower level; a model learns the edges, too",
                [](const HeardFile& heard) -> std::optional<SoundPlace> {
                  const ClippedRuns& full = heard.clipping.full;
                  if (!is_sound(heard) || full.runs == 0) {
                    return std::nullopt;
                  }
                  return at(heard, full.first.first, runs_text(full));
                });
  gathered.tell(Severity::warning, "flat tops", "cut off below full scale",
                "go back to a recording from before its level was changed, if there is one",
                [](const HeardFile& heard) -> std::optional<SoundPlace> {
                  const ClippedRuns& below = heard.clipping.below;
                  if (!is_sound(heard) || below.runs == 0) {
                    return std::nullopt;
                  }
                  return at(heard, below.first.first,
                            fmt::format("{} at {}", runs_text(below),
                                        decibels_text(static_cast<double>(below.level))));
                });
  gathered.tell(
      Severity::warning, "beyond full scale", "with samples that coding cuts off",
      "make it quieter, and write it as 16 bits",
      [](const HeardFile& heard) -> std::optional<SoundPlace> {
        if (!is_sound(heard) || static_cast<double>(heard.clipping.over) <=
                                    kOverTime * static_cast<double>(heard.frames)) {
          return std::nullopt;
        }
        return at(heard, heard.clipping.first_over,
                  fmt::format("{}, up to {:.2f}",
                              counted(static_cast<std::size_t>(heard.clipping.over), "sample"),
                              heard.levels.peak));
      },
      [](const HeardFile& heard) {
        return fmt::format("gain {:.1f}",
                           -to_decibels(static_cast<double>(heard.levels.peak)) - 0.5);
      });
}

void check_levels(Gathered& gathered) {
  gathered.tell(
      Severity::warning, "DC offset", "not around zero",
      "subtract the offset, or take out what is below 20 Hz",
      [](const HeardFile& heard) -> std::optional<SoundPlace> {
        const double offset = std::abs(heard.levels.offset);
        if (!is_sound(heard) || offset < kOffset || offset < kOffsetShare * heard.levels.active) {
          return std::nullopt;
        }
        return SoundPlace{
            .file = {},
            .measure = fmt::format("{:+.4f}, {}", heard.levels.offset, decibels_text(offset))};
      },
      [](const HeardFile& heard) { return fmt::format("dcshift {:.4f}", -heard.levels.offset); });
  gathered.tell(
      Severity::warning, "very quiet", "with a peak below -40 dB",
      "make it louder, if nothing else is wrong; 24 bits that were read as 32 are 48 dB too quiet",
      [](const HeardFile& heard) -> std::optional<SoundPlace> {
        if (!is_sound(heard) || heard.levels.peak >= kVeryQuiet) {
          return std::nullopt;
        }
        return SoundPlace{
            .file = {}, .measure = "peak " + decibels_text(static_cast<double>(heard.levels.peak))};
      },
      [](const HeardFile& heard) {
        return fmt::format("gain {:.1f}", -3 - to_decibels(static_cast<double>(heard.levels.peak)));
      });
}

void check_silence(Gathered& gathered) {
  gathered.tell(Severity::warning, "silent", "of silence alone", "leave it out: data.exclude",
                [](const HeardFile& heard) -> std::optional<SoundPlace> {
                  if (!heard.problem.empty() || !heard.is_silent() || heard.channels.cancel()) {
                    return std::nullopt;
                  }
                  return SoundPlace{.file = {},
                                    .measure = fmt::format("{:.1f} s", heard.seconds())};
                });
  gathered.tell(
      Severity::note, "long silence", "with a silence of 2 seconds and more",
      "cut it, if the model is not to learn it",
      [](const HeardFile& heard) -> std::optional<SoundPlace> {
        const Stretch& silence = heard.levels.longest_silence;
        if (!is_sound(heard) || heard.seconds_at(silence.length) < kLongSilence) {
          return std::nullopt;
        }
        return at(heard, silence.first, fmt::format("{:.1f} s", heard.seconds_at(silence.length)));
      },
      [](const HeardFile&) { return std::string("silence -l 1 0.1 -80d -1 0.5 -80d"); });
}

// The lowest usual rate that holds what is below `hertz`.
std::int64_t enough_for(double hertz) {
  constexpr std::array<std::int64_t, 7> kUsual{8000, 11025, 16000, 22050, 24000, 32000, 44100};
  const auto* rate = std::find_if(kUsual.begin(), kUsual.end(), [&](std::int64_t usual) {
    return static_cast<double>(usual) >= 1.96 * hertz;
  });
  return rate == kUsual.end() ? 48000 : *rate;
}

std::string band_text(const HeardFile& heard) {
  const double half = static_cast<double>(heard.facts.rate) / 2;
  const std::int64_t enough = enough_for(heard.band->hertz);
  const std::string text = fmt::format("nothing above {:.0f} Hz of {:.0f}, {:.0f} dB down",
                                       heard.band->hertz, half, heard.band->drop);
  return enough >= heard.facts.rate ? text : text + fmt::format(": data.sample_rate={}", enough);
}

// At a rate that cuts the empty part off, nothing is wrong.
bool is_band_limited(const HeardFile& heard, std::int64_t rate) {
  return heard.band &&
         (rate == 0 || heard.band->hertz < kHighestLimit * static_cast<double>(rate) / 2);
}

void check_spectrum(Gathered& gathered, std::int64_t rate) {
  gathered.tell(
      Severity::warning, "hum", "with hum of the mains in the pauses",
      "take the lines out, or what is below 80 Hz if nothing else is there",
      [](const HeardFile& heard) -> std::optional<SoundPlace> {
        if (!is_sound(heard) || !heard.hum) {
          return std::nullopt;
        }
        const Hum& hum = *heard.hum;
        return SoundPlace{{},
                          hum.seconds,
                          fmt::format("{:.0f} Hz at {}, {:.0f} dB above what lies around it",
                                      hum.line, decibels_text(hum.amplitude), hum.above)};
      },
      [](const HeardFile& heard) {
        const double mains = heard.hum->hertz;
        return fmt::format("bandreject {:.0f} 4h bandreject {:.0f} 4h bandreject {:.0f} 4h", mains,
                           2 * mains, 3 * mains);
      });
  gathered.tell(Severity::warning, "band limit", "with nothing in the upper part of the spectrum",
                "it comes from a lower rate or a lossy codec: train at a rate that it fills",
                [&](const HeardFile& heard) -> std::optional<SoundPlace> {
                  if (!is_sound(heard) || !is_band_limited(heard, rate)) {
                    return std::nullopt;
                  }
                  return SoundPlace{.file = {}, .measure = band_text(heard)};
                });
}

}  // namespace

std::string no_sound(const HeardFile& heard) {
  const Levels& levels = heard.levels;
  if (!heard.problem.empty() || heard.flatness < kNoise || levels.active < kLoudNoise ||
      levels.quietest < kSteadyNoise * levels.active) {
    return "";
  }
  return levels.one_sided > 0.99
             ? fmt::format("all samples on one side of zero, at {}", decibels_text(levels.active))
             : fmt::format("noise at {} from beginning to end", decibels_text(levels.active));
}

bool is_sound(const HeardFile& heard) {
  return heard.problem.empty() && !heard.is_silent() && no_sound(heard).empty();
}

std::string files_text(const SoundPlaces& where) { return counted(where.size(), "file"); }

std::string decibels_text(double amplitude) {
  return fmt::format("{:.1f} dB", to_decibels(amplitude));
}

std::string sox_command(const sound::SoundFile& file, const std::string& fixed,
                        const std::string& effects) {
  const std::string path = file.path.string();
  const std::string out = fixed + "/" + file.path.stem().string() + ".wav";
  return fmt::format("mkdir -p {} && sox -D {} {}{}{}", shell_word(fixed),
                     shell_word(path.starts_with('-') ? "./" + path : path), shell_word(out),
                     effects.empty() ? "" : " ", effects);
}

void check_files(const HeardFiles& files, const SoundDoctorOptions& options,
                 SoundFindings& findings) {
  Gathered gathered(files, findings, options.fixed);
  check_reading(gathered);
  check_clipping(gathered);
  check_levels(gathered);
  check_silence(gathered);
  check_spectrum(gathered, options.rate);
}

}  // namespace wavenet::data
