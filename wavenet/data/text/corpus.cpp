#include "wavenet/data/text/corpus.h"

#include <algorithm>
#include <set>

#include "wavenet/base/check.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/baselines/marks.h"
#include "wavenet/baselines/ngram.h"
#include "wavenet/data/text/batches.h"
#include "wavenet/data/text/leak.h"
#include "wavenet/data/text/reading.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kMaxBatch = std::int64_t{1} << 20;

// The orders that count best on names and on a book of a million characters.
constexpr std::int64_t kOrderOfWords = 6;
constexpr std::int64_t kOrderOfText = 7;

constexpr std::int64_t kDrawnWords = 20;
constexpr std::size_t kWordLength = 100;  // or that of the longest word in train
constexpr std::int64_t kTextLength = 200;

std::shared_ptr<const Vocabulary> vocabulary_for(std::shared_ptr<const Vocabulary> known,
                                                 const std::vector<std::u32string>& words,
                                                 const std::string& source) {
  if (known) {
    return known;
  }
  auto vocabulary = std::make_shared<const Vocabulary>(words);
  check_intact(vocabulary->characters().size() <= Vocabulary::kMaxCharacters,
               "{}: {} different characters, at most {} are allowed", source,
               vocabulary->characters().size(), Vocabulary::kMaxCharacters);
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

std::size_t longest_of(const std::vector<std::u32string>& words) {
  std::size_t longest = 0;
  for (const std::u32string& word : words) {
    longest = std::max(longest, word.size());
  }
  return longest;
}

}  // namespace

Corpus::Corpus(const Words& list, std::uint64_t split_seed, std::shared_ptr<const Vocabulary> known)
    : Dataset(list.source, list.fingerprint,
              vocabulary_for(std::move(known), list.words, list.source)),
      words_(split_words(list, split_seed)) {
  train_ = sequences_of(words_->train, vocabulary());
  val_ = sequences_of(words_->val, vocabulary());
  test_ = sequences_of(words_->test, vocabulary());
}

Corpus::Corpus(const Text& text, double val_share, std::shared_ptr<const Vocabulary> known)
    : Dataset(text.source, text.fingerprint,
              vocabulary_for(std::move(known), {text.characters}, text.source)) {
  const TextSplit split = split_text(text, val_share);
  train_ = {vocabulary().encode(split.train)};
  val_ = {vocabulary().encode(split.val)};
}

std::string Corpus::summary() const {
  const std::string count =
      words_ ? fmt::format("{} words, ",
                           words_->train.size() + words_->val.size() + words_->test.size())
             : "";
  return fmt::format("{}{} characters; {} + {} examples", count, vocabulary().size() - 1,
                     token_count(train_), token_count(val_));
}

std::vector<Fact> Corpus::facts() const {
  std::vector<Fact> facts{{"source", source()}};
  const auto add = [&](const char* name, auto number) {
    facts.push_back({name, static_cast<std::int64_t>(number)});
  };
  if (words_) {
    std::set<std::u32string> different;
    std::size_t count = 0;
    std::size_t longest = 0;
    for (const auto* part : {&words_->train, &words_->val, &words_->test}) {
      different.insert(part->begin(), part->end());
      longest = std::max(longest, longest_of(*part));
      count += part->size();
    }
    add("words", count);
    add("longest", longest);
    add("duplicates", count - different.size());
  }
  add("characters", token_count(train_) + token_count(val_) + token_count(test_));
  add("train", token_count(train_));
  add("val", token_count(val_));
  add("test", token_count(test_));
  add("alphabet", vocabulary().size() - 1);
  return facts;
}

Marks marks_of(const std::vector<Sequence>& judged, const std::vector<Sequence>& train,
               std::int64_t vocabulary, bool of_words) {
  const std::int64_t order = of_words ? kOrderOfWords : kOrderOfText;
  return {baselines::uniform_loss(vocabulary), baselines::unigram_loss(train, judged, vocabulary),
          baselines::NgramCounts::fit(train, vocabulary, order).loss(judged), order};
}

