#include "wavenet/data/corpus.h"

#include <algorithm>
#include <array>

#include "wavenet/base/check.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/embedded.h"
#include "wavenet/data/text.h"

namespace wavenet::data {
namespace {

Words open_words(const std::string& path) {
  return path.empty() ? embedded_names() : read_words(path);
}

// The embedded names are text too, one a line.
Text open_text(const std::string& path) {
  return path.empty() ? parse_text(kEmbeddedNames, "the embedded names") : read_text(path);
}

Vocabulary vocabulary_of(const std::vector<std::u32string>& words, const std::string& source) {
  Vocabulary vocabulary(words);
  check_intact(vocabulary.characters().size() <= Vocabulary::kMaxCharacters,
               "{}: {} different characters, at most {} are allowed", source,
               vocabulary.characters().size(), Vocabulary::kMaxCharacters);
  return vocabulary;
}

// Fails where the model has no token for a character of `text`; `place` makes the name of where.
template <class Place>
void require_known(const Vocabulary& vocabulary, std::u32string_view text, const Place& place) {
  try {
    vocabulary.encode(text);
  } catch (const Error& error) {
    fail_damaged("{}: {}", place(), error.what());
  }
}

void require_known(const Vocabulary& vocabulary, const Words& words) {
  for (const std::u32string& word : words.words) {
    require_known(vocabulary, word, [&] {
      return fmt::format("{}: '{}'", words.source, excerpt(encode_utf8(word)));
    });
  }
}

void require_known(const Vocabulary& vocabulary, const Text& text) {
  std::u32string_view rest = text.characters;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::u32string_view line = rest.substr(0, rest.find(U'\n'));
    require_known(vocabulary, line,
                  [&] { return fmt::format("{}: line {}", text.source, number); });
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
}

Corpus of_words(const Words& words, std::uint64_t split_seed,
                const std::optional<Vocabulary>& known) {
  if (known) {
    require_known(*known, words);
  }
  Corpus corpus{words.source,
                words.fingerprint,
                known ? *known : vocabulary_of(words.words, words.source),
                {},
                {},
                {},
                {}};
  corpus.words = split_words(words, split_seed);
  corpus.train = sequences_of(corpus.words->train, corpus.vocabulary);
  corpus.val = sequences_of(corpus.words->val, corpus.vocabulary);
  corpus.test = sequences_of(corpus.words->test, corpus.vocabulary);
  return corpus;
}

Corpus of_text(const Text& text, double val_share, const std::optional<Vocabulary>& known) {
  if (known) {
    require_known(*known, text);
  }
  Corpus corpus{text.source,
                text.fingerprint,
                known ? *known : vocabulary_of({text.characters}, text.source),
                {},
                {},
                {},
                {}};
  const TextSplit split = split_text(text, val_share);
  corpus.train = {corpus.vocabulary.encode(split.train)};
  corpus.val = {corpus.vocabulary.encode(split.val)};
  return corpus;
}

}  // namespace

const std::vector<Sequence>& Corpus::part(std::string_view name) const {
  if (name == "train") {
    return train;
  }
  if (name == "val") {
    return val;
  }
  if (name == "test") {
    if (test.empty()) {
      fail_usage("split: running text has the parts train and val, not test");
    }
    return test;
  }
  const std::array<std::string, 3> known{"train", "val", "test"};
  fail_usage("split: '{}' is none of train, val, test{}", name, nearest_hint(name, known));
}

Format format_of(const Config& recipe) {
  const std::string format = recipe.text("data.format");
  const std::array<std::string, 2> formats{"lines", "text"};
  if (format == formats[0]) {
    return Format::lines;
  }
  if (format == formats[1]) {
    return Format::text;
  }
  fail_usage("recipe: data.format must be 'lines' or 'text', got '{}'{}", format,
             nearest_hint(format, formats));
}

Corpus open_corpus(const Config& recipe, const std::string& path, std::uint64_t split_seed,
                   const std::optional<Vocabulary>& vocabulary) try {
  if (format_of(recipe) == Format::text) {
    const double val_share = recipe.number_or("data.val_share", 0.1, 0, 1);
    return of_text(open_text(path), val_share, vocabulary);
  }
  const bool dedup = recipe.boolean_or("data.dedup", false);
  const Words words = open_words(path);
  return of_words(dedup ? deduplicated(words) : words, split_seed, vocabulary);
} catch (...) {
  rethrow_as_error(path.empty() ? "the embedded names" : path);
}

}  // namespace wavenet::data
