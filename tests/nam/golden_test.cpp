// The reference beside what other players and trainers give for files of known weights.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "tests/folder.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/reference.h"
#include "wavenet/sound/read.h"

namespace wavenet::nam {
namespace {

namespace fs = std::filesystem;

std::vector<float> floats_of(const fs::path& path) {
  const std::string bytes = content_of(path);
  std::vector<float> floats(bytes.size() / sizeof(float));
  std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
}

// The largest difference, as a part of the largest sample.
double difference(const fs::path& file, const std::vector<float>& input) {
  const std::vector<float> expected = floats_of(fs::path(file).replace_extension("ref.f32"));
  const std::vector<double> got = answer(read(file), input);
  EXPECT_EQ(got.size(), expected.size());
  double worst = 0;
  double largest = 0;
  for (std::size_t t = 0; t < std::min(got.size(), expected.size()); ++t) {
    const auto value = static_cast<double>(expected[t]);
    worst = std::max(worst, std::abs(got[t] - value));
    largest = std::max(largest, std::abs(value));
  }
  return largest == 0 ? HUGE_VAL : worst / largest;
}

TEST(NamGolden, OwnFilesPlayAsInF64) {
  const fs::path folder = fs::path(WAVENET_SOURCE) / "tests/golden/nam";
  const std::vector<float> input = sound::read_all(folder / "input16.wav");
  for (const char* name : {"fx1_plain.nam", "fx2_gated.nam"}) {
    EXPECT_LT(difference(folder / name, input), 1e-6) << name;
  }
}

TEST(NamGolden, OtherFilesPlayAsElsewhere) {
  const char* const shared = std::getenv("WAVENET_SHARED");
  const fs::path folder =
      (shared != nullptr ? fs::path(shared) : fs::path(WAVENET_SOURCE) / "../shared") /
      "golden/nam";
  if (!fs::exists(folder / "input.wav")) {
    GTEST_SKIP() << "no " << folder << "; WAVENET_SHARED can name where golden/nam is";
  }
  const std::vector<float> input = sound::read_all(folder / "input.wav");
  int seen = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".nam") {
      const double most = entry.path().stem().string().starts_with("lstm") ? 2e-5 : 1e-5;
      EXPECT_LT(difference(entry.path(), input), most) << entry.path();
      ++seen;
    }
  }
  EXPECT_GE(seen, 8);
}

}  // namespace
}  // namespace wavenet::nam
