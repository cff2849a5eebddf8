// wavenet doctor on a folder of sound, as a new user meets it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "tests/program/made_up.h"
#include "wavenet/sound/write.h"

namespace {

using nlohmann::json;
using program::Folder;
using program::Result;
using program::run;
using program::spit;

class SoundDoctorProgram : public testing::Test {
 protected:
  SoundDoctorProgram() { std::filesystem::create_directories(folder_ / "sounds"); }

  // A second of two tones, noise beneath them, and something wrong with it.
  template <class Fault>
  void write(const std::string& name, double hertz, const Fault& fault) const {
    std::vector<float> samples(8000);
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      noise = noise * 1664525 + 1013904223;
      const double at = static_cast<double>(i) / 8000;
      samples[i] = static_cast<float>(0.3 * std::sin(6.2832 * hertz * at) +
                                      0.2 * std::sin(6.2832 * 2.71 * hertz * at) +
                                      0.01 * (noise / 4294967296.0 - 0.5));
      fault(i, samples[i]);
    }
    wavenet::sound::write_wav(folder_ / ("sounds/" + name), samples, 8000);
  }
  void write(const std::string& name, double hertz) const {
    write(name, hertz, [](std::size_t, float&) {});
  }
  Result doctor(const std::string& flags = "") const {
    return run(folder_, "doctor " + (folder_ / "sounds") + " --recipe wavenet-speech " + flags);
  }

  Folder folder_;
};

TEST_F(SoundDoctorProgram, TellsWhatWhereAndWhatToDo) {
  write("a.wav", 220);
  write("b.wav", 330, [](std::size_t i, float& x) { x = i >= 4000 && i < 4010 ? 1.0F : x; });
  write("c.wav", 440, [](std::size_t, float& x) { x += 0.1F; });
  const Result result = doctor("--set data.piece=1000");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("3 files, 0:03 minutes"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("3 files of 8000 Hz"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("b.wav at 00:00.500 (1 run, 10 samples)"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("c.wav (+0.10"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("mkdir -p fixed && sox -D "), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("fixed/c.wav dcshift -0.1"), std::string::npos) << result.out;

  const Result record = doctor("--set data.piece=1000 --json");
  EXPECT_EQ(record.code, 0);
  const json found = json::parse(record.out);
  EXPECT_EQ(found["files"], 3);
  std::vector<std::string> rules;
  for (const json& finding : found["findings"]) {
    rules.push_back(finding["rule"]);
  }
  EXPECT_EQ(rules, (std::vector<std::string>{"clipping", "DC offset", "too little data"})) << found;
}

TEST_F(SoundDoctorProgram, RefusesWhatTrainingRefuses) {
  write("a.wav", 220);
  spit(folder_ / "sounds/text.wav", "It was the best of times.\n");
  const Result result = doctor();
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.out.find("text.wav (is text, a sound file was expected)"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("1 error"), std::string::npos) << result.out;
  const Result train = run(folder_, "train --recipe wavenet-speech --steps 1 --data " +
                                        (folder_ / "sounds") + " --out " + (folder_ / "run"));
  EXPECT_NE(train.code, 0);
  EXPECT_NE(train.err.find("is text, a sound file was expected; see `wavenet doctor "),
            std::string::npos)
      << train.err;
  EXPECT_EQ(doctor("--set data.exclude=text.wav").code, 0);
}

TEST_F(SoundDoctorProgram, SaysInOneLineWhatItCannotLookAt) {
  EXPECT_EQ(
      run(folder_, "doctor --recipe wavenet-notes").err,
      "wavenet: doctor: the program makes the sound of data.format notes itself; there is nothing "
      "to look at\n");
  EXPECT_EQ(run(folder_, "doctor --recipe wavenet-speech").err,
            "wavenet: doctor: which sound? Name a folder or files\n");
  EXPECT_EQ(run(folder_, "doctor - --recipe wavenet-speech </dev/null").err,
            "wavenet: doctor: sound is not read from standard input; name a folder or files\n");
  const Result empty = doctor();
  EXPECT_NE(empty.code, 0);
  EXPECT_EQ(std::count(empty.err.begin(), empty.err.end(), '\n'), 1) << empty.err;
}

}  // namespace
