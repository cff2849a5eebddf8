// What is wrong with the files taken together.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "wavenet/data/audio/doctor/checks.h"
#include "wavenet/data/audio/duration.h"
#include "wavenet/sound/resample.h"

namespace wavenet::data {
namespace {

constexpr double kUnequal = 12;              // dB from the median
constexpr std::size_t kFewestToCompare = 3;  // files

bool is_read(const HeardFile& heard) { return heard.problem.empty(); }

template <class Belongs>
SoundPlaces places_where(const HeardFiles& files, const Belongs& belongs) {
  SoundPlaces where;
  for (const HeardFile& heard : files) {
    if (is_read(heard) && belongs(heard)) {
      where.add({.file = heard.file.name});
    }
  }
  return where;
}

void tell(Severity severity, const std::string& rule, std::string_view what, SoundPlaces where,
          const std::string& advice, SoundFindings& findings) {
  if (!where.empty()) {
    const std::string files = files_text(where);
    findings.push_back(
        {severity, rule, fmt::format("{} {}", files, what), std::move(where), advice});
  }
}

// The rate of most of the sound.
std::int64_t usual_rate(const HeardFiles& files) {
  std::map<std::int64_t, double> seconds;
  for (const HeardFile& heard : files) {
    if (is_read(heard)) {
      seconds[heard.facts.rate] += heard.seconds();
    }
  }
  const auto most =
      std::max_element(seconds.begin(), seconds.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == seconds.end() ? 0 : most->first;
}

void check_rates(const HeardFiles& files, const SoundDoctorOptions& options,
                 SoundFindings& findings) {
  const std::int64_t usual = options.rate > 0 ? options.rate : usual_rate(files);
  SoundPlaces others;
  SoundPlaces lower;
  SoundPlaces apart;
  for (const HeardFile& heard : files) {
    const std::int64_t rate = heard.facts.rate;
    if (is_read(heard) && rate != usual) {
      SoundPlaces& where = options.rate > 0 && !sound::within_ratio(rate, usual) ? apart
                           : options.rate > 0 && rate < usual                    ? lower
                                                                                 : others;
      where.add({heard.file.name, {}, fmt::format("{} Hz", rate)});
    }
  }
  if (options.rate == 0) {
    tell(Severity::error, "mixed rates",
         fmt::format("of another rate than most sound, which has {} Hz", usual), others,
         fmt::format("bring all to one: --set data.sample_rate={}", usual), findings);
  } else {
    tell(Severity::error, "rates apart",
         fmt::format("that cannot be brought to data.sample_rate={}", usual), apart,
         fmt::format("no rate is brought to one more than {} times as high or as low: choose "
                     "another, or leave them out by data.exclude",
                     sound::kMaxRatio),
         findings);
    tell(Severity::note, "resampled", fmt::format("brought to {} Hz", usual), others,
         "nothing: training resamples them", findings);
    tell(Severity::warning, "lower rate", fmt::format("of a rate below data.sample_rate={}", usual),
         lower, "choose a rate that the files have: above theirs is nothing to learn", findings);
  }
}

void check_channels(const HeardFiles& files, SoundFindings& findings) {
  const auto several = [](const HeardFile& heard) {
    return heard.facts.channels > 1 && is_sound(heard);
  };
  const auto cancels = [&](const HeardFile& heard) {
    return several(heard) && heard.channels.cancel();
  };
  const auto half = [&](const HeardFile& heard) { return several(heard) && heard.channels.silent; };
  const auto identical = [&](const HeardFile& heard) {
    return several(heard) && heard.channels.identical;
  };
  tell(Severity::warning, "channels cancel", "whose channels extinguish each other in the mix",
       places_where(files,
                    [](const HeardFile& heard) {
                      return heard.facts.channels > 1 && heard.channels.cancel();
                    }),
       "take one channel: sox -D IN OUT remix 1", findings);
  tell(Severity::warning, "silent channel", "with a channel that is silent beside the others",
       places_where(files, half), "take the other one: sox -D IN OUT remix 1, or 2", findings);
  tell(Severity::note, "identical channels", "with the same sound in all channels",
       places_where(files, identical),
       "nothing: the mix is that sound; one channel takes less room", findings);
  tell(Severity::note, "channels", "with several channels, which are mixed to one",
       places_where(files,
                    [&](const HeardFile& heard) {
                      return several(heard) && !cancels(heard) && !half(heard) && !identical(heard);
                    }),
       "take one channel instead, if they are different things: sox -D IN OUT remix 1", findings);
}

void check_unequal(const HeardFiles& files, SoundFindings& findings) {
  std::vector<double> levels;
  for (const HeardFile& heard : files) {
    if (is_sound(heard)) {
      levels.push_back(to_decibels(heard.levels.active));
    }
  }
  if (levels.size() < kFewestToCompare) {
    return;
  }
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  SoundPlaces where;
  for (const HeardFile& heard : files) {
    const bool quiet = heard.levels.peak < kVeryQuiet;  // told as such
    if (is_sound(heard) && !quiet &&
        std::abs(to_decibels(heard.levels.active) - *middle) > kUnequal) {
      where.add({heard.file.name, {}, decibels_text(heard.levels.active)});
    }
  }
  tell(Severity::note, "unequal levels",
       fmt::format("more than {:.0f} dB from the usual level of {:.1f} dB", kUnequal, *middle),
       where, "bring them to one level, unless that is what they are: sox -D IN OUT gain DB",
       findings);
}

// Samples of a file at the rate that is trained at.
double trained_samples(const HeardFile& heard, std::int64_t rate) {
  return heard.seconds() * static_cast<double>(rate);
}

SoundPlaces shorter_than(std::int64_t samples, std::int64_t rate, const HeardFiles& files) {
  SoundPlaces where;
  for (const HeardFile& heard : files) {
    if (is_read(heard) && trained_samples(heard, rate) < static_cast<double>(samples)) {
      where.add({heard.file.name, {}, fmt::format("{:.3f} s", heard.seconds())});
    }
  }
  return where;
}

void check_lengths(const HeardFiles& files, const SoundDoctorOptions& options, std::int64_t rate,
                   SoundFindings& findings) {
  const auto seconds = [&](std::int64_t samples) {
    return static_cast<double>(samples) / static_cast<double>(std::max<std::int64_t>(1, rate));
  };
  const std::int64_t field = options.receptive_field;
  if (field > 1) {
    tell(Severity::note, "shorter than the field",
         fmt::format("shorter than the {} samples ({:.3f} s) that an answer depends on", field,
                     seconds(field)),
         shorter_than(field, rate, files),
         "nothing, if they are whole: silence stands before them; else leave them out", findings);
  }
  if (options.piece > 1) {
    tell(Severity::note, "shorter than a piece",
         fmt::format("shorter than a piece of {} samples ({:.3f} s), whose rest is computed for "
                     "nothing",
                     options.piece, seconds(options.piece)),
         shorter_than(options.piece, rate, files),
         "if they are many, make pieces shorter: --set data.piece=SAMPLES", findings);
  }
}

void check_amount(const HeardFiles& files, const SoundDoctorOptions& options, std::int64_t rate,
                  SoundFindings& findings) {
  double samples = 0;
  double longest = 0;
  for (const HeardFile& heard : files) {
    samples += is_read(heard) ? trained_samples(heard, rate) : 0;
    longest = std::max(longest, is_read(heard) ? trained_samples(heard, rate) : 0);
  }
  if (samples == 0) {
    return;  // told as unreadable
  }
  const std::string amount = fmt::format("{:.0f} samples, {}", samples,
                                         duration_text(samples / static_cast<double>(rate)));
  if (longest * options.val_share < 1) {
    findings.push_back({Severity::error,
                        "too little data",
                        amount + ": too few to train and to judge on",
                        {},
                        "give more sound"});
  } else if (samples < static_cast<double>(options.parameters)) {
    findings.push_back(
        {Severity::warning,
         "too little data",
         fmt::format("{}, fewer than the {} parameters of the model, which can learn "
                     "them by heart",
                     amount, options.parameters),
         {},
         "give more sound, or choose a smaller model"});
  }
}

}  // namespace

void check_folder(const HeardFiles& files, const SoundDoctorOptions& options,
                  SoundFindings& findings) {
  check_rates(files, options, findings);
  check_channels(files, findings);
  check_unequal(files, findings);
  const std::int64_t rate = options.rate > 0 ? options.rate : usual_rate(files);
  check_lengths(files, options, rate, findings);
  check_amount(files, options, rate, findings);
}

}  // namespace wavenet::data
