// Leak (contamination): which words of one part also stand in another. A model may know those by
// heart, so a loss over them says little about words that it has never met.
//
//   std::vector<bool> seen = seen_in(split.val, split.train);
//   std::ptrdiff_t known = std::count(seen.begin(), seen.end(), true);   // of split.val.size()
//
// Left out: words that are nearly equal. deduplicated() in words.h makes lists without a leak.
#pragma once

#include <string>
#include <vector>

namespace wavenet::data {

// [words]: does the word stand in `train`?
std::vector<bool> seen_in(const std::vector<std::u32string>& words,
                          const std::vector<std::u32string>& train);

}  // namespace wavenet::data
