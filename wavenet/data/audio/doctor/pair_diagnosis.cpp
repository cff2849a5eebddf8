#include "wavenet/data/audio/doctor/pair_diagnosis.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/baselines/static_curve.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/doctor/levels.h"
#include "wavenet/data/audio/response.h"
#include "wavenet/data/finding_json.h"
#include "wavenet/sound/level.h"
#include "wavenet/sound/test_signal.h"

namespace wavenet::data {
namespace {

using Span = std::span<const float>;

constexpr double kMostNoise = -40;      // dB, below the judged part
constexpr double kMostDrift = 0.1;      // dB
constexpr double kMostRepeat = 0.01;    // ESR
constexpr double kLeastShared = 0.05;   // of the output's power that the input explains
constexpr double kLeastOffset = 0.002;  // of full scale
constexpr double kQuiet = 0.03;         // peak: -30 dB
constexpr double kTooShort = 60;        // seconds
constexpr float kFull = 1 - 0x1p-10F;
constexpr int kFlat = 3;                 // samples at full scale
constexpr std::int64_t kFrames = 4;      // that the repeat is told by
constexpr std::int64_t kEncoder = 1105;  // samples that a usual MP3 encoder and decoder add
constexpr std::int64_t kDecoder = 529;   // and the decoder alone

double rms_of(Span samples) {
  return std::sqrt(baselines::energy_of(samples) / static_cast<double>(samples.size()));
}

double mean_of(Span samples) {
  double sum = 0;
  for (const float x : samples) {
    sum += static_cast<double>(x);
  }
  return sum / static_cast<double>(samples.size());
}

std::string decibel_text(double value) { return fmt::format("{:.1f} dB", value); }

// Fills the diagnosis of a recording, check by check.
class PairDoctor {
 public:
  PairDoctor(const Recording& recording, const PairOptions& options, PairDiagnosis& found)
      : recording_(recording),
        options_(options),
        found_(found),
        in_(recording.in.samples),
        out_(recording.out.samples) {}

  void look() {
    check_files();
    if (found_.has(Severity::error)) {
      return;
    }
    check_latency();
    check_levels();
    check_relation();
    if (found_.planned) {
      check_silence();
      check_repeat();
    } else {
      tell(Severity::note, "another signal", found_.in,
           "the input is not the test signal, so noise and drift cannot be told",
           "play the test signal: wavenet capture signal --out in.wav");
    }
  }

 private:
  void tell(Severity severity, const char* rule, const std::string& file, std::string what,
            std::string advice, std::optional<double> seconds = {}, std::string measure = {}) {
    SoundFinding finding{severity, rule, std::move(what), {}, std::move(advice)};
    finding.where.add({.file = file, .seconds = seconds, .measure = std::move(measure)});
    found_.findings.push_back(std::move(finding));
  }

  double seconds_at(std::int64_t sample) const {
    return static_cast<double>(sample) / static_cast<double>(found_.rate);
  }

  void check_files() {
    for (const Refusal& refusal : refusals(recording_)) {
      tell(Severity::error, refusal.rule.c_str(), refusal.file, "the file " + refusal.what,
           refusal.advice, refusal.seconds);
    }
    for (const Track* track : {&recording_.in, &recording_.out}) {
      const std::string& format = track->report.facts.format;
      const bool lossy = format.find("MPEG") != format.npos ||
                         format.find("Vorbis") != format.npos || format.find("Opus") != format.npos;
      if (lossy) {
        tell(Severity::warning, "lossy", track->file, "the file was compressed with a loss",
             "use the recording from before; a model learns what the encoder did", {}, format);
      }
      if (track->report.clamped > 0 && track == &recording_.in) {
        tell(Severity::warning, "input beyond full scale", track->file,
             "the input goes beyond full scale, where no converter follows",
             "play a quieter signal, and record again", {},
             counted(static_cast<std::size_t>(track->report.clamped), "sample"));
      }
    }
    if (found_.seconds < kTooShort) {
      tell(Severity::warning, "short", found_.in, "a minute or more is needed to train on",
           "record a longer signal; the test signal has three minutes", {},
           fmt::format("{:.1f} s", found_.seconds));
    }
  }

