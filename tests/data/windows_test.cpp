#include "wavenet/data/text/windows.h"

#include <gtest/gtest.h>

#include <limits>

#include "wavenet/base/check.h"
#include "wavenet/data/text/words.h"

namespace wavenet::data {
namespace {

using Tokens = std::vector<std::int32_t>;

const std::vector<std::u32string> kWords{U"ab", U"b"};

Windows windows_of(std::int64_t block_size) {
  return make_windows(kWords, Vocabulary(kWords), block_size);
}

TEST(Windows, HoldEveryCharacterAndTheEndOfEveryWord) {
  const Windows windows = windows_of(3);
  EXPECT_EQ(windows.size(), 5);
  EXPECT_EQ(windows.block_size(), 3);
  EXPECT_EQ(windows.contexts.shape(), (Shape{5, 3}));
  EXPECT_EQ(windows.contexts.to_vector<std::int32_t>(),
            (Tokens{0, 0, 0, /**/ 0, 0, 1, /**/ 0, 1, 2, /**/ 0, 0, 0, /**/ 0, 0, 2}));
  EXPECT_EQ(windows.targets.to_vector<std::int32_t>(), (Tokens{1, 2, 0, 2, 0}));
}

TEST(Windows, DropTheFarPastWhenABlockIsShort) {
  const Windows windows = windows_of(1);
  EXPECT_EQ(windows.contexts.to_vector<std::int32_t>(), (Tokens{0, 1, 2, 0, 2}));
}

TEST(Windows, CountTheEmbeddedNamesExamples) {
  const Words words = embedded_names();
  std::int64_t expected = 0;
  for (const std::u32string& word : words.words) {
    expected += static_cast<std::int64_t>(word.size()) + 1;
  }
  const Windows windows = make_windows(words.words, Vocabulary(words.words), 8);
  EXPECT_EQ(windows.size(), expected);
}

TEST(Windows, RefuseSizesThatMakeNoSense) {
  EXPECT_THROW(windows_of(0), Error);
  EXPECT_THROW(windows_of(-1), Error);
  EXPECT_THROW(windows_of(std::numeric_limits<std::int64_t>::max() / 2), Error);
  EXPECT_THROW(make_windows({}, Vocabulary(kWords), 3), Error);
  EXPECT_THROW(make_windows({U"abc"}, Vocabulary(kWords), 3), Error);  // no token for c
}

TEST(Windows, DrawABatchRowByRowFromTheGenerator) {
  const Windows windows = windows_of(3);
  Rng rng(3);
  Rng same(3);
  const Batch batch = random_batch(windows, 40, rng);
  EXPECT_EQ(batch.inputs.x.shape(), (Shape{40, 3}));
  EXPECT_EQ(batch.targets.shape(), (Shape{40}));
  const Tokens all = windows.contexts.to_vector<std::int32_t>();
  const Tokens contexts = batch.inputs.x.to_vector<std::int32_t>();
  for (std::size_t i = 0; i < 40; ++i) {
    const std::size_t row = same.below(5);
    EXPECT_EQ(Tokens(contexts.begin() + 3 * static_cast<std::ptrdiff_t>(i),
                     contexts.begin() + 3 * static_cast<std::ptrdiff_t>(i + 1)),
              Tokens(all.begin() + 3 * static_cast<std::ptrdiff_t>(row),
                     all.begin() + 3 * static_cast<std::ptrdiff_t>(row + 1)));
    EXPECT_EQ(batch.targets.data<std::int32_t>()[i], windows.targets.data<std::int32_t>()[row]);
  }
  EXPECT_EQ(rng.next32(), same.next32());  // one number a row
}

TEST(Windows, RefuseABatchWithoutRows) {
  const Windows windows = windows_of(3);
  Rng rng(3);
  EXPECT_THROW(random_batch(windows, 0, rng), Error);
  EXPECT_THROW(random_batch(windows, -1, rng), Error);
  EXPECT_THROW(random_batch(windows, std::numeric_limits<std::int64_t>::max(), rng), Error);
}

TEST(Windows, ShareTheirMemoryWithTheirRows) {
  const Windows windows = windows_of(3);
  const Batch part = rows(windows, 1, 3);
  EXPECT_EQ(part.inputs.x.shape(), (Shape{2, 3}));
  EXPECT_EQ(part.targets.to_vector<std::int32_t>(), (Tokens{2, 0}));
  EXPECT_EQ(part.inputs.x.data<std::int32_t>(), windows.contexts.data<std::int32_t>() + 3);
  EXPECT_TRUE(part.inputs.x.is_contiguous());
  EXPECT_EQ(rows(windows, 5, 5).targets.numel(), 0);
  EXPECT_EQ(rows(windows, 0, 5).targets.numel(), 5);
}

TEST(Windows, RefuseRowsOutside) {
  const Windows windows = windows_of(3);
  EXPECT_THROW(rows(windows, -1, 2), Error);
  EXPECT_THROW(rows(windows, 3, 2), Error);
  EXPECT_THROW(rows(windows, 0, 6), Error);
}

}  // namespace
}  // namespace wavenet::data
