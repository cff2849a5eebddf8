// What tests of sound files share: files made by hand, by libsndfile, or by other programs where they are
// installed.
#pragma once

#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "../folder.h"
#include "wavenet/sound/read.h"

namespace wavenet::sound {

inline std::string little_endian(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  }
  return bytes;
}

struct WavForm {
  int tag = 1;
  int channels = 1;
  int rate = 8000;
  int bits = 16;
  int frame_bytes = 2;
};

// `claimed`: what the chunk of the sound says to hold; -1: the truth.
inline std::string wav_file(const WavForm& form, std::string_view data, std::int64_t claimed = -1) {
  const auto size =
      static_cast<std::uint64_t>(claimed < 0 ? static_cast<std::int64_t>(data.size()) : claimed);
  std::string bytes = "RIFF" + little_endian(36 + data.size(), 4) + "WAVEfmt ";
  bytes += little_endian(16, 4);
  bytes += little_endian(static_cast<std::uint64_t>(form.tag), 2);
  bytes += little_endian(static_cast<std::uint64_t>(form.channels), 2);
  bytes += little_endian(static_cast<std::uint64_t>(form.rate), 4);
  bytes += little_endian(static_cast<std::uint64_t>(form.rate * form.frame_bytes), 4);
  bytes += little_endian(static_cast<std::uint64_t>(form.frame_bytes), 2);
  bytes += little_endian(static_cast<std::uint64_t>(form.bits), 2);
  return bytes + "data" + little_endian(size, 4) + std::string(data);
}

// The samples as 16 bits, little endian.
inline std::string bytes_of_shorts(const std::vector<short>& samples) {
  std::string bytes;
  for (const short sample : samples) {
    bytes += little_endian(static_cast<std::uint16_t>(sample), 2);
  }
  return bytes;
}

inline std::string bytes_of_floats(const std::vector<float>& samples) {
  return {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)};
}

inline std::vector<float> sine(double hertz, double rate, std::size_t length, double amplitude) {
  std::vector<float> samples(length);
  for (std::size_t i = 0; i < length; ++i) {
    samples[i] = static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate));
  }
  return samples;
}

inline std::vector<short> shorts_of(const std::vector<float>& samples) {
  std::vector<short> shorts;
  for (const float x : samples) {
    shorts.push_back(static_cast<short>(std::lround(x * 32767)));
  }
  return shorts;
}

inline void put(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Written by libsndfile, whose own scaling does not touch shorts of 16 bits and floats of 32.
inline void write_shorts(const std::filesystem::path& path, int format, int rate, int channels,
                         const std::vector<short>& samples) {
  SF_INFO info{0, rate, channels, format, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << path << ": " << sf_strerror(nullptr);
  const auto count = static_cast<sf_count_t>(samples.size());
  EXPECT_EQ(sf_write_short(file, samples.data(), count), count);
  sf_close(file);
}

inline void write_floats(const std::filesystem::path& path, int format, int rate, int channels,
                         const std::vector<float>& samples) {
  SF_INFO info{0, rate, channels, format, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << path << ": " << sf_strerror(nullptr);
  const auto count = static_cast<sf_count_t>(samples.size());
  EXPECT_EQ(sf_write_float(file, samples.data(), count), count);
  sf_close(file);
}

// What libsndfile says by itself, to show that a file is as strange as its test needs it.
inline SF_INFO info_of(const std::filesystem::path& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  EXPECT_NE(file, nullptr) << path;
  sf_close(file);
  return info;
}

inline bool runs(const std::string& command) {
  return std::system(("(" + command + ") >/dev/null 2>&1").c_str()) == 0;
}

// The amplitude of the sine of this frequency in the sound, and how many samples later than sin(2 pi f t)
// it is, by least squares; the sound begins at sample `first`.
struct Tone {
  double amplitude = 0;
  double delay = 0;
};
inline Tone tone_of(std::span<const float> samples, double hertz, double rate, double first) {
  double ss = 0;
  double sc = 0;
  double cc = 0;
  double sx = 0;
  double cx = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double turn = 2 * std::numbers::pi * hertz * (first + static_cast<double>(i)) / rate;
    const double s = std::sin(turn);
    const double c = std::cos(turn);
    const auto x = static_cast<double>(samples[i]);
    ss += s * s;
    sc += s * c;
    cc += c * c;
    sx += s * x;
    cx += c * x;
  }
  const double sine_part = (cc * sx - sc * cx) / (ss * cc - sc * sc);
  const double cosine_part = (ss * cx - sc * sx) / (ss * cc - sc * sc);
  return {std::hypot(sine_part, cosine_part),
          -std::atan2(cosine_part, sine_part) * rate / (2 * std::numbers::pi * hertz)};
}

}  // namespace wavenet::sound
