// The counting model against the losses that one of its kind is known to reach, on
// names and on tinyshakespeare.
#include <gtest/gtest.h>

#include <filesystem>

#include "wavenet/base/files.h"
#include "wavenet/base/utf8.h"
#include "wavenet/baselines/ngram.h"
#include "wavenet/data/text/split.h"
#include "wavenet/data/text/vocabulary.h"
#include "wavenet/data/text/words.h"

namespace wavenet::models {
namespace {

using Sequences = baselines::NgramCounts::Sequences;

std::string shared_file(const std::string& name) {
  return WAVENET_SOURCE "/../shared/data/" + name;
}

Sequences encoded(const std::vector<std::u32string>& words, const data::Vocabulary& vocabulary) {
  Sequences sequences;
  for (const std::u32string& word : words) {
    sequences.push_back(vocabulary.encode(word));
    sequences.back().push_back(data::Vocabulary::kEnd);
  }
  return sequences;
}

struct NamesLosses {
  double val;
  double test;
};

NamesLosses names_losses(const data::Words& words) {
  const data::Vocabulary vocabulary(words.words);
  const data::Split split = data::split_words(words, 42);
  const baselines::NgramCounts counts =
      baselines::NgramCounts::fit(encoded(split.train, vocabulary), vocabulary.size(), 6);
  return {counts.loss(encoded(split.val, vocabulary)),
          counts.loss(encoded(split.test, vocabulary))};
}

TEST(Ngram, ReachesTheLossesOfAPythonScriptOnTheEmbeddedNames) {
  // Dictionaries of tuples in Python, no code in common.
  const data::Words words = data::embedded_names();
  const NamesLosses all = names_losses(words);
  EXPECT_NEAR(all.val, 1.9823700068, 1e-9);
  EXPECT_NEAR(all.test, 1.9761917920, 1e-9);
  const NamesLosses different = names_losses(data::deduplicated(words));
  EXPECT_NEAR(different.val, 2.0308915013, 1e-9);
  EXPECT_NEAR(different.test, 2.0102088908, 1e-9);
}

TEST(Ngram, ReachesTheKnownLossesOnTheArticlesNames) {
  const std::string path = shared_file("names.txt");
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is not there";
  }
  const data::Words words = data::read_words(path);
  const NamesLosses all = names_losses(words);
  EXPECT_NEAR(all.val, 1.974, 0.001);
  EXPECT_NEAR(all.test, 1.977, 0.001);
  const NamesLosses different = names_losses(data::deduplicated(words));
  EXPECT_NEAR(different.val, 2.004, 0.001);
  RecordProperty("val", fmt::format("{:.6f}", all.val));
  RecordProperty("test", fmt::format("{:.6f}", all.test));
  RecordProperty("val_deduplicated", fmt::format("{:.6f}", different.val));
  RecordProperty("test_deduplicated", fmt::format("{:.6f}", different.test));
}

TEST(Ngram, ReachesTheKnownLossesOnTinyShakespeare) {
  const std::string path = shared_file("tinyshakespeare.txt");
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is not there";
  }
  const std::u32string text = decode_utf8(read_file(path, 1 << 24));
  const data::Vocabulary vocabulary({text});
  const auto cut = static_cast<std::size_t>(0.9 * static_cast<double>(text.size()));
  const Sequences train{vocabulary.encode(std::u32string_view(text).substr(0, cut))};
  const Sequences val{vocabulary.encode(std::u32string_view(text).substr(cut))};
  const std::vector<std::pair<std::int64_t, double>> known{
      {5, 1.561}, {6, 1.523}, {7, 1.517}, {8, 1.519}};
  for (const auto& [order, expected] : known) {
    const double loss = baselines::NgramCounts::fit(train, vocabulary.size(), order).loss(val);
    RecordProperty("order_" + std::to_string(order), fmt::format("{:.6f}", loss));
    EXPECT_NEAR(loss, expected, 0.001) << "order " << order;
  }
}

}  // namespace
}  // namespace wavenet::models
