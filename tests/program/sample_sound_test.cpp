// wavenet sample of a model of sound: what comes out as WAV and as raw samples, and what is said.
#include <gtest/gtest.h>

#include <complex>
#include <cstring>

#include "tests/program/child.h"
#include "tests/program/sound_model.h"
#include "wavenet/sound/read.h"

namespace {

using namespace program;

class SampledSound : public testing::Test {
 protected:
  void SetUp() override {
    write_wavenet_of_sound(folder_ / "m.safetensors");
    write_model_of(folder_ / "sine.safetensors", sine(200, 1));
  }
  Result sample(const std::string& flags, const std::string& model = "m") {
    return program::run(folder_, "sample " + (folder_ / model) + ".safetensors " + flags);
  }
  std::string out(const std::string& name) { return " --out " + (folder_ / name); }
  bool exists(const std::string& name) { return std::filesystem::exists(folder_ / name); }
  // The samples of a file whose header is that of 16 bits, one channel and kRate.
  std::vector<std::int16_t> samples_of(const std::string& name) {
    const std::string bytes = slurp(folder_ / name);
    EXPECT_GE(bytes.size(), 44U);
    const auto number = [&](std::size_t at, std::size_t size) {
      std::uint32_t value = 0;
      std::memcpy(&value, bytes.data() + at, size);
      return value;
    };
    EXPECT_EQ(bytes.substr(0, 4) + bytes.substr(8, 8), "RIFFWAVEfmt ");
    EXPECT_EQ(number(4, 4), bytes.size() - 8);
    EXPECT_EQ(number(20, 2), 1U);  // PCM
    EXPECT_EQ(number(22, 2), 1U);
    EXPECT_EQ(number(24, 4), static_cast<std::uint32_t>(kRate));
    EXPECT_EQ(number(34, 2), 16U);
    EXPECT_EQ(bytes.substr(36, 4), "data");
    EXPECT_EQ(number(40, 4), bytes.size() - 44);
    return raw(bytes.substr(44));
  }
  static std::vector<std::int16_t> raw(const std::string& bytes) {
    std::vector<std::int16_t> samples(bytes.size() / 2);
    std::memcpy(samples.data(), bytes.data(), 2 * samples.size());
    return samples;
  }
  Folder folder_;
};

// |DFT|^2 at whole hertz of one second.
std::vector<double> power(const std::vector<std::int16_t>& second) {
  const std::size_t n = second.size();
  std::vector<std::complex<double>> turn(n);
  for (std::size_t i = 0; i < n; ++i) {
    turn[i] =
        std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n));
  }
  std::vector<double> power(n / 2);
  for (std::size_t k = 0; k < power.size(); ++k) {
    std::complex<double> sum = 0;
    for (std::size_t t = 0; t < n; ++t) {
      sum += static_cast<double>(second[t]) * turn[k * t % n];
    }
    power[k] = std::norm(sum);
  }
  return power;
}

void expect_sine(const std::vector<std::int16_t>& second, std::size_t hertz) {
  ASSERT_EQ(second.size(), static_cast<std::size_t>(kRate));
  const std::vector<double> spectrum = power(second);
  const auto peak = std::max_element(spectrum.begin(), spectrum.end()) - spectrum.begin();
  EXPECT_EQ(peak, static_cast<std::ptrdiff_t>(hertz));
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    if (k + 20 < hertz || k > hertz + 20) {
      EXPECT_LT(spectrum[k], spectrum[hertz] / 100) << k;
    }
  }
  double squares = 0;
  for (const std::int16_t sample : second) {
    squares += static_cast<double>(sample) * static_cast<double>(sample);
  }
  const double level = std::sqrt(squares / static_cast<double>(second.size())) / 32768;
  EXPECT_NEAR(level, 0.5 / std::numbers::sqrt2, 0.01);  // mu-law steps there are of 2 %
}

TEST_F(SampledSound, OfASineIsTheSine) {
  const Result result = sample("--greedy --seconds 1" + out("x.wav"), "sine");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, (folder_ / "x.wav") + ": 1.000 s, 8000 samples, 8000 a second\n");
  expect_sine(samples_of("x.wav"), 200);
}

