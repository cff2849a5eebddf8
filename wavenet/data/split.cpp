#include "wavenet/data/split.h"

#include <array>
#include <cstddef>
#include <iterator>

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

Split split_words(const Words& words, std::uint64_t seed) {
  const std::size_t n = words.words.size();
  check_intact(n >= kFewestWords,
               "{}: {} word{}; a split into 80 % train, 10 % val and 10 % test needs at least {}",
               words.source, n, n == 1 ? "" : "s", kFewestWords);
  std::vector<std::u32string> shuffled = words.words;
  PythonRandom(seed).shuffle(shuffled);
  const auto train_end = static_cast<std::ptrdiff_t>(0.8 * static_cast<double>(n));
  const auto val_end = static_cast<std::ptrdiff_t>(0.9 * static_cast<double>(n));
  const auto first = std::make_move_iterator(shuffled.begin());
  const auto last = std::make_move_iterator(shuffled.end());
  return {
      {first, first + train_end}, {first + train_end, first + val_end}, {first + val_end, last}};
}

}  // namespace wavenet::data
