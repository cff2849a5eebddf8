#include "wavenet/run/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "wavenet/autograd/autograd.h"
#include "wavenet/data/leak.h"
#include "wavenet/models/convolution.h"
#include "wavenet/models/marks.h"
#include "wavenet/models/ngram.h"
#include "wavenet/ops/loss.h"
#include "wavenet/ops/view.h"
#include "wavenet/train/evaluate.h"

namespace wavenet::run {
namespace {

// The orders that count best on names and on a book of a million characters.
constexpr std::int64_t kOrderOfWords = 6;
constexpr std::int64_t kOrderOfText = 7;

constexpr std::int64_t kPiece = 1024;  // tokens of a long sequence that are judged together

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
  if (const auto same = models::convolution_of(model)) {  // the same numbers at half the cost
    return loss_of(*same, sequences, threads, between);
  }
  if (const models::NgramCounts* counts = model.counted()) {
    return counts->loss(sequences);  // without the probabilities of all other tokens
  }
  return train::mean_loss(
      model, [&](const Tensor& tokens) { return model.logits(tokens); }, sequences,
      model.receptive_field(), threads, between);
}

std::vector<double> losses_of(models::Model& model, const data::Sequence& targets) {
  if (const models::NgramCounts* counts = model.counted()) {
    return counts->losses(targets);
  }
  const NoGrad guard;
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const auto size = static_cast<std::int64_t>(targets.size());
  std::vector<double> losses;
  losses.reserve(targets.size());
  for (std::int64_t first = 0; first < size; first += kPiece) {
    const std::int64_t past = std::min(first, model.receptive_field() - 1);
    const std::int64_t stop = std::min(first + kPiece, size);
    data::Sequence tokens;
    for (std::int64_t at = first - past - 1; at < stop - 1; ++at) {
      tokens.push_back(at < 0 ? data::Vocabulary::kEnd : targets[static_cast<std::size_t>(at)]);
    }
    const Tensor logits = model.logits(Tensor::from(tokens, {1, std::ssize(tokens)}));
    const Tensor log_p = log_softmax(contiguous(index(logits, {{}, {.start = past}})));
    for (std::int64_t at = first; at < stop; ++at) {
      const std::int64_t place =
          (at - first) * log_p.size(2) + targets[static_cast<std::size_t>(at)];
      losses.push_back(-static_cast<double>(log_p.data<float>()[place]));
    }
  }
  return losses;
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