// What is read back from a file codes to what was drawn: after a moment of silence, the sine.
TEST_F(SampledSound, AFileHoldsTheCodesThatWereDrawn) {
  ASSERT_EQ(sample("--greedy --seconds 0.5" + out("x.wav"), "sine").code, 0);
  std::vector<std::int32_t> codes = codes_of(sound::read_all(folder_ / "x.wav"));
  codes.erase(codes.begin(), std::find_if(codes.begin(), codes.end(), [](std::int32_t code) {
                return code != sound::kSilence;
              }));
  EXPECT_GT(codes.size(), 3990U);
  std::vector<std::int32_t> expected = codes_of(sine(200, 0.5));
  expected.resize(codes.size());
  EXPECT_EQ(codes, expected);
}

TEST_F(SampledSound, TheSameSeedGivesTheSameBytes) {
  ASSERT_EQ(sample("-n 3 --seconds 0.3 --seed 5" + out("a.wav")).code, 0);
  ASSERT_EQ(sample("--seconds 0.3 --seed 5" + out("b.wav")).code, 0);
  ASSERT_EQ(sample("--seconds 0.3 --seed 6" + out("c.wav")).code, 0);
  EXPECT_EQ(slurp(folder_ / "a-1.wav"), slurp(folder_ / "b.wav"));
  EXPECT_NE(slurp(folder_ / "a-1.wav"), slurp(folder_ / "a-2.wav"));
  EXPECT_NE(slurp(folder_ / "a-2.wav"), slurp(folder_ / "a-3.wav"));
  EXPECT_NE(slurp(folder_ / "b.wav"), slurp(folder_ / "c.wav"));
  EXPECT_FALSE(exists("a.wav"));
  EXPECT_EQ(samples_of("a-3.wav").size(), 2400U);
}

// More than are made side by side.
TEST_F(SampledSound, ManySoundsAreTheFirstOfMore) {
  ASSERT_EQ(sample("-n 70 --seconds 0.01" + out("a.wav")).code, 0);
  ASSERT_EQ(sample("-n 65 --seconds 0.01" + out("b.wav")).code, 0);
  for (int i = 1; i <= 70; ++i) {
    const std::string a = slurp(folder_ / ("a-" + std::to_string(i) + ".wav"));
    EXPECT_EQ(a.size(), 44U + 160);
    EXPECT_EQ(slurp(folder_ / ("b-" + std::to_string(i) + ".wav")), i <= 65 ? a : "") << i;
  }
}

TEST_F(SampledSound, RawSamplesAreThoseOfTheFile) {
  ASSERT_EQ(sample("--seconds 0.3" + out("x.wav")).code, 0);
  for (const char* flags : {"--seconds 0.3 --out -", "--seconds 0.3"}) {
    const Result piped = sample(flags);
    EXPECT_EQ(piped.code, 0) << piped.err;
    EXPECT_EQ(raw(piped.out), samples_of("x.wav")) << flags;
    EXPECT_NE(piped.err.find("times real time"), std::string::npos) << piped.err;
  }
  EXPECT_NE(sample("--seconds 0.3").err.find("raw samples: 16 bits, little endian, 8000 a second"),
            std::string::npos);
  EXPECT_EQ(sample("--seconds 0.3 --quiet").err, "");
}

// An hour is asked for, and the reader leaves after a moment: it has got its samples by then, and
// nothing is wrong.
TEST_F(SampledSound, AReaderThatLeavesIsACleanEnd) {
  const std::string command = "set -o pipefail; " + std::string(WAVENET_PROGRAM) + " sample " +
                              (folder_ / "m") + ".safetensors --seconds 3600 --out - 2>" +
                              (folder_ / "err") + " | head -c 3200 >" + (folder_ / "head");
  spit(folder_ / "pipe.sh", command);
  EXPECT_EQ(std::system(("bash " + (folder_ / "pipe.sh")).c_str()), 0);
  EXPECT_EQ(slurp(folder_ / "head").size(), 3200U);
  EXPECT_EQ(slurp(folder_ / "err").find("wavenet:"), std::string::npos) << slurp(folder_ / "err");
}