Marks Corpus::marks(const std::string& part) const {
  return marks_of(sequences(part), train_, vocabulary().size(), words_.has_value());
}

std::unique_ptr<BatchSource> Corpus::batches(const Config& recipe,
                                             const BatchOptions& options) const {
  const std::int64_t batch = recipe.integer("train.batch_size", 1, kMaxBatch);
  if (options.windows) {
    return std::make_unique<RandomWindows>(make_windows(train_, options.receptive_field), batch,
                                           options.rng, options.steps_done);
  }
  const std::int64_t shards = recipe.integer_or("train.shards", 1, 1, 1024);
  if (words_) {
    return std::make_unique<WholeSequences>(
        train_, SequenceBatches{.batch = batch, .shards = shards}, options.seed);
  }
  return std::make_unique<TextPieces>(
      train_[0],
      TextBatches{.batch = batch,
                  .length = recipe.integer("data.piece", 1, kMaxBatch),
                  .receptive_field = options.receptive_field,
                  .shards = shards},
      options.seed);
}

std::unique_ptr<Pass> Corpus::pass(const std::string& part, const PassOptions& options) const {
  return std::make_unique<SequencePass>(sequences(part), options);
}

const std::vector<Sequence>& Corpus::sequences(const std::string& part) const {
  if (part == "train") {
    return train_;
  }
  if (part == "val") {
    return val_;
  }
  if (part == "test" && words_) {
    return test_;
  }
  fail_part(part, !words_);
}

Overlap overlap_of(const std::vector<std::u32string>& words, const std::vector<Sequence>& sequences,
                   const std::vector<std::u32string>& train) {
  const std::vector<bool> is_seen = seen_in(words, train);
  Overlap overlap;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    (is_seen[i] ? overlap.seen : overlap.unseen).push_back(sequences[i]);
  }
  return overlap;
}

std::optional<Overlap> Corpus::overlap(const std::string& part) const {
  if (!words_) {
    return std::nullopt;
  }
  return overlap_of(words_->part(part), sequences(part), words_->train);
}

Draws Corpus::draws() const {
  if (!words_) {
    return {1, kTextLength};
  }
  return {kDrawnWords, static_cast<std::int64_t>(std::max(kWordLength, longest_of(words_->train)))};
}

std::function<bool(const Sequence& drawn)> Corpus::recogniser() const {
  if (!words_) {
    return {};
  }
  std::set<Sequence> known;
  for (Sequence word : train_) {
    word.pop_back();  // the marker that ends it
    known.insert(std::move(word));
  }
  return [known = std::move(known)](const Sequence& drawn) { return known.contains(drawn); };
}

std::shared_ptr<const Corpus> open_corpus(const Config& recipe, const File& file,
                                          std::uint64_t split_seed,
                                          std::shared_ptr<const Vocabulary> vocabulary) try {
  const Source source = read_source(recipe, file);
  if (vocabulary) {
    require_known(source, *vocabulary);
  }
  if (const auto* text = std::get_if<Text>(&source.content)) {
    return std::make_shared<const Corpus>(*text, source.val_share, std::move(vocabulary));
  }
  return std::make_shared<const Corpus>(std::get<Words>(source.content), split_seed,
                                        std::move(vocabulary));
} catch (...) {
  rethrow_as_error(file.path.empty() && !file.bytes ? "the embedded names" : file.path);
}

std::shared_ptr<const Dataset> open_text(const Config& recipe, const File& file,
                                         const OpenOptions& options) {
  std::shared_ptr<const Vocabulary> vocabulary;
  if (options.codec) {
    vocabulary = {options.codec, &vocabulary_of(*options.codec)};
  }
  return open_corpus(recipe, file, options.split_seed, std::move(vocabulary));
}

}  // namespace wavenet::data
