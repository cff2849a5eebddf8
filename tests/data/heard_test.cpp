// One file as a model of sound hears it: its codes, and all that reading it has to say, also where only
// its beginning is wanted.
#include "wavenet/data/audio/heard.h"

#include <gtest/gtest.h>

#include "tests/folder.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/write.h"

namespace wavenet::data {
namespace {

namespace fs = std::filesystem;

class HeardFile : public InFolder {
 protected:
  fs::path write(const std::vector<float>& samples, std::int64_t rate = 8000) const {
    sound::write_wav(folder_ / "a.wav", samples, rate, sound::Sample::float32);
    return folder_ / "a.wav";
  }
};

TEST_F(HeardFile, IsItsCodesAndNothingIsSaid) {
  const std::vector<float> samples{0, 0.5F, -0.25F, 1, -1};
  const Heard heard = hear(write(samples), 8000);
  ASSERT_EQ(heard.codes.size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(heard.codes[i], sound::code_of(samples[i])) << i;
  }
  EXPECT_TRUE(heard.notes.empty());
  EXPECT_TRUE(heard.warnings.empty());
}

TEST_F(HeardFile, OfWhichTheBeginningIsWantedIsThatOfTheWhole) {
  std::vector<float> samples(100'000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(i % 200) / 200;
  }
  const Heard whole = hear(write(samples), 8000);
  ASSERT_EQ(whole.codes.size(), 100'000U);
  for (const std::int64_t most : {1, 77, 70'000, 100'000, 200'000}) {
    const std::vector<std::uint8_t> some = hear(folder_ / "a.wav", 8000, most).codes;
    ASSERT_EQ(std::ssize(some), std::min<std::int64_t>(most, 100'000));
    EXPECT_TRUE(std::equal(some.begin(), some.end(), whole.codes.begin())) << most;
  }
}

// Both stand behind what is taken: samples that are clamped, and an end that the header lies about.
TEST_F(HeardFile, TellsWhatComesLateAlsoWhereOnlyItsBeginningIsWanted) {
  std::vector<float> samples(50'000, 0.1F);
  samples[40'000] = 1.5F;
  samples[40'001] = -2;
  const fs::path file = write(samples);
  fs::resize_file(file, fs::file_size(file) - 4000);
  for (const std::int64_t most : {std::int64_t{10}, std::int64_t{1} << 40}) {
    const Heard heard = hear(file, 8000, most);
    ASSERT_EQ(heard.notes.size(), 1U) << most;
    EXPECT_EQ(heard.notes[0],
              file.string() + ": 2 of 49000 samples lie beyond full scale and are clamped");
    ASSERT_EQ(heard.warnings.size(), 1U) << most;
    EXPECT_EQ(heard.warnings[0],
              file.string() + ": its header claims 50000 samples, 49000 were read");
  }
}

TEST_F(HeardFile, AtAnotherRateIsResampledAndSaysSo) {
  const Heard heard = hear(write(std::vector<float>(16'000, 0.25F), 16'000), 8000, 3000);
  EXPECT_EQ(heard.codes.size(), 3000U);
  EXPECT_EQ(heard.codes[2000], sound::code_of(0.25F));
  ASSERT_EQ(heard.notes.size(), 1U);
  EXPECT_EQ(heard.notes[0], (folder_ / "a.wav").string() +
                                ": resampled from 16000 to the model's 8000 samples a second");
}

}  // namespace
}  // namespace wavenet::data
