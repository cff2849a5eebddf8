#include "wavenet/data/corpus.h"

#include "wavenet/base/check.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/data/reading.h"

namespace wavenet::data {
namespace {

Vocabulary vocabulary_of(const std::vector<std::u32string>& words, const std::string& source) {
  Vocabulary vocabulary(words);
  check_intact(vocabulary.characters().size() <= Vocabulary::kMaxCharacters,
               "{}: {} different characters, at most {} are allowed", source,
               vocabulary.characters().size(), Vocabulary::kMaxCharacters);
  return vocabulary;
}

void require_known(const Source& source, const Vocabulary& vocabulary) {
  const std::vector<UnknownLine> lines = unknown_lines(source, vocabulary);
  if (!lines.empty()) {
    fail_damaged("{}: line {} '{}': no token for {}; the known characters are {}", source.name(),
                 lines[0].number, lines[0].text, listing(lines[0].characters),
                 listing(vocabulary.characters()));
  }
}

Corpus of_words(const Words& words, std::uint64_t split_seed,
                const std::optional<Vocabulary>& known) {
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
  if (name == "test" && words) {
    return test;
  }
  fail_part(name, !words);
}

Corpus open_corpus(const Config& recipe, const std::string& path, std::uint64_t split_seed,
                   const std::optional<Vocabulary>& vocabulary) try {
  const Source source = read_source(recipe, path);
  if (vocabulary) {
    require_known(source, *vocabulary);
  }
  if (const auto* text = std::get_if<Text>(&source.content)) {
    return of_text(*text, source.val_share, vocabulary);
  }
  return of_words(std::get<Words>(source.content), split_seed, vocabulary);
} catch (...) {
  rethrow_as_error(path.empty() ? "the embedded names" : path);
}

}  // namespace wavenet::data
