// Every target once, each after as much of its past as is asked for.
#include "wavenet/data/pass.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/folder.h"

namespace wavenet::data {
namespace {

// The code at a place says which sequence and place it is: 100 s + t + 1.
std::vector<Sequence> some_sequences() {
  std::vector<Sequence> all;
  for (const std::int32_t size : {3, 11, 3, 20, 1, 8}) {
    Sequence sequence;
    for (std::int32_t t = 0; t < size; ++t) {
      sequence.push_back(100 * static_cast<std::int32_t>(all.size()) + t + 1);
    }
    all.push_back(sequence);
  }
  return all;
}

TEST(SequencePass, GivesEveryTargetOnceAfterItsPast) {
  const std::vector<Sequence> sequences = some_sequences();
  for (const std::int64_t field : {1, 4, 30}) {
    for (const std::int64_t together : {1, 8, 100}) {
      const SequencePass pass(sequences, {.receptive_field = field, .together = together});
      EXPECT_EQ(pass.targets(), 46);
      std::set<std::int32_t> met;
      for (std::int64_t i = 0; i < pass.pieces(); ++i) {
        const Batch piece = pass.piece(i);
        const std::int64_t past = piece.inputs.rows.past;
        const std::int64_t length = piece.targets.size(1);
        EXPECT_LE(piece.targets.numel(), together);
        ASSERT_EQ(piece.inputs.x.shape(), (Shape{piece.targets.size(0), past + length}));
        for (std::int64_t b = 0; b < piece.targets.size(0); ++b) {
          const auto* code = piece.inputs.x.data<std::int32_t>() + b * (past + length);
          const auto* target = piece.targets.data<std::int32_t>() + b * length;
          for (std::int64_t t = 0; t < length; ++t) {
            EXPECT_TRUE(met.insert(target[t]).second);
            const std::int32_t place = target[t] % 100 - 1;
            EXPECT_EQ(code[past + t], place == 0 ? 0 : target[t] - 1);
          }
          EXPECT_EQ(past, std::min<std::int64_t>(target[0] % 100 - 1, field - 1));
        }
      }
      EXPECT_EQ(std::ssize(met), pass.targets());
    }
  }
}

TEST(SequencePass, RefusesPiecesOfNothing) {
  const std::vector<Sequence> sequences = some_sequences();
  EXPECT_THROW(SequencePass(sequences, {.receptive_field = 0}), Error);
  EXPECT_THROW(SequencePass(sequences, {.together = 0}), Error);
  EXPECT_EQ(SequencePass({}, {}).pieces(), 0);
}

}  // namespace
}  // namespace wavenet::data
