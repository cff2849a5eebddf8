// A recording broken on purpose in one way gets the finding of that, and of nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "pairs.h"
#include "sound_doctor.h"
#include "wavenet/data/audio/doctor/pair_diagnosis.h"
#include "wavenet/sound/level.h"

namespace wavenet::data {
namespace {

const std::vector<float>& played() {
  static const std::vector<float> samples = short_plan(signal(), 40);
  return samples;
}

const std::vector<float>& heard() {
  static const std::vector<float> samples = amplified(played(), 48'000);
  return samples;
}

Track track(const char* file, std::vector<float> samples, std::int64_t rate) {
  Track made{.file = file, .report = {}, .samples = std::move(samples)};
  made.report.facts = {.rate = rate, .channels = 1, .format = "WAV", .claimed = {}};
  made.report.peak = sound::largest(made.samples);
  return made;
}

Recording recorded(const std::vector<float>& in, std::vector<float> out) {
  Recording made{.in = track("in.wav", in, 48'000),
                 .out = track("out.wav", std::move(out), 48'000),
                 .planned = follows_plan(in, 48'000)};
  return made;
}

std::string rules(const PairDiagnosis& found) {
  std::string all;
  for (const SoundFinding& finding : found.findings) {
    all += (all.empty() ? "" : ", ") + std::string(name_of(finding.severity)) + " " + finding.rule;
  }
  return all;
}

PairDiagnosis diagnosed(std::vector<float> out, const PairOptions& options = {}) {
  return diagnose_pair(recorded(played(), std::move(out)), options);
}

std::vector<float> with_noise(std::vector<float> samples, double most) {
  return sum(samples, noise(3, static_cast<double>(samples.size()) / 48'000, most, 48'000));
}

TEST(PairDoctor, ACleanRecordingHasNoFinding) {
  const PairDiagnosis found = diagnosed(with_noise(later(heard(), 140), 1e-5));
  EXPECT_EQ(rules(found), "");
  EXPECT_TRUE(found.planned);
  EXPECT_EQ(found.latency->samples, 139);
  EXPECT_NEAR(found.drift, 0, 1e-3);
  EXPECT_LT(found.repeat, 1e-6);
  EXPECT_NEAR(found.noise, 1e-5 / std::sqrt(3), 2e-7);
  EXPECT_FALSE(found.inverted);
}

TEST(PairDoctor, ErrorsAreWhatTrainingRefuses) {
  std::vector<float> shorter = heard();
  shorter.pop_back();
  EXPECT_EQ(rules(diagnosed(shorter)), "error lengths");
  std::vector<float> longer = heard();
  longer.resize(longer.size() + 48'001);
  EXPECT_EQ(rules(diagnosed(longer)), "error lengths");
  std::vector<float> over = heard();
  over[1'000'000] = 1;
  const PairDiagnosis clipped = diagnosed(over);
  EXPECT_EQ(rules(clipped), "error clipped output");
  EXPECT_EQ(clipped.findings[0].where.all()[0].seconds, 1'000'000.0 / 48'000);
  EXPECT_EQ(rules(diagnosed(std::vector<float>(heard().size()))), "error silent");
  Recording other = recorded(played(), heard());
  other.out.report.facts.rate = 44'100;
  EXPECT_EQ(rules(diagnose_pair(other, {})), "error rates");
  other = recorded(played(), heard());
  other.in.report.facts.channels = 2;
  EXPECT_EQ(rules(diagnose_pair(other, {})), "error channels");
}

TEST(PairDoctor, AnInvertedOutputIsNoted) {
  const PairDiagnosis found = diagnosed(times(heard(), -1));
  EXPECT_EQ(rules(found), "note inverted");
  EXPECT_TRUE(found.inverted);
}

// Uniform noise within a has the RMS a / sqrt(3).
TEST(PairDoctor, NoiseIsToldWithItsLevel) {
  const PairDiagnosis found = diagnosed(with_noise(heard(), 0.003));
  EXPECT_EQ(rules(found), "warning noise");
  EXPECT_NEAR(found.noise, 0.003 / std::sqrt(3), 3e-5);
  EXPECT_GE(*found.findings[0].where.all()[0].seconds, 9.5);
  EXPECT_LT(*found.findings[0].where.all()[0].seconds, 10);
}

TEST(PairDoctor, ADriftOfTheGainIsToldInDecibels) {
  std::vector<float> out = heard();
  for (std::size_t i = out.size() - 432'000; i < out.size(); ++i) {
    out[i] *= 0.95F;
  }
  const PairDiagnosis found = diagnosed(out);
  EXPECT_EQ(rules(found), "warning drift");
  EXPECT_NEAR(found.drift, 20 * std::log10(0.95), 1e-3);
}

TEST(PairDoctor, ARepeatThatDiffersIsPlaced) {
  std::vector<float> out = heard();
  const std::size_t lost = out.size() - 432'000 / 2;  // then everything is 30 samples early
  std::copy(out.begin() + static_cast<std::ptrdiff_t>(lost) + 30, out.end(),
            out.begin() + static_cast<std::ptrdiff_t>(lost));
  const PairDiagnosis found = diagnosed(out);
  EXPECT_NE(rules(found).find("warning repeat"), std::string::npos) << rules(found);
  const SoundFinding& finding = *std::find_if(found.findings.begin(), found.findings.end(),
                                              [](const auto& f) { return f.rule == "repeat"; });
  EXPECT_GE(*finding.where.all()[0].seconds, static_cast<double>(lost) / 48'000 - 0.1);
}

TEST(PairDoctor, AnotherAmplifiersInputIsAWrongPair) {
  const auto other = noise(9, static_cast<double>(played().size()) / 48'000, 0.5, 48'000);
  EXPECT_EQ(rules(diagnose_pair(recorded(other, heard()), {.latency = 0})),
            "warning wrong pair, note another signal");
  EXPECT_EQ(rules(diagnose_pair(recorded(other, heard()), {})),
            "error no latency, warning wrong pair, note another signal");
}

TEST(PairDoctor, AnEncodersDelayIsKnown) {
  EXPECT_EQ(rules(diagnosed(later(heard(), 1105))), "warning MP3 delay");
  Recording lossy = recorded(played(), heard());
  lossy.out.report.facts.format = "MPEG-1/2 Audio, MPEG Layer III";
  EXPECT_EQ(rules(diagnose_pair(lossy, {})), "warning lossy");
}

TEST(PairDoctor, AnOutputBeforeItsInputIsEarly) {
  EXPECT_EQ(rules(diagnosed(later(heard(), -40))), "warning early");
}

TEST(PairDoctor, AnOffsetIsTold) {
  const PairDiagnosis found = diagnosed(plus(heard(), 0.02));
  EXPECT_NE(rules(found).find("warning DC offset"), std::string::npos) << rules(found);
}

TEST(PairDoctor, AQuietOutputIsTold) {
  EXPECT_EQ(rules(diagnosed(times(heard(), 0.04))), "warning very quiet");
}

TEST(PairDoctor, AnOutputCutOffAtFullScaleIsTold) {
  std::vector<float> out = times(heard(), 2.2);
  for (float& x : out) {
    x = std::clamp(x, -0.9999F, 0.9999F);
  }
  const PairDiagnosis found = diagnosed(out);
  EXPECT_EQ(rules(found), "warning clipping");
}

TEST(PairDoctor, ASignalOfAnotherKindIsShortOrNoted) {
  const std::vector<float> in(signal().begin() + 900'000, signal().begin() + 2'900'000);
  EXPECT_EQ(rules(diagnose_pair(recorded(in, amplified(in, 48'000)), {})),
            "warning short, note another signal");
}

TEST(PairDoctor, JsonHasTheFigures) {
  const auto found = nlohmann::json::parse(json_of(diagnosed(times(heard(), -1))));
  EXPECT_EQ(found["latency"], -1);
  EXPECT_EQ(found["inverted"], true);
  EXPECT_EQ(found["findings"][0]["rule"], "inverted");
  EXPECT_EQ(found["findings"][0]["places"][0]["file"], "out.wav");
}

}  // namespace
}  // namespace wavenet::data