  void check_latency() {
    found_.latency =
        options_.latency ? Latency{*options_.latency, "data.latency"} : latency_of(recording_);
    if (!found_.latency) {
      tell(Severity::error, "no latency", found_.out,
           "nothing tells how late the output is, so it may answer another input",
           "check that the two files belong together; if so, say it: data.latency");
      return;
    }
    const std::int64_t late = found_.latency->samples + 1;
    if (late < 0) {
      tell(Severity::warning, "early", found_.out, "the output answers before the input",
           "cut both files at the same place", {}, fmt::format("{} samples", -late));
    }
    if (std::abs(late - kEncoder) <= 2 || std::abs(late - kDecoder) <= 2) {
      tell(Severity::warning, "MP3 delay", found_.out,
           "the output is as late as an MP3 encoder makes it",
           "use the recording from before the encoder", {}, fmt::format("{} samples", late));
    }
  }

  void check_levels() {
    if (found_.out_peak < kQuiet) {
      tell(Severity::warning, "very quiet", found_.out,
           "the output is so quiet that converters' noise counts", "record it again, louder", {},
           "peak " + decibel_text(to_decibels(found_.out_peak)));
    }
    int flat = 0;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      flat = std::abs(out_[i]) >= kFull ? flat + 1 : 0;
      if (flat == kFlat) {
        tell(Severity::warning, "clipping", found_.out, "the output is cut off at full scale",
             "record it again at a lower level; a model learns the edges, too",
             seconds_at(static_cast<std::int64_t>(i)));
        return;
      }
    }
  }

  // The input and what answers it, as far as both go.
  void check_relation() {
    const auto samples = std::ssize(in_);
    const std::int64_t late = found_.latency ? found_.latency->samples + 1 : 0;
    if (samples < 4 * (Lags().latest - Lags().earliest) || std::abs(late) > Lags().latest) {
      return;
    }
    const Span out = out_.first(in_.size());
    found_.inverted = response(in_, out, {}).inverted;
    found_.linear = linear_share(in_, out, late);
    const auto later = static_cast<std::size_t>(std::max<std::int64_t>(late, 0));
    const auto sooner = static_cast<std::size_t>(std::max<std::int64_t>(-late, 0));
    const baselines::Played played{in_.subspan(sooner, in_.size() - later - sooner),
                                   out.subspan(later, out.size() - later - sooner)};
    const double curve =
        1 - baselines::error_share(played, baselines::StaticCurve::fit(played).applied(played));
    if (std::max(found_.linear, curve) < kLeastShared) {
      tell(Severity::warning, "wrong pair", found_.out,
           "the output has next to nothing to do with the input",
           "check that the two files belong together", {},
           fmt::format("{:.1f} % of its power follows", 100 * std::max(found_.linear, curve)));
    } else if (found_.inverted) {
      tell(Severity::note, "inverted", found_.out, "the output is upside down",
           "nothing, if the amplifier turns it over; else swap the wires, or invert the file");
    }
  }

  Span answer_to(sound::SignalPlace place) const {
    const auto part = sound::signal_parts(std::ssize(in_))[place];
    const std::int64_t late =
        found_.latency ? std::max<std::int64_t>(found_.latency->samples, 0) : 0;
    const std::int64_t begin = std::min(part.begin + late, std::ssize(out_) - 1);
    return out_.subspan(
        static_cast<std::size_t>(begin),
        static_cast<std::size_t>(std::min(part.end + late, std::ssize(out_)) - begin));
  }

  // By its second half, when what was played before has died away.
  void check_silence() {
    const Span whole = answer_to(sound::kQuiet);
    const Span silence = whole.last(whole.size() / 2);
    const double offset = mean_of(silence);
    found_.noise = std::sqrt(std::max(0.0, std::pow(rms_of(silence), 2) - offset * offset));
    const double below = to_decibels(found_.noise) - to_decibels(rms_of(answer_to(sound::kJudged)));
    const double at = seconds_at(silence.data() - out_.data());
    if (below > kMostNoise) {
      tell(Severity::warning, "noise", found_.out, "the output is noisy where nothing is played",
           "look for hum, gain and cables; a model cannot learn noise, and its loss stays above it",
           at, decibel_text(below) + " beside the judged part");
    }
    if (std::abs(offset) > kLeastOffset) {
      tell(Severity::warning, "DC offset", found_.out, "the output does not rest at zero",
           "take out what is below 5 Hz, or record through a converter without an offset", at,
           fmt::format("{:+.4f}", offset));
    }
  }

