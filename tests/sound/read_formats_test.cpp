// Each format that is read, against what was put into it: exactly where the format keeps that, by level
// and place of a sine where it does not.
#include <array>

#include "sounds.h"

namespace wavenet::sound {
namespace {

namespace fs = std::filesystem;

class ReadFormats : public InFolder {
 protected:
  std::vector<float> read_of(const std::string& name, std::string_view bytes) {
    put(folder_ / name, bytes);
    return read_all(folder_ / name);
  }
};

// A walk over the whole range, with both of its ends.
std::vector<short> all_kinds_of_shorts() {
  std::vector<short> samples{0, 1, -1, 32767, -32768, 256, -256};
  for (int i = 0; i < 5000; ++i) {
    samples.push_back(static_cast<short>(i * 7919 % 65536 - 32768));
  }
  return samples;
}

TEST_F(ReadFormats, WhatKeeps16BitsKeepsThem) {
  const std::vector<short> samples = all_kinds_of_shorts();
  const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16,   SF_FORMAT_WAV | SF_FORMAT_PCM_24,
                         SF_FORMAT_WAV | SF_FORMAT_PCM_32,   SF_FORMAT_WAVEX | SF_FORMAT_PCM_16,
                         SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
                         SF_FORMAT_W64 | SF_FORMAT_PCM_16,   SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                         SF_FORMAT_AIFF | SF_FORMAT_PCM_24,  SF_FORMAT_AU | SF_FORMAT_PCM_16,
                         SF_FORMAT_CAF | SF_FORMAT_PCM_16,   SF_FORMAT_CAF | SF_FORMAT_ALAC_16,
                         SF_FORMAT_NIST | SF_FORMAT_PCM_16,  SF_FORMAT_VOC | SF_FORMAT_PCM_16,
                         SF_FORMAT_FLAC | SF_FORMAT_PCM_16,  SF_FORMAT_FLAC | SF_FORMAT_PCM_24};
  const fs::path path = folder_ / "sound";  // what it is stands in it
  for (const int format : formats) {
    write_shorts(path, format, 16000, 1, samples);
    Report report;
    const std::vector<float> read = read_all(path, {}, &report);
    ASSERT_EQ(read.size(), samples.size()) << std::hex << format;
    for (std::size_t i = 0; i < read.size(); ++i) {
      ASSERT_EQ(read[i], static_cast<float>(samples[i]) / 32768) << std::hex << format << " " << i;
    }
    EXPECT_EQ(report.facts.rate, 16000);
    EXPECT_EQ(report.facts.channels, 1);
    EXPECT_EQ(report.facts.claimed, static_cast<std::int64_t>(samples.size()));
    EXPECT_EQ(report.frames, report.samples);
    EXPECT_FALSE(report.resampled);
    EXPECT_EQ(report.peak, 1);
    EXPECT_EQ(report.clamped, 0);
    EXPECT_EQ(report.warnings, std::vector<std::string>()) << std::hex << format;
  }
}

TEST_F(ReadFormats, FloatsAndDoublesAreThemselves) {
  const std::vector<float> samples{0, 0.1F, -0.3F, 1, -1, 1e-20F, 0.999F};
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_WAV | SF_FORMAT_DOUBLE,
                           SF_FORMAT_WAVEX | SF_FORMAT_FLOAT, SF_FORMAT_AIFF | SF_FORMAT_FLOAT,
                           SF_FORMAT_AU | SF_FORMAT_DOUBLE}) {
    write_floats(folder_ / "sound", format, 44100, 1, samples);
    EXPECT_EQ(read_all(folder_ / "sound"), samples) << std::hex << format;
  }
}

TEST_F(ReadFormats, EightBitsOfWavHaveNoSign) {
  const std::string data{'\0', '\x40', '\x7F', '\x80', '\x81', '\xFF'};
  const std::vector<float> expected{-1, -0.5F, -1 / 128.0F, 0, 1 / 128.0F, 127 / 128.0F};
  EXPECT_EQ(read_of("a.wav", wav_file({1, 1, 8000, 8, 1}, data)), expected);
}

