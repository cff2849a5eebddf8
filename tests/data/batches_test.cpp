#include "wavenet/data/text/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "tests/folder.h"
#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

using Tokens = std::vector<std::int32_t>;
using Numbers = std::vector<std::int64_t>;

struct Row {
  Tokens tokens;
  Tokens targets;
  bool operator==(const Row&) const = default;
};

std::vector<Row> rows_of(const Batch& batch) {
  EXPECT_EQ(batch.inputs.x.rank(), 2);
  EXPECT_EQ(batch.targets.shape(),
            Shape({batch.inputs.x.size(0), batch.inputs.x.size(1) - batch.inputs.rows.past}));
  const Tokens tokens = batch.inputs.x.to_vector<std::int32_t>();
  const Tokens targets = batch.targets.to_vector<std::int32_t>();
  const std::ptrdiff_t length = batch.inputs.x.size(1);
  const std::ptrdiff_t predicted = batch.targets.size(1);
  std::vector<Row> rows;
  for (std::ptrdiff_t b = 0; b < batch.inputs.x.size(0); ++b) {
    rows.push_back({{tokens.begin() + b * length, tokens.begin() + (b + 1) * length},
                    {targets.begin() + b * predicted, targets.begin() + (b + 1) * predicted}});
  }
  return rows;
}

