#include "wavenet/run/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "wavenet/data/leak.h"
#include "wavenet/models/marks.h"
#include "wavenet/models/ngram.h"
#include "wavenet/train/evaluate.h"

namespace wavenet::run {
namespace {

// The orders that count best on names and on a book of a million characters.
constexpr std::int64_t kOrderOfWords = 6;
constexpr std::int64_t kOrderOfText = 7;

double loss_or_nan(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
                   const Between& between) {
  return sequences.empty() ? std::numeric_limits<double>::quiet_NaN()
                           : loss_of(model, sequences, threads, between);
}

Marks marks_of(const std::vector<data::Sequence>& judged, const std::vector<data::Sequence>& train,
               std::int64_t vocabulary, bool words) {
  const std::int64_t order = words ? kOrderOfWords : kOrderOfText;
  return {models::uniform_loss(vocabulary), models::unigram_loss(train, judged, vocabulary),
          models::NgramCounts::fit(train, vocabulary, order).loss(judged), order};
}

Leak leak_of(models::Model& model, const std::vector<std::u32string>& words,
             const std::vector<data::Sequence>& sequences, const std::vector<std::u32string>& train,
             int threads, const Between& between) {
  const std::vector<bool> seen = data::seen_in(words, train);
  std::vector<data::Sequence> known;
  std::vector<data::Sequence> unknown;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    (seen[i] ? known : unknown).push_back(sequences[i]);
  }
  return Leak{static_cast<std::int64_t>(sequences.size()), static_cast<std::int64_t>(known.size()),
              loss_or_nan(model, known, threads, between),
              loss_or_nan(model, unknown, threads, between)};
}

}  // namespace

double loss_of(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
               const Between& between) {
  if (const std::unique_ptr<models::Model> same = model.cheaper()) {
    return loss_of(*same, sequences, threads, between);
  }
  return train::mean_loss(model, sequences, threads, between);
}

Marks marks_of(const data::Corpus& corpus, const std::string& part) {
  return marks_of(corpus.part(part), corpus.train, corpus.vocabulary.size(),
                  corpus.words.has_value());
}

Marks marks_of(const data::Part& judged, const data::Part& train, std::int64_t vocabulary) {
  return marks_of(judged.sequences, train.sequences, vocabulary, !judged.words.empty());
}

std::optional<Leak> leak_of(models::Model& model, const data::Corpus& corpus,
                            const std::string& part, int threads, const Between& between) {
  if (!corpus.words) {
    return std::nullopt;
  }
  return leak_of(model, corpus.words->part(part), corpus.part(part), corpus.words->train, threads,
                 between);
}

std::optional<Leak> leak_of(models::Model& model, const data::Part& judged, const data::Part& train,
                            int threads) {
  if (judged.words.empty()) {
    return std::nullopt;
  }
  return leak_of(model, judged.words, judged.sequences, train.words, threads, {});
}

}  // namespace wavenet::run