// ITU-T G.711, tables 1 and 2, as formulas; the samples have 14 and 13 bits.
float mu_law_of(int byte) {
  const int flipped = ~byte & 0xFF;
  const int size = ((((flipped & 0xF) << 3) + 0x84) << ((flipped & 0x70) >> 4)) - 0x84;
  return static_cast<float>(flipped & 0x80 ? -size : size) / 32768;
}
float a_law_of(int byte) {
  const int flipped = byte ^ 0x55;
  const int segment = (flipped & 0x70) >> 4;
  const int place = ((flipped & 0xF) << 4) + (segment == 0 ? 8 : 0x108);
  const int size = segment == 0 ? place : place << (segment - 1);
  return static_cast<float>(flipped & 0x80 ? size : -size) / 32768;
}

TEST_F(ReadFormats, TelephonesLawsAreThoseOfTheStandard) {
  std::string all;
  std::vector<float> mu;
  std::vector<float> a;
  for (int byte = 0; byte < 256; ++byte) {
    all.push_back(static_cast<char>(byte));
    mu.push_back(mu_law_of(byte));
    a.push_back(a_law_of(byte));
  }
  EXPECT_EQ(read_of("mu.wav", wav_file({7, 1, 8000, 8, 1}, all)), mu);
  EXPECT_EQ(read_of("a.wav", wav_file({6, 1, 8000, 8, 1}, all)), a);
}

TEST_F(ReadFormats, RawPromptsHaveTheRateOfTheirName) {
  const std::string data = bytes_of_shorts({0, 16384, -32768, 32767});
  const std::vector<float> expected{0, 0.5F, -1, 32767 / 32768.0F};
  const std::pair<std::string, int> names[] = {
      {"a.sln", 8000},      {"a.sln12", 12000}, {"a.sln16", 16000}, {"a.sln24", 24000},
      {"a.sln32", 32000},   {"a.sln44", 44100}, {"a.sln48", 48000}, {"a.sln96", 96000},
      {"a.sln192", 192000}, {"A.SLN16", 16000}};
  for (const auto& [name, rate] : names) {
    EXPECT_EQ(read_of(name, data), expected) << name;
    EXPECT_EQ(look(folder_ / name).rate, rate) << name;
  }
  // A header is believed before a name.
  EXPECT_EQ(read_of("wav.sln", wav_file({1, 1, 22050, 16, 2}, data)), expected);
  EXPECT_EQ(look(folder_ / "wav.sln").rate, 22050);
}

TEST_F(ReadFormats, RawGsmIsKnownByItsFrames) {
  const auto samples = sine(400, 8000, 8000, 0.5);
  write_shorts(folder_ / "a.gsm", SF_FORMAT_RAW | SF_FORMAT_GSM610, 8000, 1, shorts_of(samples));
  Report report;
  const auto read = read_all(folder_ / "a.gsm", {}, &report);
  EXPECT_EQ(read.size(), 8000U);
  EXPECT_EQ(report.facts.format, "RAW (header-less), GSM 6.10");
  const Tone tone = tone_of(std::span(read).subspan(2000, 4000), 400, 8000, 2000);
  EXPECT_NEAR(tone.amplitude, 0.5, 0.05);
}

TEST_F(ReadFormats, LossySoundKeepsLevelPlaceAndLength) {
  const auto samples = sine(440, 48000, 96000, 0.5);
  for (const int kind : {SF_FORMAT_VORBIS, SF_FORMAT_OPUS}) {
    write_floats(folder_ / "a.ogg", SF_FORMAT_OGG | kind, 48000, 1, samples);
    Report report;
    const auto read = read_all(folder_ / "a.ogg", {}, &report);
    EXPECT_EQ(read.size(), samples.size()) << std::hex << kind;
    const Tone tone = tone_of(std::span(read).subspan(20000, 48000), 440, 48000, 20000);
    EXPECT_NEAR(tone.amplitude, 0.5, 0.02) << std::hex << kind;
    EXPECT_NEAR(tone.delay, 0, 1) << std::hex << kind;
    EXPECT_TRUE(report.warnings.empty()) << report.warnings.front();
  }
}

