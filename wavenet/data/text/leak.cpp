#include "wavenet/data/text/leak.h"

#include <string_view>
#include <unordered_set>

namespace wavenet::data {

std::vector<bool> seen_in(const std::vector<std::u32string>& words,
                          const std::vector<std::u32string>& train) {
  const std::unordered_set<std::u32string_view> known(train.begin(), train.end());
  std::vector<bool> seen;
  seen.reserve(words.size());
  for (const std::u32string& word : words) {
    seen.push_back(known.contains(word));
  }
  return seen;
}

}  // namespace wavenet::data
