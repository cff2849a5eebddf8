#include "wavenet/data/text/sequences.h"

namespace wavenet::data {

std::vector<Sequence> sequences_of(const std::vector<std::u32string>& words,
                                   const Vocabulary& vocabulary) {
  std::vector<Sequence> sequences;
  sequences.reserve(words.size());
  for (const std::u32string& word : words) {
    sequences.push_back(vocabulary.encode(word));
    sequences.back().push_back(Vocabulary::kEnd);
  }
  return sequences;
}

std::int64_t token_count(const std::vector<Sequence>& sequences) {
  std::int64_t count = 0;
  for (const Sequence& sequence : sequences) {
    count += static_cast<std::int64_t>(sequence.size());
  }
  return count;
}

}  // namespace wavenet::data