TEST_F(ReadFormats, Mp3KeepsLevelPlaceAndLength) {
  if (!runs("command -v lame")) {
    GTEST_SKIP() << "lame is not installed";
  }
  write_shorts(folder_ / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1,
               shorts_of(sine(440, 44100, 88200, 0.5)));
  const std::string wav = folder_ / "a.wav";
  // Up to 128 kbit/s this encoder lowers the level by a twentieth, and no option keeps it from that.
  ASSERT_TRUE(runs("lame -b 320 " + wav + " " + wav + ".mp3"));
  Report report;
  const auto read = read_all(wav + ".mp3", {}, &report);
  EXPECT_EQ(read.size(), 88200U);
  EXPECT_EQ(report.facts.format, "MPEG-1/2 Audio, MPEG Layer III");
  const Tone tone = tone_of(std::span(read).subspan(20000, 44100), 440, 44100, 20000);
  EXPECT_NEAR(tone.amplitude, 0.5, 0.02);
  EXPECT_NEAR(tone.delay, 0, 1);
  EXPECT_TRUE(report.warnings.empty());
}

TEST_F(ReadFormats, ChannelsBecomeTheirMean) {
  const std::string stereo = bytes_of_shorts({16384, 0, 16384, 16384, -32768, 0});
  EXPECT_EQ(read_of("a.wav", wav_file({1, 2, 8000, 16, 4}, stereo)),
            (std::vector<float>{0.25F, 0.5F, -0.5F}));
  const std::string four = bytes_of_shorts({4096, 8192, 0, 4096});
  EXPECT_EQ(read_of("b.wav", wav_file({1, 4, 8000, 16, 8}, four)), (std::vector<float>{0.125F}));
  EXPECT_EQ(look(folder_ / "b.wav").channels, 4);
}

TEST_F(ReadFormats, TellsOfChannelsThatCancel) {
  const auto channels = [&](const std::function<float(std::size_t, std::size_t)>& sample,
                            std::size_t count) {
    std::vector<float> frames;
    for (std::size_t i = 0; i < 8000; ++i) {
      for (std::size_t c = 0; c < count; ++c) {
        frames.push_back(sample(i, c));
      }
    }
    write_floats(folder_ / "a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 8000, static_cast<int>(count),
                 frames);
    return read(folder_ / "a.wav", {}, [](std::span<const float>) {});
  };
  const auto tone = [](std::size_t i, double hertz) {
    return static_cast<float>(
        0.5 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / 8000));
  };
  const Report opposite = channels(
      [&](std::size_t i, std::size_t c) { return (c == 0 ? 1.0F : -0.95F) * tone(i, 300); }, 2);
  EXPECT_TRUE(opposite.cancels);
  ASSERT_EQ(opposite.warnings.size(), 1U);
  EXPECT_EQ(
      opposite.warnings[0],
      (folder_ / "a.wav").string() +
          ": its 2 channels extinguish each other when they are mixed, as where one is the other "
          "upside down; take one of them");
  // Nearly opposite: of a fifth, a twentieth of the channels' power is left.
  EXPECT_FALSE(
      channels([&](std::size_t i, std::size_t c) { return (c == 0 ? 1.0F : -0.6F) * tone(i, 300); },
               2)
          .cancels);
  EXPECT_FALSE(channels([&](std::size_t i, std::size_t) { return tone(i, 300); }, 2).cancels);
  EXPECT_FALSE(channels([&](std::size_t i, std::size_t c) { return c == 0 ? tone(i, 300) : 0; }, 64)
                   .cancels);
  EXPECT_FALSE(
      channels([&](std::size_t i, std::size_t c) { return tone(i, c == 0 ? 300 : 500); }, 2)
          .cancels);
  EXPECT_FALSE(channels([](std::size_t, std::size_t) { return 0.0F; }, 2).cancels);
}

TEST_F(ReadFormats, ComesAtTheRateThatIsAskedFor) {
  write_floats(folder_ / "a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 1,
               sine(1000, 44100, 44101, 0.5));
  Report report;
  const auto read = read_all(folder_ / "a.wav", {.rate = 16000}, &report);
  EXPECT_EQ(read.size(), 16000U);  // of 16,000.36
  EXPECT_TRUE(report.resampled);
  EXPECT_EQ(report.frames, 44101);
  EXPECT_EQ(report.samples, 16000);
  EXPECT_EQ(report.facts.rate, 44100);
  const Tone tone = tone_of(std::span(read).subspan(4000, 8000), 1000, 16000, 4000);
  EXPECT_NEAR(tone.amplitude, 0.5, 0.002);
  EXPECT_NEAR(tone.delay, 0, 0.001);
}

}  // namespace
}  // namespace wavenet::sound
