#include "wavenet/data/text/reading.h"

#include <algorithm>
#include <set>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/split.h"

namespace wavenet::data {
namespace {

// Takes the first line, its end included.
std::u32string_view take_line(std::u32string_view& text) {
  const std::size_t end = text.find(U'\n');
  const std::u32string_view line = text.substr(0, end == text.npos ? text.size() : end + 1);
  text.remove_prefix(line.size());
  return line;
}

class Unknown {
 public:
  explicit Unknown(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}
  void look_at(std::u32string_view line, std::size_t number) {
    std::u32string characters = vocabulary_.unknown_in(line);
    if (!characters.empty()) {
      const std::u32string_view shown = line.substr(0, line.find(U'\n'));
      found_.push_back({number, excerpt(encode_utf8(shown)), std::move(characters)});
    }
  }
  std::vector<UnknownLine> take() { return std::move(found_); }

 private:
  const Vocabulary& vocabulary_;
  std::vector<UnknownLine> found_;
};

// What stands between the lines that are left out.
std::vector<Sequence> known_stretches(std::u32string_view text, const Vocabulary& vocabulary) {
  std::vector<Sequence> stretches;
  bool goes_on = false;
  while (!text.empty()) {
    const std::u32string_view line = take_line(text);
    const bool known = vocabulary.unknown_in(line).empty();
    if (known && !goes_on) {
      stretches.emplace_back();
    }
    if (known) {
      const Sequence tokens = vocabulary.encode(line);
      stretches.back().insert(stretches.back().end(), tokens.begin(), tokens.end());
    }
    goes_on = known;
  }
  return stretches;
}

Part part_of(const Words& words, std::string_view name, std::uint64_t split_seed,
             const Vocabulary& vocabulary) {
  Part part{name == kWhole ? words.words : split_words(words, split_seed).part(name), {}};
  std::erase_if(part.words,
                [&](const std::u32string& word) { return !vocabulary.unknown_in(word).empty(); });
  part.sequences = sequences_of(part.words, vocabulary);
  return part;
}

Part part_of(const Text& text, std::string_view name, double val_share,
             const Vocabulary& vocabulary) {
  return {{},
          known_stretches(name == kWhole ? text.characters : split_text(text, val_share).part(name),
                          vocabulary)};
}

}  // namespace

std::vector<UnknownLine> unknown_lines(const Source& source, const Vocabulary& vocabulary) {
  Unknown unknown(vocabulary);
  if (const auto* words = std::get_if<Words>(&source.content)) {
    for (std::size_t i = 0; i < words->words.size(); ++i) {
      unknown.look_at(words->words[i], words->lines.at(i));
    }
  } else {
    std::u32string_view rest = std::get<Text>(source.content).characters;
    for (std::size_t number = 1; !rest.empty(); ++number) {
      unknown.look_at(take_line(rest), number);
    }
  }
  return unknown.take();
}

std::u32string unknown_characters(const std::vector<UnknownLine>& lines) {
  std::set<char32_t> characters;
  for (const UnknownLine& line : lines) {
    characters.insert(line.characters.begin(), line.characters.end());
  }
  return {characters.begin(), characters.end()};
}

Reading::Reading(Source source, Vocabulary vocabulary)
    : source_(std::move(source)),
      vocabulary_(std::move(vocabulary)),
      left_out_(unknown_lines(source_, vocabulary_)) {}

Part Reading::part(std::string_view name, std::uint64_t split_seed) const {
  const auto* words = std::get_if<Words>(&source_.content);
  Part part = words != nullptr
                  ? part_of(*words, name, split_seed, vocabulary_)
                  : part_of(std::get<Text>(source_.content), name, source_.val_share, vocabulary_);
  check(!part.sequences.empty(),
        "{}: nothing is left of {}: the model has no token for {}; the known characters are {}",
        source_.name(), name, listing(unknown_characters(left_out_)),
        listing(vocabulary_.characters()));
  return part;
}

}  // namespace wavenet::data
