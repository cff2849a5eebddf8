#include "wavenet/sound/wav_bytes.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include "tests/folder.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::sound {
namespace {

// The header by hand, from the RIFF specification.
TEST(WavBytes, BeginWithAHeaderOf44Bytes) {
  const std::string wav = wav_of(std::string("\xff\x00\x80", 3), 8000);
  const std::string expected(
      "RIFF\x2a\0\0\0WAVE"
      "fmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0"
      "data\x06\0\0\0"
      "\xff\x7f\x00\x80\x03\x00",  // 32767, -32768; silence: 32768 (256^(1/255) - 1) / 255 = 2.8
      50);
  EXPECT_EQ(wav, expected);
}

TEST(WavBytes, AreReadByLibsndfileAndKeepEveryCode) {
  std::string codes;
  for (int code = 0; code < 256; ++code) {
    codes += static_cast<char>(code);
  }
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("wavenet-{}-codes.wav", ::getpid());
  std::ofstream(path, std::ios::binary) << wav_of(codes, 44'100);
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  std::vector<float> samples(300);
  EXPECT_EQ(sf_readf_float(file, samples.data(), 300), 256);
  sf_close(file);
  std::filesystem::remove(path);
  EXPECT_EQ(info.samplerate, 44'100);
  EXPECT_EQ(info.channels, 1);
  EXPECT_EQ(info.format, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  for (int code = 0; code < 256; ++code) {
    EXPECT_EQ(code_of(samples[static_cast<std::size_t>(code)]), code);
  }
}

TEST(WavBytes, GiveTheLevelsOfCodes) {
  EXPECT_EQ(levels_of(std::string("\x00\xef\xff", 3)), (std::vector<float>{-1, level_of(239), 1}));
}

// Low byte first, by 2^15; what lies beyond is clamped.
TEST(WavBytes, GiveTheLevelsOf16Bits) {
  const std::string bytes("\x00\x80\xff\xff\x00\x00\x34\x12", 8);
  const std::vector<float> levels{-1, -1.0F / 32'768, 0, 0x1234 / 32'768.0F};
  EXPECT_EQ(levels_of(bytes, 16), levels);
  EXPECT_EQ(pcm16_of(levels), bytes);
  EXPECT_EQ(pcm16_of(std::vector<float>{-3, 3}), std::string("\x00\x80\xff\x7f", 4));
  EXPECT_EQ(wav_of(bytes, 48'000, 16).substr(44), bytes);
}

TEST(WavBytes, RefuseARateThatIsNone) {
  EXPECT_EQ(problem_of([] { wav_of("", 0); }),
            "WAV in memory: cannot have 0 samples a second, only 1 to 1048576");
}

}  // namespace
}  // namespace wavenet::sound
