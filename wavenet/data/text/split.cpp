#include "wavenet/data/text/split.h"

#include <array>
#include <cstddef>
#include <numeric>

#include "wavenet/base/check.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/python_random.h"
#include "wavenet/base/utf8.h"

namespace wavenet::data {

const std::vector<std::u32string>& Split::part(std::string_view name) const {
  if (name == "train") {
    return train;
  }
  if (name == "val") {
    return val;
  }
  if (name == "test") {
    return test;
  }
  fail_part(name, false);
}

void fail_part(std::string_view name, bool of_text) {
  if (of_text && name == "test") {
    fail_usage("split: running text has the parts train and val, not test");
  }
  const std::array<std::string, 3> known{"train", "val", "test"};
  fail_usage("split: '{}' is none of train, val, test{}", excerpt(name), nearest_hint(name, known));
}

SplitOrder split_order(std::size_t words, const std::string& source, std::uint64_t seed) {
  check_intact(words >= kFewestWords,
               "{}: {} word{}; a split into 80 % train, 10 % val and 10 % test needs at least {}",
               source, words, words == 1 ? "" : "s", kFewestWords);
  std::vector<std::uint32_t> order(words);
  std::iota(order.begin(), order.end(), 0);
  PythonRandom(seed).shuffle(order);
  const auto n = static_cast<double>(words);
  return {std::move(order), static_cast<std::size_t>(0.8 * n), static_cast<std::size_t>(0.9 * n)};
}

Split split_words(const Words& words, std::uint64_t seed) {
  const SplitOrder split = split_order(words.words.size(), words.source, seed);
  const auto part = [&](std::size_t first, std::size_t last) {
    std::vector<std::u32string> chosen;
    chosen.reserve(last - first);
    for (std::size_t i = first; i < last; ++i) {
      chosen.push_back(words.words[split.order[i]]);
    }
    return chosen;
  };
  return {part(0, split.train_end), part(split.train_end, split.val_end),
          part(split.val_end, split.order.size())};
}

}  // namespace wavenet::data
