// Takes that were copied at another level or a little later are found as such; other takes of the same voice
// are not.
#include "tests/data/sound_doctor.h"
#include "wavenet/data/audio/doctor/compare.h"
#include "wavenet/data/audio/doctor/fingerprint.h"

namespace wavenet::data {
namespace {

Samples from(const Samples& samples, std::size_t first) {
  return {samples.begin() + static_cast<std::ptrdiff_t>(first), samples.end()};
}

Samples later(const Samples& samples, std::size_t by) {
  Samples moved = noise(99, static_cast<double>(by) / kTestRate, 0.0012);
  moved.insert(moved.end(), samples.begin(), samples.end());
  return moved;
}

std::vector<Resemblance> resemblances(const std::vector<Samples>& files) {
  Fingerprints all;
  for (std::size_t i = 0; i < files.size(); ++i) {
    Fingerprinter maker(kTestRate);
    const std::span<const float> samples(files[i]);
    for (std::size_t first = 0; first < samples.size(); first += 777) {
      maker.add(samples.subspan(first, std::min<std::size_t>(777, samples.size() - first)));
    }
    all.add(i, maker.finish());
  }
  return all.resemblances();
}

TEST(SoundDoctorFingerprint, FindsATakeAmongOthers) {
  std::vector<Samples> files;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    files.push_back(voice(seed));
  }
  files.push_back(times(voice(11), 0.1));  // 40
  files.push_back(later(voice(23), 803));  // 41: 100.4 ms
  files.push_back(from(voice(31), 2000));  // 42: cut
  std::map<std::size_t, Resemblance> best;
  for (const Resemblance& pair : resemblances(files)) {
    best.emplace(pair.later, pair);
  }
  ASSERT_TRUE(best.contains(40) && best.contains(41) && best.contains(42));
  EXPECT_EQ(best.at(40).earlier, 11U);
  EXPECT_EQ(best.at(40).distance, 0);
  EXPECT_EQ(best.at(41).earlier, 23U);
  EXPECT_NEAR(best.at(41).distance, 803 / 64.0, 1);  // hops of 64 samples
  EXPECT_EQ(best.at(42).earlier, 31U);
  EXPECT_NEAR(best.at(42).distance, -2000 / 64.0, 1);
}

TEST(SoundDoctorCompare, MeasuresLevelAndDistance) {
  const Samples take = voice(4);
  const Likeness quiet = compare(take, later(times(take, 0.25), 803), kTestRate, 790, 128);
  EXPECT_TRUE(quiet.is_same_take());
  EXPECT_EQ(quiet.distance, 803);
  EXPECT_NEAR(quiet.decibels, 20 * std::log10(0.25), 0.05);
  EXPECT_GT(quiet.correlation, 0.99);
  const Likeness turned = compare(take, times(take, -2), kTestRate, 0, 128);
  EXPECT_TRUE(turned.is_same_take());
  EXPECT_EQ(turned.distance, 0);
  EXPECT_NEAR(turned.correlation, -1, 1e-4);
  EXPECT_NEAR(turned.decibels, 20 * std::log10(2), 1e-3);
}

TEST(SoundDoctorCompare, OtherTakesAndPartsAreNotTheSame) {
  EXPECT_FALSE(compare(voice(4), voice(5), kTestRate, 0, 128).is_same_take());
  EXPECT_FALSE(compare(sine(200, 3, 0.5), sine(203, 3, 0.5), kTestRate, 0, 128).is_same_take());
  EXPECT_FALSE(compare(Samples(8000, 0.0F), voice(5), kTestRate, 0, 128).is_same_take());
  EXPECT_FALSE(compare(voice(5), Samples(10, 0.1F), kTestRate, 0, 128).is_same_take());
  Samples half = voice(4);  // the same half, then another take
  const Samples other = voice(6);
  std::copy(other.begin() + 24'000, other.end(), half.begin() + 24'000);
  const Likeness alike = compare(voice(4), half, kTestRate, 0, 128);
  EXPECT_FALSE(alike.is_same_take());
  EXPECT_LT(alike.share, 0.7);
}

}  // namespace
}  // namespace wavenet::data
