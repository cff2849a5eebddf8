// A folder that was broken in ten ways on purpose has ten findings, each of the right file, time and size; the
// clean one that it was made of has none.
#include <map>
#include <nlohmann/json.hpp>

#include "tests/data/sound_doctor.h"
#include "tests/folder.h"
#include "wavenet/data/audio/doctor/summary.h"
#include "wavenet/data/dataset.h"
#include "wavenet/sound/resample.h"

namespace wavenet::data {
namespace {

constexpr std::uint64_t kClean = 6;

class SoundDoctor : public InFolder {
 protected:
  void write(const std::string& name, const Samples& samples, std::int64_t rate = kTestRate,
             sound::Sample form = sound::Sample::int16) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    sound::write_wav(folder_ / name, samples, rate, form);
  }
  void spit(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  void write_clean() const {
    for (std::uint64_t seed = 1; seed <= kClean; ++seed) {
      write(fmt::format("clean-{}.wav", seed), voice(seed));
    }
  }
  // Two channels of 16 bits, as one more header than sound/write.h knows.
  void write_stereo(const std::string& name, const Samples& left, const Samples& right) const {
    std::string data;
    for (std::size_t i = 0; i < left.size(); ++i) {
      for (const float x : {left[i], right[i]}) {
        const auto value = static_cast<std::int16_t>(std::lround(x * 32767));
        data.append(reinterpret_cast<const char*>(&value), sizeof value);
      }
    }
    const auto word = [](std::uint32_t value, std::size_t size) {
      return std::string(reinterpret_cast<const char*>(&value), size);
    };
    const auto size = static_cast<std::uint32_t>(data.size());
    spit(name, "RIFF" + word(36 + size, 4) + "WAVEfmt " + word(16, 4) + word(1, 2) + word(2, 2) +
                   word(kTestRate, 4) + word(4 * kTestRate, 4) + word(4, 2) + word(16, 2) + "data" +
                   word(size, 4) + data);
  }
  SoundDiagnosis look(SoundDoctorOptions options = {.receptive_field = 2047}) const {
    return diagnose_sound({folder_}, options);
  }
  void expect_one(const SoundDiagnosis& found, const std::string& rule, Severity severity,
                  const std::string& file, const std::string& measure,
                  std::optional<double> seconds = {}) const {
    const SoundFinding* finding = find_rule(found, rule);
    ASSERT_NE(finding, nullptr) << rule << " in\n" << rules_of(found);
    EXPECT_EQ(finding->severity, severity) << rule;
    ASSERT_EQ(finding->where.size(), 1U) << rule << ": " << finding->where.text();
    const SoundPlace& place = finding->where.all()[0];
    EXPECT_EQ(place.file, file) << rule;
    EXPECT_NE(place.measure.find(measure), std::string::npos) << rule << ": " << place.measure;
    EXPECT_EQ(place.seconds.has_value(), seconds.has_value()) << rule;
    EXPECT_NEAR(place.seconds.value_or(0), seconds.value_or(0), 1e-3) << rule;
    EXPECT_FALSE(finding->advice.empty()) << rule;
  }
};

TEST_F(SoundDoctor, FindsNothingInACleanFolder) {
  write_clean();
  const SoundDiagnosis found = look();
  EXPECT_EQ(rules_of(found), "");
  EXPECT_EQ(found.files, kClean);
  EXPECT_EQ(found.readable, kClean);
  EXPECT_NEAR(found.seconds, 6 * kClean, 1e-9);
  EXPECT_EQ(found.rates.at(kTestRate), kClean);
  EXPECT_EQ(found.channels.at(1), kClean);
  EXPECT_LT(found.silent_share(), 0.1);
}

// A click of full scale, ten samples long, at 1.25 s and at 3 s.
Samples clicked(Samples samples) {
  std::fill_n(samples.begin() + 10'000, 10, 1.0F);
  std::fill_n(samples.begin() + 24'000, 10, -1.0F);
  return samples;
}

Samples delayed(const Samples& samples, std::size_t by) {
  Samples moved = noise(99, static_cast<double>(by) / kTestRate, 0.0006);
  moved.insert(moved.end(), samples.begin(), samples.end());
  return moved;
}

TEST_F(SoundDoctor, FindsTenFaultsInAFolderBrokenInTenWays) {
  write_clean();
  write("clipped.wav", clicked(voice(11)));
  write("dc.wav", plus(voice(12), 0.05));
  write("hum.wav", sum(voice(13), sum(sine(50, 6, 0.01), sine(150, 6, 0.003))));
  write("low.wav", sound::resample(voice(14, 6, 4000), 4000, 8000));
  write("quiet.wav", times(voice(15), 1 / 256.0));
  write("copies/same.wav", voice(2));
  write("copies/softer.wav", delayed(times(voice(3), 0.5), 400));
  spit("text.wav", "It was the best of times, it was the worst of times.\n");
  write("cut.wav", voice(16));
  std::filesystem::resize_file(folder_ / "cut.wav", 44 + 2 * 20'000);
  write_stereo("stereo.wav", voice(17), times(voice(17), -1));

  const SoundDiagnosis found = look();
  EXPECT_EQ(found.findings.size(), 10U) << rules_of(found);
  EXPECT_EQ(found.files, kClean + 10);
  EXPECT_EQ(found.readable, kClean + 9);
  const Severity warning = Severity::warning;
  expect_one(found, "unreadable", Severity::error, "text.wav", "is text");
  expect_one(found, "header", warning, "cut.wav", "claims 48000 samples, 20000 were read");
  expect_one(found, "clipping", warning, "clipped.wav", "2 runs, 20 samples", 1.25);
  expect_one(found, "DC offset", warning, "dc.wav", "+0.05");
  expect_one(found, "very quiet", warning, "quiet.wav", "peak -5");
  expect_one(found, "band limit", warning, "low.wav", "of 4000");
  expect_one(found, "channels cancel", warning, "stereo.wav", "");
  expect_one(found, "duplicates", warning, "copies/same.wav", "clean-2.wav");
  const SoundFinding* hum = find_rule(found, "hum");
  ASSERT_NE(hum, nullptr);
  ASSERT_EQ(hum->where.size(), 1U);
  EXPECT_EQ(hum->where.all()[0].file, "hum.wav");
  EXPECT_NE(hum->where.all()[0].measure.find("50 Hz at -40"), std::string::npos)
      << hum->where.all()[0].measure;  // 0.01
  const SoundFinding* near = find_rule(found, "near-duplicates");
  ASSERT_NE(near, nullptr);
  ASSERT_EQ(near->where.size(), 1U);  // which of the two comes first is as their names are
  EXPECT_EQ(near->where.all()[0].file, "copies/softer.wav");
  EXPECT_EQ(near->where.all()[0].measure, "clean-3.wav, 6.0 dB quieter, 50.0 ms later");
}

TEST_F(SoundDoctor, WhatTrainingRefusesIsAnError) {
  write("a.wav", voice(1));
  write("b.wav", voice(2, 3, 11'025), 11'025);
  spit("empty.wav", "");
  spit("nan.wav", sound::wav_bytes(Samples(2000, 0.25F), kTestRate, sound::Sample::float32));
  std::fstream file(folder_ / "nan.wav", std::ios::in | std::ios::out | std::ios::binary);
  const float nan = NAN;
  file.seekp(-400, std::ios::end);
  file.write(reinterpret_cast<const char*>(&nan), sizeof nan);
  file.close();
  const SoundDiagnosis found = look();
  expect_one(found, "mixed rates", Severity::error, "b.wav", "11025 Hz");
  const SoundFinding* unreadable = find_rule(found, "unreadable");
  ASSERT_NE(unreadable, nullptr);
  ASSERT_EQ(unreadable->where.size(), 2U);
  EXPECT_NE(unreadable->where.all()[0].measure.find("is empty"), std::string::npos);
  EXPECT_NE(unreadable->where.all()[1].measure.find("sample 1900 is nan"), std::string::npos)
      << unreadable->where.all()[1].measure;
  EXPECT_TRUE(found.has(Severity::error));

  const SoundDiagnosis wanted = look({.rate = 8000, .exclude = {"empty.wav", "nan.wav"}});
  EXPECT_FALSE(wanted.has(Severity::error)) << rules_of(wanted);
  EXPECT_EQ(wanted.excluded, 2U);
  expect_one(wanted, "resampled", Severity::note, "b.wav", "11025 Hz");
  const SoundDiagnosis higher = look({.rate = 11'025, .exclude = {"empty.wav", "nan.wav"}});
  expect_one(higher, "lower rate", Severity::warning, "a.wav", "8000 Hz");
}

TEST_F(SoundDoctor, TextAndPackedDataReadAsSamplesAreNoSound) {
  write_clean();
  std::string words;
  std::string packed;
  Rng rng(5);
  for (int i = 0; i < 60'000; ++i) {
    words += rng.below(6) == 0 ? ' ' : static_cast<char>('a' + rng.below(26));
    packed += static_cast<char>(rng.below(256));
  }
  spit("words.sln", words);
  spit("packed.sln", packed);
  const SoundDiagnosis found = look();
  ASSERT_EQ(found.findings.size(), 1U) << rules_of(found);
  EXPECT_EQ(found.findings[0].rule, "no sound");
  ASSERT_EQ(found.findings[0].where.size(), 2U);
  EXPECT_EQ(found.findings[0].where.all()[0].file, "packed.sln");
  EXPECT_NE(found.findings[0].where.all()[0].measure.find("noise at -4."), std::string::npos)
      << found.findings[0].where.all()[0].measure;  // of a uniform distribution: -4.77 dB
  EXPECT_NE(found.findings[0].where.all()[1].measure.find("one side of zero"), std::string::npos);
}

TEST_F(SoundDoctor, SilenceShortFilesAndUnequalLevelsAreTold) {
  write_clean();
  write("silence.wav", noise(3, 2, 0x1p-14));
  Samples paused = voice(21);
  std::fill_n(paused.begin() + 16'000, 24'000, 0.0F);  // from 2 s on, for 3 s
  write("paused.wav", paused);
  write("short.wav", [] {
    Samples s = voice(22, 1);
    s.resize(2000);
    return s;
  }());
  write("soft.wav", times(voice(23), 0.12));
  const SoundDiagnosis found = look();
  EXPECT_EQ(found.findings.size(), 4U) << rules_of(found);
  expect_one(found, "silent", Severity::warning, "silence.wav", "2.0 s");
  expect_one(found, "long silence", Severity::note, "paused.wav", "3.0 s", 2);
  expect_one(found, "shorter than the field", Severity::note, "short.wav", "0.250 s");
  expect_one(found, "unequal levels", Severity::note, "soft.wav", "dB");
}

TEST_F(SoundDoctor, ARateThatNoneCanBeBroughtToIsAnError) {
  write("slow.wav", voice(1, 2));
  write("fast.wav", noise(9, 0.2, 0.3, 1'000'000), 1'000'000);
  const SoundDiagnosis found = look({.rate = 3900});
  expect_one(found, "rates apart", Severity::error, "fast.wav", "1000000 Hz");
  EXPECT_NE(problem_of([&] {
              open(Config::parse(R"({"data": {"format": "sound", "sample_rate": 3900}})", "test"),
                   folder_);
            }).find("fast.wav: has 1000000 samples a second and cannot be brought to 3900"),
            std::string::npos);
  EXPECT_EQ(find_rule(look({.rate = 3907}), "rates apart"), nullptr);  // 256 times 3906.25
}

TEST_F(SoundDoctor, AnEmptyBandIsNoFaultAtARateThatCutsItOff) {
  write("low.wav", sound::resample(voice(2, 2, 8000), 8000, 44'100), 44'100);
  const auto warned = [&](std::int64_t rate) {
    return find_rule(look({.rate = rate}), "band limit") != nullptr;
  };
  EXPECT_TRUE(warned(0));
  EXPECT_TRUE(warned(44'100));
  EXPECT_TRUE(warned(16'000));  // a half of its band would be empty
  EXPECT_FALSE(warned(8000));
  EXPECT_FALSE(warned(6000));
}

TEST_F(SoundDoctor, BytesBehindTheSoundAreTold) {
  write("a.wav", voice(1, 2));
  std::ofstream(folder_ / "a.wav", std::ios::app) << "words that are no chunk";
  expect_one(look(), "header", Severity::warning, "a.wav", "something else begins at byte ");
}

TEST_F(SoundDoctor, AFileNamedTwiceIsLookedAtOnce) {
  write("a.wav", voice(1, 2));
  write("b.wav", voice(2, 2));
  const SoundDiagnosis found = diagnose_sound({folder_, folder_ / "b.wav"}, {});
  EXPECT_EQ(found.files, 2U);
  EXPECT_EQ(found.repeated, 1U);
  EXPECT_EQ(find_rule(found, "duplicates"), nullptr);
}

TEST_F(SoundDoctor, HowMuchThereIsIsComparedWithWhatIsAskedFor) {
  write_clean();  // 36 s, 288,000 samples
  EXPECT_EQ(rules_of(look({.piece = 48'000, .parameters = 288'000})), "");
  const SoundDiagnosis small = look({.piece = 48'001, .parameters = 288'001});
  ASSERT_EQ(small.findings.size(), 2U) << rules_of(small);
  const SoundFinding* little = find_rule(small, "too little data");
  ASSERT_NE(little, nullptr);
  EXPECT_EQ(little->severity, Severity::warning);
  EXPECT_TRUE(little->what.starts_with("288000 samples, 0:36 minutes, fewer than the 288001 "))
      << little->what;
  const SoundFinding* pieces = find_rule(small, "shorter than a piece");
  ASSERT_NE(pieces, nullptr);
  EXPECT_EQ(pieces->where.size(), kClean);
  const SoundDiagnosis doubled = look({.rate = 16'000, .piece = 96'000, .parameters = 576'000});
  EXPECT_EQ(find_rule(doubled, "too little data"), nullptr);  // counted at the rate of training
  EXPECT_EQ(find_rule(doubled, "shorter than a piece"), nullptr);
}

TEST_F(SoundDoctor, NineSamplesCannotBeSplit) {
  write("a.wav", Samples(9, 0.1F));
  const SoundDiagnosis found = look({});
  const SoundFinding* little = find_rule(found, "too little data");
  ASSERT_NE(little, nullptr) << rules_of(found);
  EXPECT_EQ(little->severity, Severity::error);
  write("a.wav", Samples(10, 0.1F));
  EXPECT_FALSE(look({}).has(Severity::error));
}

// An error exactly where training refuses the data.
TEST_F(SoundDoctor, AgreesWithTraining) {
  ::setenv("XDG_CACHE_HOME", (folder_ / ".cache").c_str(), 1);
  const auto refuses = [&](const std::string& rate) {
    const Config recipe = Config::parse(
        R"({"data": {"format": "sound", "piece": 100)" + rate + "}}", "the test's recipe");
    try {
      open(recipe, {folder_.string()});
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  const auto expect = [&](bool refused, const std::string& what) {
    EXPECT_EQ(refuses(""), refused) << what;
    EXPECT_EQ(look({.piece = 100}).has(Severity::error), refused) << what;
  };
  write("a.wav", clicked(plus(voice(1), 0.05)));
  write("b.wav", times(voice(2), 1 / 256.0));
  write_stereo("stereo.wav", voice(17), times(voice(17), -1));
  expect(false, "clipped, off zero, quiet and cancelling");
  write("cut.wav", voice(16));
  std::filesystem::resize_file(folder_ / "cut.wav", 44 + 2 * 20'000);
  expect(false, "a header that claims too much");
  write("c.wav", voice(3, 2, 11'025), 11'025);
  expect(true, "two rates");
  EXPECT_FALSE(refuses(R"(, "sample_rate": 8000)"));
  EXPECT_FALSE(look({.rate = 8000}).has(Severity::error));
  for (const std::string name : {"a.wav", "b.wav", "c.wav", "cut.wav", "stereo.wav"}) {
    std::filesystem::remove(folder_ / name);
  }
  for (const std::size_t samples : {9U, 10U}) {
    write("a.wav", Samples(samples, 0.1F));
    expect(samples < 10, fmt::format("{} samples", samples));
  }
  write("a.wav", voice(1));
  spit("text.wav", "It was the best of times.\n");
  expect(true, "text");
  spit("text.wav", sound::wav_bytes({}, kTestRate));
  expect(true, "0 samples");
}

TEST_F(SoundDoctor, FoldersWithoutSoundAreErrors) {
  EXPECT_THROW(look(), Error);
  write("a.wav", voice(1));
  EXPECT_THROW(look({.exclude = {"a.wav"}}), Error);
  EXPECT_THROW(diagnose_sound({folder_ / "b.wav"}, {}), Error);
}

TEST_F(SoundDoctor, JsonHoldsAllOfIt) {
  write_clean();
  write("clipped.wav", clicked(voice(11)));
  const SoundDiagnosis found = look();
  const auto json = nlohmann::json::parse(json_of(found));
  EXPECT_EQ(json["format"], "sound");
  EXPECT_EQ(json["files"], kClean + 1);
  EXPECT_EQ(json["rates"], nlohmann::json({{kTestRate, kClean + 1}}));
  EXPECT_NEAR(json["seconds"].get<double>(), 42, 1e-9);
  ASSERT_EQ(json["findings"].size(), 1U);
  EXPECT_EQ(json["findings"][0]["rule"], "clipping");
  EXPECT_EQ(json["findings"][0]["places"][0]["file"], "clipped.wav");
  EXPECT_EQ(json["findings"][0]["places"][0]["seconds"], 1.25);
  std::int64_t windows = 0;
  for (const auto& row : json["levels"]) {
    windows += row["windows"].get<std::int64_t>();
  }
  EXPECT_EQ(windows, 42 * 50);
}

TEST(SoundPlaces, NameFilesTimesAndFigures) {
  SoundPlaces where;
  where.add({.file = "a.wav", .seconds = 61.25, .measure = "12 samples"});
  EXPECT_EQ(where.text(), "a.wav at 01:01.250 (12 samples)");
  for (int i = 0; i < 8; ++i) {
    where.add({.file = "b.wav"});
  }
  EXPECT_TRUE(where.text().ends_with("b.wav and 3 more")) << where.text();
  EXPECT_EQ(time_text(0.0004), "00:00.000");
  EXPECT_EQ(time_text(3599.9996), "60:00.000");
}

}  // namespace
}  // namespace wavenet::data