TEST_F(SampledSound, CtrlCKeepsWhatWasMade) {
  Child child("sample " + (folder_ / "m") + ".safetensors --seconds 36000" + out("x.wav"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  child.send(SIGINT);
  EXPECT_EQ(child.wait(), 130);
  const auto kept = samples_of("x.wav");
  ASSERT_EQ(sample("--seconds 0.05" + out("y.wav")).code, 0);
  const auto whole = samples_of("y.wav");
  ASSERT_GT(kept.size(), whole.size());
  EXPECT_TRUE(std::equal(whole.begin(), whole.end(), kept.begin()));
}

// The model knows three samples: with them a sine goes on where it was, whatever stood before.
TEST_F(SampledSound, APrimeGoesOnAndStandsFirst) {
  for (const double seconds : {0.0005, 0.1, 0.7003}) {  // 4 samples, many, and not a whole period
    sound::write_wav(folder_ / "p.wav", sine(200, seconds), kRate);
    const Result result = sample(
        "--greedy --overwrite --seconds 1 --prime " + (folder_ / "p.wav") + out("x.wav"), "sine");
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(codes_of(sound::read_all(folder_ / "x.wav")), codes_of(sine(200, 1 + seconds)));
    EXPECT_EQ(result.err.find("resampled"), std::string::npos) << result.err;
  }
  const Result part = sample("--greedy --overwrite --seconds 0.5 --prime-seconds 0.25 --prime " +
                                 (folder_ / "p.wav") + out("x.wav"),
                             "sine");
  ASSERT_EQ(part.code, 0) << part.err;
  EXPECT_EQ(codes_of(sound::read_all(folder_ / "x.wav")), codes_of(sine(200, 0.75)));
  EXPECT_NE(
      sample("--overwrite --prime-seconds 9 --prime " + (folder_ / "p.wav") + out("x.wav"), "sine")
          .err.find("all of its 0.700 s are taken, --prime-seconds asks for 9"),
      std::string::npos);
}

TEST_F(SampledSound, APrimeAtAnotherRateIsResampledAndSaid) {
  sound::write_wav(folder_ / "p.wav", sine(200, 0.5, 44'100), 44'100);
  const Result result =
      sample("--greedy --json --seconds 1 --prime " + (folder_ / "p.wav") + out("x.wav"), "sine");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.err.find("p.wav: resampled from 44100 to the model's 8000 samples a second"),
            std::string::npos)
      << result.err;
  const json said = json::parse(result.out);
  EXPECT_EQ(said["prime"], 4000);
  EXPECT_EQ(said["samples"], 12'000);
  const auto samples = samples_of("x.wav");
  ASSERT_EQ(samples.size(), 12'000U);
  expect_sine({samples.begin() + 4000, samples.end()}, 200);
}

// What is strange about its end is told, and what was clamped there, though only its beginning is taken.
TEST_F(SampledSound, APrimeIsReadToItsEnd) {
  std::vector<float> samples = sine(200, 2);
  samples[12'000] = 1.25F;
  sound::write_wav(folder_ / "p.wav", samples, kRate, sound::Sample::float32);
  std::filesystem::resize_file(folder_ / "p.wav",
                               std::filesystem::file_size(folder_ / "p.wav") - 4000);
  const Result result = sample(
      "--greedy --seconds 0.1 --prime-seconds 0.25 --prime " + (folder_ / "p.wav") + out("x.wav"),
      "sine");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(samples_of("x.wav").size(), 2800U);
  EXPECT_NE(result.err.find("p.wav: 1 of 15000 samples lie beyond full scale and are clamped"),
            std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("p.wav: its header claims 16000 samples, 15000 were read"),
            std::string::npos)
      << result.err;
}

// 10^12 sounds of three seconds are 48 PB: refused with figures, at once.
TEST_F(SampledSound, MoreThanTheDiskHoldsIsRefused) {
  expect_one_line(sample("-n 1000000000000" + out("x.wav")), 1,
                  "1000000000000 sounds take 48044000.0 GB, and ");
  EXPECT_FALSE(exists("x-1.wav"));
}

TEST_F(SampledSound, JsonTellsEachFile) {
  const Result result = sample("-n 2 --json --seconds 0.25 --seed 9" + out("x.wav"));
  ASSERT_EQ(result.code, 0) << result.err;
  const auto records = records_of(result.out);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1], (json{{"file", folder_ / "x-2.wav"},
                              {"number", 2},
                              {"seed", 9},
                              {"rate", 8000},
                              {"seconds", 0.25},
                              {"samples", 2000},
                              {"prime", 0}}));
}

// Without --out a file is named that is free, also where several are wanted.
TEST_F(SampledSound, FindsAFreeName) {
  const std::string in = "cd " + (folder_ / "") + " && ";
  const auto names = [&](const std::string& flags) {
    const std::string command = in + WAVENET_PROGRAM +
                                " sample m.safetensors --seconds 0.01 --json " + flags +
                                " >said 2>err";
    EXPECT_EQ(std::system(command.c_str()), 0) << slurp(folder_ / "err");
    std::vector<std::string> files;
    for (const json& record : records_of(slurp(folder_ / "said"))) {
      files.push_back(record["file"]);
    }
    return files;
  };
  using Files = std::vector<std::string>;
  EXPECT_EQ(names(""), Files{"sample-1.wav"});
  spit(folder_ / "sample-3.wav", "mine");
  EXPECT_EQ(names("-n 2"), (Files{"sample-4.wav", "sample-5.wav"}));
  EXPECT_EQ(names(""), Files{"sample-2.wav"});
  EXPECT_EQ(slurp(folder_ / "sample-3.wav"), "mine");
}

TEST_F(SampledSound, ReplacesOnlyWavAndOnlyWhenAsked) {
  ASSERT_EQ(sample("--seconds 0.1" + out("x.wav")).code, 0);
  const std::string before = slurp(folder_ / "x.wav");
  expect_one_line(sample("--seconds 0.2" + out("x.wav")), 1, "x.wav: already there; replace it");
  EXPECT_EQ(slurp(folder_ / "x.wav"), before);
  EXPECT_EQ(sample("--seconds 0.2 --overwrite" + out("x.wav")).code, 0);
  EXPECT_EQ(samples_of("x.wav").size(), 1600U);
  spit(folder_ / "words.wav", "not a sound");
  expect_one_line(sample("--overwrite" + out("words.wav")), 1, "words.wav: is there and no WAV");
  EXPECT_EQ(slurp(folder_ / "words.wav"), "not a sound");
  spit(folder_ / "y-2.wav", "not a sound");
  expect_one_line(sample("-n 2 --overwrite" + out("y.wav")), 1, "y-2.wav");
  EXPECT_FALSE(exists("y-1.wav"));
}

TEST_F(SampledSound, RefusesWhatMakesNoSense) {
  expect_one_line(sample("--seconds 0" + out("x.wav")), 2, "--seconds: must be above 0, got 0");
  expect_one_line(sample("--seconds 0.00001" + out("x.wav")), 2, "hold no sample");
  expect_one_line(sample("--seconds 1e6" + out("x.wav")), 2, "a WAV file holds 268435 s");
  expect_one_line(sample("--temperature -1" + out("x.wav")), 2, "temperature");
  expect_one_line(sample("--top-p 0" + out("x.wav")), 2, "top-p");
  expect_one_line(sample(out("x.mp3")), 2, "must end in .wav");
  expect_one_line(sample(out("nosuch/x.wav")), 1, "nosuch");
  expect_one_line(sample("-n 2 --out -"), 2, "-n 2: standard output takes one sound");
  expect_one_line(sample("--json --out -"), 2, "--json does not fit");
  expect_one_line(sample("--prime-seconds 1" + out("x.wav")), 2, "--prime-seconds");
  expect_one_line(sample("--prime nosuch.wav" + out("x.wav")), 1, "nosuch.wav");
  spit(folder_ / "text.wav", "hello, this is text");
  expect_one_line(sample("--prime " + (folder_ / "text.wav") + out("x.wav")), 1, "text.wav");
  EXPECT_FALSE(exists("x.wav"));
}

TEST_F(SampledSound, FlagsOfWordsAndOfSoundAreToldApart) {
  for (const std::string flag : {"--prompt a", "--stop a", "--max-length 5", "--continue-stream",
                                 "--unique", "--novel", "--mark-known", "--data x.txt"}) {
    expect_one_line(sample(flag), 2,
                    "sample: " + flag.substr(0, flag.find(' ')) + " is for a model of characters");
  }
  expect_one_line(sample("--prompt a --unique"), 2, "--prompt, --unique are for a model of");
  spit(folder_ / "words.txt", made_up_words(40));
  const Result trained =
      program::run(folder_, "train --recipe mlp-3 --steps 5 --quiet --data " +
                                (folder_ / "words.txt") + " --out " + (folder_ / "words"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  for (const std::string flag :
       {"--seconds 1", "--out x.wav", "--overwrite", "--prime x.wav", "--prime-seconds 1"}) {
    expect_one_line(program::run(folder_, "sample " + (folder_ / "words") + " " + flag), 2,
                    "sample: " + flag.substr(0, flag.find(' ')) + " is for a model of sound");
  }
  expect_one_line(program::run(folder_, "score --curve " + (folder_ / "words") + " emma"), 2,
                  "score: --curve is for a model of sound");
}

}  // namespace