std::vector<Row> rows_of(const std::vector<Batch>& shards) {
  std::vector<Row> all;
  for (const Batch& shard : shards) {
    const std::vector<Row> rows = rows_of(shard);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

// --- windows

TEST(RandomWindows, AreOneShardDrawnFromTheGenerator) {
  const Windows windows = make_windows({{1, 2, 0}, {2, 0}}, 3);
  Rng rng(5);
  Rng same(5);
  const RandomWindows source(windows, 16, rng, 0);
  for (std::int64_t step = 0; step < 3; ++step) {
    const std::vector<Batch> shards = minibatch(source, step);
    const Batch expected = random_batch(windows, 16, same);
    ASSERT_EQ(shards.size(), 1U);
    EXPECT_EQ(shards[0].inputs.x.to_vector<std::int32_t>(),
              expected.inputs.x.to_vector<std::int32_t>());
    EXPECT_EQ(shards[0].targets.to_vector<std::int32_t>(),
              expected.targets.to_vector<std::int32_t>());
  }
}

// A step's windows do not depend on what was asked for before, and a run goes on from what is left
// of the random numbers.
TEST(RandomWindows, AreAFunctionOfTheStep) {
  const Windows windows = make_windows({{1, 2, 0}, {2, 0}, {3, 1, 2, 0}}, 3);
  Rng rng(5);
  const RandomWindows source(windows, 16, rng, 0);
  const auto windows_of = [](const RandomWindows& from, std::int64_t step) {
    const Batch batch = from.shard(step, 0);
    return std::pair(batch.inputs.x.to_vector<std::int32_t>(),
                     batch.targets.to_vector<std::int32_t>());
  };
  const auto third = windows_of(source, 3);
  const auto first = windows_of(source, 1);
  EXPECT_NE(first, third);
  EXPECT_EQ(windows_of(source, 1), first);
  EXPECT_EQ(windows_of(source, 3), third);
  const RandomWindows resumed(windows, 16, *source.rng_after(3), 3);
  EXPECT_EQ(windows_of(resumed, 3), third);
  EXPECT_EQ(windows_of(resumed, 3), windows_of(source, 3));
  EXPECT_EQ(problem_of([&] { resumed.shard(2, 0); }),
            "windows: step 2 lies before 3, where the random numbers begin");
}

// --- epochs

Numbers epoch_of(Epochs& epochs, std::int64_t epoch) {
  Numbers all;
  for (std::int64_t i = 0; i < epochs.steps_in_epoch(); ++i) {
    const Numbers batch = epochs.batch(epoch * epochs.steps_in_epoch() + i);
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

TEST(Epochs, HoldEachThingOnceAndFillUpTheLastBatchFromTheBeginning) {
  Epochs epochs(10, 4, 42);
  EXPECT_EQ(epochs.steps_in_epoch(), 3);
  for (std::int64_t epoch = 0; epoch < 5; ++epoch) {
    Numbers all = epoch_of(epochs, epoch);
    ASSERT_EQ(all.size(), 12U);
    EXPECT_EQ(all[10], all[0]);
    EXPECT_EQ(all[11], all[1]);
    all.resize(10);
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, (Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})) << "epoch " << epoch;
  }
}

TEST(Epochs, OfWholeBatchesAreNotFilledUp) {
  Epochs epochs(8, 4, 1);
  EXPECT_EQ(epochs.steps_in_epoch(), 2);
  Numbers all = epoch_of(epochs, 3);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (Numbers{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(Epochs, SmallerThanABatchGoRoundInIt) {
  Epochs epochs(3, 8, 7);
  EXPECT_EQ(epochs.steps_in_epoch(), 1);
  const Numbers batch = epochs.batch(5);
  ASSERT_EQ(batch.size(), 8U);
  for (std::size_t i = 3; i < 8; ++i) {
    EXPECT_EQ(batch[i], batch[i - 3]);
  }
  EXPECT_EQ(std::set<std::int64_t>(batch.begin(), batch.end()).size(), 3U);
}

TEST(Epochs, EachHasAnOrderOfItsOwn) {
  std::set<Numbers> orders;
  for (const std::uint64_t seed : {0U, 1U, 2U, 42U}) {
    Epochs epochs(20, 20, seed);
    for (std::int64_t epoch = 0; epoch < 25; ++epoch) {
      orders.insert(epochs.batch(epoch));
    }
  }
  EXPECT_EQ(orders.size(), 100U);
}

// Six orders of three things, 1000 times each but for chance, whose deviation is 29.
TEST(Epochs, ShuffleFairly) {
  Epochs epochs(3, 3, 11);
  std::map<Numbers, int> seen;
  for (std::int64_t epoch = 0; epoch < 6000; ++epoch) {
    ++seen[epochs.batch(epoch)];
  }
  EXPECT_EQ(seen.size(), 6U);
  for (const auto& [order, times] : seen) {
    EXPECT_NEAR(times, 1000, 150);
  }
}

TEST(Epochs, DependOnTheStepAloneNotOnWhatWasAskedBefore) {
  Epochs walked(10, 4, 42);
  std::map<std::int64_t, Numbers> seen;
  for (std::int64_t step = 0; step < 40; ++step) {
    seen[step] = walked.batch(step);
  }
  for (const std::int64_t step : {39, 0, 17, 17, 3, 38}) {
    EXPECT_EQ(walked.batch(step), seen[step]) << "back to step " << step;
    EXPECT_EQ(Epochs(10, 4, 42).batch(step), seen[step]) << "straight to step " << step;
  }
}

TEST(Epochs, RefuseSizesThatMakeNoSense) {
  EXPECT_EQ(problem_of([] { Epochs(0, 4, 1); }), "batches: there is nothing to draw from");
  EXPECT_EQ(problem_of([] { Epochs(4, 0, 1); }), "batches: a minibatch of 0 cannot be made");
}

// --- whole sequences

// 23 words of 1 to 9 characters, no two alike.
std::vector<Sequence> some_words() {
  std::vector<Sequence> words;
  for (std::int32_t i = 0; i < 23; ++i) {
    Sequence word(static_cast<std::size_t>(i % 9), 1 + i % 5);
    word.push_back(1 + i);
    word.push_back(0);
    words.push_back(word);
  }
  return words;
}

TEST(WholeSequences, StandEndToEnd) {
  WholeSequences source({{1, 2, 3, 0}, {4, 0}}, {.batch = 2}, 1);
  const std::vector<Batch> shards = minibatch(source, 0);
  ASSERT_EQ(shards.size(), 1U);
  EXPECT_EQ(shards[0].inputs.x.shape(), (Shape{1, 6}));
  const bool long_first = *shards[0].inputs.rows.starts == Numbers{0, 4};
  EXPECT_TRUE(long_first || *shards[0].inputs.rows.starts == (Numbers{0, 2}));
  EXPECT_EQ(shards[0].inputs.x.to_vector<std::int32_t>(),
            long_first ? (Tokens{0, 1, 2, 3, /**/ 0, 4}) : (Tokens{0, 4, /**/ 0, 1, 2, 3}));
  EXPECT_EQ(shards[0].targets.to_vector<std::int32_t>(),
            long_first ? (Tokens{1, 2, 3, 0, /**/ 4, 0}) : (Tokens{4, 0, /**/ 1, 2, 3, 0}));
}

// What the packed sequences predict, after checking that each target stands after what precedes it,
// token 0 first.
std::vector<Sequence> predicted_by(const Batch& shard) {
  const std::vector<Row> rows = rows_of(shard);
  EXPECT_EQ(rows.size(), 1U);
  std::vector<Sequence> sequences;
  for (std::size_t i = 0; i < shard.inputs.rows.starts->size(); ++i) {
    const std::ptrdiff_t begin = (*shard.inputs.rows.starts)[i];
    const std::ptrdiff_t end = i + 1 < shard.inputs.rows.starts->size()
                                   ? (*shard.inputs.rows.starts)[i + 1]
                                   : std::ssize(rows[0].tokens);
    sequences.emplace_back(rows[0].targets.begin() + begin, rows[0].targets.begin() + end);
    Sequence before{0};
    before.insert(before.end(), sequences.back().begin(), sequences.back().end() - 1);
    EXPECT_EQ(Sequence(rows[0].tokens.begin() + begin, rows[0].tokens.begin() + end), before);
  }
  return sequences;
}

class Shards : public testing::TestWithParam<std::int64_t> {};

TEST_P(Shards, HoldTheMinibatchInItsOrder) {
  constexpr std::int64_t kBatch = 7;
  const std::vector<Sequence> words = some_words();
  WholeSequences source(words, {.batch = kBatch, .shards = GetParam()}, 42);
  Epochs epochs(static_cast<std::int64_t>(words.size()), kBatch, 42);
  for (std::int64_t step = 0; step < 9; ++step) {
    const std::vector<Batch> shards = minibatch(source, step);
    ASSERT_EQ(shards.size(), static_cast<std::size_t>(std::min(GetParam(), kBatch)));
    std::vector<Sequence> found;
    for (const Batch& shard : shards) {
      const std::vector<Sequence> predicted = predicted_by(shard);
      EXPECT_GE(std::ssize(predicted), kBatch / GetParam());
      EXPECT_LE(std::ssize(predicted), kBatch / GetParam() + 1);
      found.insert(found.end(), predicted.begin(), predicted.end());
    }
    std::vector<Sequence> expected;
    for (const std::int64_t i : epochs.batch(step)) {
      expected.push_back(words[static_cast<std::size_t>(i)]);
    }
    EXPECT_EQ(found, expected) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(WholeSequences, Shards, testing::Values(1, 2, 3, 7, 8, 1000));

TEST(WholeSequences, CanBeAskedForAnyStep) {
  WholeSequences walked(some_words(), {.batch = 5, .shards = 2}, 3);
  std::vector<std::vector<Row>> seen;
  for (std::int64_t step = 0; step < 12; ++step) {
    seen.push_back(rows_of(minibatch(walked, step)));
  }
  WholeSequences resumed(some_words(), {.batch = 5, .shards = 2}, 3);
  EXPECT_EQ(rows_of(minibatch(resumed, 11)), seen[11]);
  EXPECT_EQ(rows_of(minibatch(resumed, 4)), seen[4]);
}

TEST(WholeSequences, NeedSomething) {
  EXPECT_EQ(problem_of([] { WholeSequences({}, {.batch = 2}, 1); }),
            "batches: there is nothing to draw from");
}

// --- pieces of running text

// The text 1, 2, 3, ...: a token says where it stands, the token at place i being i + 1.
Sequence counting(std::int64_t size) {
  Sequence text(static_cast<std::size_t>(size));
  std::iota(text.begin(), text.end(), 1);
  return text;
}

// The token before place `at`, 0 before the text.
std::int32_t token_at(std::int64_t at) { return static_cast<std::int32_t>(at < 0 ? 0 : at + 1); }

struct Form {
  std::int64_t size;
  std::int64_t batch;
  std::int64_t length;
  std::int64_t receptive_field;
  std::int64_t shards;
};

void PrintTo(const Form& form, std::ostream* out) {
  *out << fmt::format("{} characters, {} pieces of {} after {} in {} shards", form.size, form.batch,
                      form.length, form.receptive_field, form.shards);
}

class Pieces : public testing::TestWithParam<Form> {
 protected:
  TextPieces source(std::uint64_t seed = 42) const {
    const Form& form = GetParam();
    return {counting(form.size),
            {.batch = form.batch,
             .length = form.length,
             .receptive_field = form.receptive_field,
             .shards = form.shards},
            seed};
  }
  // Steps that draw each piece once.
  std::int64_t steps_in_epoch() const {
    const std::int64_t pieces = std::max<std::int64_t>(1, GetParam().size / GetParam().length - 1);
    return (pieces + GetParam().batch - 1) / GetParam().batch;
  }
};

// Where the first token that a row predicts stands; checks that `length` follow and nothing else.
std::int64_t place_of(const Row& row, const Form& form) {
  const auto past = static_cast<std::size_t>(form.receptive_field - 1);
  EXPECT_EQ(row.tokens.size(), past + static_cast<std::size_t>(form.length));
  const std::int64_t begin = row.targets[0] - 1;
  for (std::int64_t t = 0; t < form.length; ++t) {
    EXPECT_EQ(row.targets[static_cast<std::size_t>(t)], token_at(begin + t));
  }
  return begin;
}

TEST_P(Pieces, AreReadAfterTheWholePastOrCold) {
  const Form& form = GetParam();
  TextPieces pieces = source();
  std::int64_t cold = 0;
  std::int64_t first = 0;  // at the beginning of the text, where all are cold
  constexpr std::int64_t kSteps = 64;
  for (std::int64_t step = 0; step < kSteps; ++step) {
    for (const Row& row : rows_of(minibatch(pieces, step))) {
      const std::int64_t begin = place_of(row, form);
      const Tokens past(row.tokens.begin(), row.tokens.begin() + form.receptive_field);
      Tokens warm;
      for (std::int64_t i = begin - form.receptive_field; i < begin; ++i) {
        warm.push_back(token_at(i));
      }
      if (begin == 0) {
        ++first;
        EXPECT_EQ(past, Tokens(past.size(), 0));
      } else if (past == Tokens(past.size(), 0)) {
        ++cold;
      } else {
        EXPECT_EQ(past, warm) << "step " << step << ", piece at " << begin;
      }
      for (std::int64_t t = 1; t < form.length; ++t) {  // within the piece, what it predicted last
        ASSERT_EQ(row.tokens[static_cast<std::size_t>(form.receptive_field - 1 + t)],
                  token_at(begin + t - 1));
      }
    }
  }
  EXPECT_LE(cold, kSteps * form.batch / 16);  // one in 16
  EXPECT_GE(cold + first, kSteps * form.batch / 16);
}

TEST_P(Pieces, CoverTheTextOnceAnEpochButForLessThanTwo) {
  const Form& form = GetParam();
  TextPieces pieces = source();
  std::set<std::int64_t> offsets;
  for (std::int64_t epoch = 0; epoch < 8; ++epoch) {
    std::set<std::int64_t> begins;
    for (std::int64_t i = 0; i < steps_in_epoch(); ++i) {
      for (const Row& row : rows_of(minibatch(pieces, epoch * steps_in_epoch() + i))) {
        begins.insert(place_of(row, form));
      }
    }
    std::int64_t next = *begins.begin();
    for (const std::int64_t begin : begins) {
      ASSERT_EQ(begin, next) << "a gap or an overlap in epoch " << epoch;
      next = begin + form.length;
    }
    const std::int64_t covered = next - *begins.begin();
    EXPECT_GE(*begins.begin(), 0);
    EXPECT_LE(next, form.size);
    EXPECT_LT(form.size - covered, 2 * form.length);
    offsets.insert(*begins.begin());
  }
  EXPECT_LT(*offsets.rbegin(), form.length);
  EXPECT_TRUE(form.length == 1 || offsets.size() > 1) << "the cut never moved";
}

TEST_P(Pieces, DependOnSeedAndStepAloneNotOnShards) {
  Form whole = GetParam();
  whole.shards = 1;
  TextPieces pieces = source();
  TextPieces unsharded(
      counting(whole.size),
      {.batch = whole.batch, .length = whole.length, .receptive_field = whole.receptive_field}, 42);
  std::vector<std::vector<Row>> seen;
  for (std::int64_t step = 0; step < 20; ++step) {
    const std::vector<Batch> shards = minibatch(pieces, step);
    EXPECT_EQ(shards.size(), static_cast<std::size_t>(std::min(GetParam().shards, whole.batch)));
    seen.push_back(rows_of(shards));
    EXPECT_EQ(seen.back().size(), static_cast<std::size_t>(whole.batch));
    EXPECT_EQ(seen.back(), rows_of(minibatch(unsharded, step)));
  }
  for (const std::int64_t step : {19, 2, 0}) {
    EXPECT_EQ(rows_of(minibatch(source(), step)), seen[static_cast<std::size_t>(step)]);
    EXPECT_EQ(rows_of(minibatch(pieces, step)), seen[static_cast<std::size_t>(step)]);
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Pieces,
                         testing::Values(Form{1000, 16, 20, 9, 1}, Form{1000, 5, 7, 40, 3},
                                         Form{1003, 12, 50, 1, 4}, Form{61, 3, 20, 33, 8},
                                         Form{40, 4, 20, 20, 2}, Form{30, 2, 1, 5, 2}));

TEST(TextPieces, OfOtherSeedsAreOthers) {
  const TextBatches how{.batch = 8, .length = 16, .receptive_field = 4};
  EXPECT_NE(rows_of(minibatch(TextPieces(counting(1000), how, 1), 0)),
            rows_of(minibatch(TextPieces(counting(1000), how, 2), 0)));
}

std::string problem_of_text(std::int64_t size, const TextBatches& how) {
  return problem_of([&] { TextPieces(counting(size), how, 1); });
}

TEST(TextPieces, SayHowMuchTextTheyNeed) {
  const TextBatches deep{.batch = 2, .length = 4, .receptive_field = 8};
  EXPECT_EQ(problem_of_text(12, deep), "none");
  EXPECT_EQ(problem_of_text(11, deep),
            "text: 11 characters to train on; pieces of 4 after a receptive field of 8 need at "
            "least 12");
  const TextBatches shallow{.batch = 2, .length = 10, .receptive_field = 3};
  EXPECT_EQ(problem_of_text(20, shallow), "none");
  EXPECT_EQ(problem_of_text(19, shallow),
            "text: 19 characters to train on; pieces of 10 after a receptive field of 3 need at "
            "least 20");
  EXPECT_NE(problem_of_text(0, shallow), "none");
}

TEST(TextPieces, RefuseSizesThatMakeNoSense) {
  EXPECT_EQ(problem_of_text(100, {.batch = 2, .length = 0, .receptive_field = 3}),
            "text: pieces of 0 after a receptive field of 3 cannot be made");
  EXPECT_EQ(problem_of_text(100, {.batch = 2, .length = 5, .receptive_field = 0}),
            "text: pieces of 5 after a receptive field of 0 cannot be made");
  EXPECT_EQ(problem_of_text(100, {.batch = 0, .length = 5, .receptive_field = 3}),
            "batches: a minibatch of 0 cannot be made");
}

}  // namespace
}  // namespace wavenet::data
