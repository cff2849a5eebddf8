// What a player plays, against recordings of other programs and the plain loops of nam/reference.h.
#include "wavenet/play/player.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "tests/play/models.h"
#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/reference.h"
#include "wavenet/sound/read.h"

namespace {

using namespace wavenet;
using namespace testing_amplifiers;
namespace fs = std::filesystem;

fs::path goldens() {
  const char* shared = std::getenv("WAVENET_SHARED");
  return (shared != nullptr ? fs::path(shared) : fs::path(WAVENET_SOURCE) / ".." / "shared") /
         "golden" / "nam";
}

std::vector<float> floats_of(const fs::path& path) {
  const std::string bytes = read_file(path, 1 << 24);
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

// In blocks of one length, the last maybe shorter.
std::vector<float> played(play::Player& player, std::span<const float> in, std::size_t block) {
  std::vector<float> out(in.size());
  for (std::size_t t = 0; t < in.size(); t += block) {
    const std::size_t count = std::min(block, in.size() - t);
    player.process(in.subspan(t, count), std::span(out).subspan(t, count));
  }
  return out;
}

double largest_difference(std::span<const float> got, std::span<const double> expected) {
  double most = 0;
  double largest = 0;
  for (std::size_t t = 0; t < got.size(); ++t) {
    most = std::max(most, std::abs(static_cast<double>(got[t]) - expected[t]));
    largest = std::max(largest, std::abs(expected[t]));
  }
  return most / largest;
}

void expect_golden(const fs::path& model, const std::vector<float>& input) {
  SCOPED_TRACE(model.string());
  const nam::Model amp = nam::read(model);
  const std::vector<float> answer = floats_of(fs::path(model).replace_extension("ref.f32"));
  const std::vector<double> expected(answer.begin(), answer.end());
  ASSERT_EQ(input.size(), expected.size());
  const double tolerance = std::holds_alternative<nam::Lstm>(amp.net) ? 2e-5 : 1e-5;
  const auto player = play::Player::of(amp);
  std::vector<float> first;
  for (const std::size_t block : {1U, 16U, 64U, 1000U}) {
    player->reset();
    const std::vector<float> got = played(*player, input, block);
    EXPECT_LE(largest_difference(got, expected), tolerance) << "blocks of " << block;
    first = first.empty() ? got : first;
    EXPECT_EQ(got, first) << "blocks of " << block;
  }
}

void expect_goldens(const fs::path& folder, const fs::path& input) {
  const std::vector<float> samples = sound::read_all(input);
  int seen = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".nam") {
      expect_golden(entry.path(), samples);
      ++seen;
    }
  }
  EXPECT_GT(seen, 0);
}

TEST(Player, PlaysWhatOtherProgramsPlay) {
  if (!fs::exists(goldens() / "input.wav")) {
    GTEST_SKIP() << "no models at " << goldens();
  }
  expect_goldens(goldens(), goldens() / "input.wav");
}

TEST(Player, PlaysWhatPlainLoopsInDoublePlay) {
  for (const auto& [name, amp] : all_models()) {
    const std::vector<float> in = noise(3000, 5);
    const std::vector<double> expected = nam::answer(amp, in);
    const auto player = play::Player::of(amp);
    for (const std::size_t block : {7U, 64U, 3000U}) {
      player->reset();
      EXPECT_LE(largest_difference(played(*player, in, block), expected), 1e-5)
          << name << ", blocks of " << block;
    }
  }
}

TEST(Player, AnswersTheSameBitsHoweverTheSoundIsCut) {
  for (const auto& [name, amp] : all_models()) {
    const std::vector<float> in = noise(700, 6);
    const auto player = play::Player::of(amp);
    const std::vector<float> whole = played(*player, in, in.size());
    for (const std::size_t block : {1U, 2U, 7U, 63U, 65U, 100U}) {
      player->reset();
      EXPECT_EQ(played(*player, in, block), whole) << name << ", blocks of " << block;
    }
  }
}

TEST(Player, AnswersSilenceWithAConstantFromTheFirstSampleOn) {
  for (const auto& [name, amp] : all_models()) {
    if (std::holds_alternative<nam::Lstm>(amp.net)) {
      continue;  // may still move a little after half a second
    }
    const auto player = play::Player::of(amp);
    const std::vector<float> out = played(*player, std::vector<float>(500), 100);
    EXPECT_EQ(out, std::vector<float>(500, out.front())) << name;
  }
}

TEST(Player, MayWriteOverItsInput) {
  const nam::Model amp = all_models().front().second;
  const auto player = play::Player::of(amp);
  std::vector<float> in = noise(300, 7);
  const std::vector<float> expected = played(*player, in, 300);
  player->reset();
  player->process(in, in);
  EXPECT_EQ(in, expected);
}

TEST(Player, TakesNoSampleAtAll) {
  const auto player = play::Player::of(all_models().front().second);
  player->process({}, {});
}

// A fading sound ends in numbers below the normal range; the caller's arithmetic is as before.
TEST(Player, CountsDenormalNumbersAsZero) {
  const nam::Model amp{.net = nam::Linear{.impulse = {1}}};
  const auto player = play::Player::of(amp);
  const float tiny = std::numeric_limits<float>::denorm_min();
  float out = 1;
  player->process({&tiny, 1}, {&out, 1});
  EXPECT_EQ(out, 0.0F);
  volatile float mine = tiny;
  EXPECT_GT(mine * 2.0F, 0.0F);
}

TEST(Player, RefusesSeveralChannels) {
  nam::Model amp = all_models().front().second;
  auto& net = std::get<nam::WaveNet>(amp.net);
  net.in_channels = 2;
  EXPECT_THROW(play::Player::of(amp), Error);
}

TEST(Player, PlaysTheSizeThatIsAskedFor) {
  const auto small = std::make_shared<const nam::Model>(nam::Model{.net = nam::Linear{{0.5F}, 0}});
  const auto large = std::make_shared<const nam::Model>(nam::Model{.net = nam::Linear{{2}, 0}});
  const nam::Model both{.net = nam::Container{{{0.5, small}, {1, large}}}};
  const float in = 1;
  float out = 0;
  play::Player::of(both, {.size = 0.2})->process({&in, 1}, {&out, 1});
  EXPECT_EQ(out, 0.5F);
  play::Player::of(both)->process({&in, 1}, {&out, 1});
  EXPECT_EQ(out, 2.0F);
  EXPECT_THROW(play::Player::of(both, {.size = 1.5}), Error);
}

}  // namespace
