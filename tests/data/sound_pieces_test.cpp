// What stands in pieces of sound, checked by takes whose codes tell their own places.
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "wavenet/base/check.h"
#include "wavenet/data/audio/pieces.h"

namespace wavenet::data {
namespace {

// Take `number` of `size` samples: codes that go up by one from a beginning of its own.
std::vector<std::uint8_t> counting(std::int64_t size, int first) {
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(size));
  std::iota(codes.begin(), codes.end(), static_cast<std::uint8_t>(first));
  return codes;
}

struct PieceRow {
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> targets;
};

std::vector<PieceRow> piece_rows_of(const Batch& batch) {
  std::vector<PieceRow> rows;
  const std::int64_t length = batch.inputs.x.size(1);
  const std::int64_t count = batch.targets.size(1);
  for (std::int64_t b = 0; b < batch.targets.size(0); ++b) {
    const auto* x = batch.inputs.x.data<std::int32_t>() + b * length;
    const auto* y = batch.targets.data<std::int32_t>() + b * count;
    rows.push_back({{x, x + length}, {y, y + count}});
  }
  return rows;
}

TEST(SoundPieces, ReadThePastOfTheirOwnTakeAndSilenceBeforeIt) {
  const auto a = counting(103, 0);
  const auto b = counting(57, 150);
  constexpr std::int64_t kField = 9;
  const SoundPieces pieces({a, b}, {.batch = 3, .length = 10, .receptive_field = kField}, 5);
  int number = 0;
  for (std::int64_t step = 0; step < 40; ++step) {
    for (const PieceRow& row : piece_rows_of(pieces.shard(step, 0))) {
      const bool cold = number++ % 16 == 0;
      ASSERT_EQ(row.inputs.size(), 18U);
      ASSERT_EQ(row.targets.size(), 10U);
      const bool is_a = row.targets[0] < 103;
      const int first = row.targets[0] - (is_a ? 0 : 150);  // its place in the take
      for (int t = 0; t < 10; ++t) {
        EXPECT_EQ(row.targets[static_cast<std::size_t>(t)], row.targets[0] + t);
        EXPECT_LT(first + t, is_a ? 103 : 57);
      }
      for (int t = 0; t < 18; ++t) {  // inputs end one before the last target
        const int at = first - (static_cast<int>(kField) - 1) - 1 + t;
        const bool silent = at < 0 || (cold && at < first);
        EXPECT_EQ(row.inputs[static_cast<std::size_t>(t)], silent ? 128 : at + (is_a ? 0 : 150));
      }
    }
  }
}

TEST(SoundPieces, AnEpochHasEveryPieceOfEveryTakeOnce) {
  const auto a = counting(100, 0);  // a multiple: no choice where it is cut
  const auto b = counting(40, 120);
  const SoundPieces pieces({a, b}, {.batch = 7, .length = 10, .receptive_field = 3}, 1);
  std::map<std::int32_t, int> seen;  // first targets
  for (std::int64_t step = 0; step < 2; ++step) {
    for (const PieceRow& row : piece_rows_of(pieces.shard(step, 0))) {
      ++seen[row.targets[0]];
    }
  }
  EXPECT_EQ(seen.size(), 14U);
  for (const auto& [first, times] : seen) {
    EXPECT_EQ(times, 1) << first;
    EXPECT_EQ(first % 10, 0);
  }
}

TEST(SoundPieces, AShortTakeIsAPieceWhoseRestHasNoTargets) {
  const auto a = counting(4, 10);
  const SoundPieces pieces({a, {}}, {.batch = 1, .length = 6, .receptive_field = 2}, 1);
  const std::vector<PieceRow> rows = piece_rows_of(pieces.shard(1, 0));
  EXPECT_EQ(rows[0].inputs, (std::vector<std::int32_t>{128, 128, 10, 11, 12, 13, 128}));
  EXPECT_EQ(rows[0].targets, (std::vector<std::int32_t>{10, 11, 12, 13, -1, -1}));
}

TEST(SoundPieces, ShardsTogetherAreTheWholeMinibatch) {
  const auto a = counting(200, 0);
  const SoundBatches whole{.batch = 5, .length = 16, .receptive_field = 4};
  SoundBatches cut = whole;
  cut.shards = 3;
  const SoundPieces one({a}, whole, 9);
  const SoundPieces three({a}, cut, 9);
  ASSERT_EQ(three.shards(), 3);
  for (const std::int64_t step : {7, 0, 3}) {  // in any order
    std::vector<PieceRow> together;
    for (std::int64_t i = 0; i < 3; ++i) {
      for (PieceRow& row : piece_rows_of(three.shard(step, i))) {
        together.push_back(std::move(row));
      }
    }
    const std::vector<PieceRow> expected = piece_rows_of(one.shard(step, 0));
    ASSERT_EQ(together.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(together[i].inputs, expected[i].inputs);
      EXPECT_EQ(together[i].targets, expected[i].targets);
    }
  }
}

// A take of 30 samples in pieces of 10, and a field of 10: of its three pieces the first alone looks back
// over the take's beginning.
TEST(SoundPieces, TellTheShareThatStartsCold) {
  const auto a = counting(30, 0);
  const SoundPieces pieces({a}, {.batch = 1, .length = 10, .receptive_field = 10}, 1);
  const double share = 100 * (15.0 / 16 / 3 + 1.0 / 16);
  EXPECT_EQ(pieces.summary(),
            fmt::format("3 pieces of 10 samples an epoch, {:.1f} % of them start cold", share));
}

TEST(SoundPieces, RefuseWhatCannotBe) {
  const auto a = counting(30, 0);
  EXPECT_THROW(SoundPieces({}, {.batch = 1, .length = 4, .receptive_field = 2}, 1), Error);
  EXPECT_THROW(SoundPieces({a}, {.batch = 0, .length = 4, .receptive_field = 2}, 1), Error);
  EXPECT_THROW(SoundPieces({a}, {.batch = 1, .length = 0, .receptive_field = 2}, 1), Error);
  EXPECT_THROW(SoundPieces({a}, {.batch = 1, .length = 4, .receptive_field = 0}, 1), Error);
}

}  // namespace
}  // namespace wavenet::data