  void check_repeat() {
    Span again = answer_to(sound::kJudgedAgain);
    const Span first = answer_to(sound::kJudged).first(again.size());
    const double gain = rms_of(again) / std::max(rms_of(first), 1e-12);
    found_.drift = to_decibels(gain);
    found_.repeat = baselines::error_share({again, again}, first);
    const double at = seconds_at(again.data() - out_.data());
    if (std::abs(found_.drift) > kMostDrift) {
      tell(Severity::warning, "drift", found_.out,
           "the amplifier's gain changed from the judged part to its repeat",
           "let it warm up, leave all knobs alone, and record again", at,
           fmt::format("{:+.2f} dB", found_.drift));
    }
    std::vector<float> brought(first.begin(), first.end());
    for (float& x : brought) {
      x *= static_cast<float>(gain);
    }
    if (baselines::error_share({again, again}, brought) <= kMostRepeat) {
      return;
    }
    const std::size_t frame = again.size() / kFrames;
    std::size_t worst = 0;
    double most = -1;
    for (std::size_t begin = 0; begin + frame <= again.size(); begin += frame) {
      double error = 0;
      for (std::size_t i = begin; i < begin + frame; ++i) {
        error += std::pow(static_cast<double>(again[i]) - static_cast<double>(brought[i]), 2);
      }
      worst = error > most ? begin : worst;
      most = std::max(error, most);
    }
    tell(Severity::warning, "repeat", found_.out,
         "the amplifier answers the same input otherwise the second time",
         "look for noise, effects that vary in time, lost samples, and clocks that run apart",
         at + seconds_at(static_cast<std::int64_t>(worst)),
         fmt::format("ESR {:.4f}, at most {} is usual", found_.repeat, kMostRepeat));
  }

  const Recording& recording_;
  const PairOptions& options_;
  PairDiagnosis& found_;
  Span in_;
  Span out_;
};

nlohmann::ordered_json places_of(const SoundPlaces& where) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const SoundPlace& place : where.all()) {
    nlohmann::ordered_json record{{"file", place.file}};
    if (place.seconds) {
      record["seconds"] = *place.seconds;
    }
    record["measure"] = place.measure;
    all.push_back(std::move(record));
  }
  return {{"places", std::move(all)}};
}

}  // namespace

PairDiagnosis diagnose_pair(const Recording& recording, const PairOptions& options) {
  PairDiagnosis found;
  found.in = recording.in.file;
  found.out = recording.out.file;
  found.rate = recording.rate();
  found.seconds =
      static_cast<double>(recording.in.samples.size()) / static_cast<double>(found.rate);
  found.planned = recording.planned;
  found.in_peak = static_cast<double>(recording.in.report.peak);
  found.out_peak = static_cast<double>(recording.out.report.peak);
  found.out_rms = rms_of(recording.out.samples);
  PairDoctor(recording, options, found).look();
  sort_by_severity(found.findings);
  return found;
}

PairDiagnosis diagnose_pair(const std::string& paths, const PairOptions& options,
                            const Between& between) {
  try {
    return diagnose_pair(read_recording(paths, between), options);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    PairDiagnosis found;
    const std::vector<std::string> files = paths_of(paths);
    found.in = files.front();
    found.out = files.back();
    found.findings.push_back({Severity::error, "unreadable", error.what(), {}, "fetch it again"});
    return found;
  }
}

std::string json_of(const PairDiagnosis& found) {
  nlohmann::ordered_json record{{"input", found.in},        {"output", found.out},
                                {"format", "pairs"},        {"sample_rate", found.rate},
                                {"seconds", found.seconds}, {"test_signal", found.planned}};
  if (found.latency) {
    record["latency"] = found.latency->samples;
    record["latency_from"] = found.latency->from;
  }
  record["inverted"] = found.inverted;
  record["input_peak"] = found.in_peak;
  record["output_peak"] = found.out_peak;
  record["output_rms"] = found.out_rms;
  record["noise_rms"] = found.noise;
  record["drift_db"] = found.drift;
  record["repeat_esr"] = found.repeat;
  record["linear_share"] = found.linear;
  record["findings"] = nlohmann::ordered_json::array();
  for (const SoundFinding& finding : found.findings) {
    record["findings"].push_back(finding_json(finding, places_of(finding.where)));
  }
  return record.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace wavenet::data
