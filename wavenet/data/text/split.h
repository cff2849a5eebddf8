// Split: the words shuffled, then cut into 80 % train, 10 % val and 10 % test.
//
//   Split split = split_words(words, 42);
//   for (const std::u32string& word : split.part("val")) { ... }
//
// The shuffle is CPython's and the cuts are int(0.8*n) and int(0.9*n), so a Python script with the
// same seed gets the same parts. Left out: other shares, and keeping equal words in one part.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/data/text/words.h"

namespace wavenet::data {

struct Split {
  std::vector<std::u32string> train;
  std::vector<std::u32string> val;
  std::vector<std::u32string> test;

  // Throws UsageError for a name that is not train, val or test.
  const std::vector<std::u32string>& part(std::string_view name) const;
};

// UsageError for a name that is no part; running text has no test.
[[noreturn]] void fail_part(std::string_view name, bool of_text);

// Of fewer, a part would be empty.
inline constexpr std::size_t kFewestWords = 6;

// Which words each part has, by their places in the list: [0, train_end), [train_end, val_end) and
// the rest of `order`.
struct SplitOrder {
  std::vector<std::uint32_t> order;
  std::size_t train_end;
  std::size_t val_end;
};

// Throws Error, which names `source`, when there are fewer than kFewestWords.
SplitOrder split_order(std::size_t words, const std::string& source, std::uint64_t seed);
Split split_words(const Words& words, std::uint64_t seed);

}  // namespace wavenet::data
