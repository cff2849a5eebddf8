#include "cli/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "wavenet/data/leak.h"
#include "wavenet/models/convolution.h"
#include "wavenet/models/marks.h"
#include "wavenet/models/ngram.h"
#include "wavenet/train/evaluate.h"

namespace cli {

using namespace wavenet;

namespace {

// The orders that count best on names and on a book of a million characters.
constexpr std::int64_t kOrderOfWords = 6;
constexpr std::int64_t kOrderOfText = 7;

double loss_or_nan(models::Model& model, const std::vector<data::Sequence>& sequences,
                   int threads) {
  return sequences.empty() ? std::numeric_limits<double>::quiet_NaN()
                           : loss_of(model, sequences, threads);
}

}  // namespace

double loss_of(models::Model& model, const std::vector<data::Sequence>& sequences, int threads) {
  if (const auto* tree = dynamic_cast<const models::Tree*>(&model)) {
    const auto same = models::convolution_of(*tree);  // the same numbers at half the cost
    return loss_of(*same, sequences, threads);
  }
  return train::mean_loss(
      model, [&](const Tensor& tokens) { return model.logits(tokens); }, sequences,
      model.receptive_field(), threads);
}

Marks marks_of(const data::Corpus& corpus, const std::string& part) {
  const std::vector<data::Sequence>& judged = corpus.part(part);
  const std::int64_t vocabulary = corpus.vocabulary.size();
  const std::int64_t order = corpus.words ? kOrderOfWords : kOrderOfText;
  return {models::uniform_loss(vocabulary), models::unigram_loss(corpus.train, judged, vocabulary),
          models::NgramCounts::fit(corpus.train, vocabulary, order).loss(judged), order};
}

std::optional<Leak> leak_of(models::Model& model, const data::Corpus& corpus,
                            const std::string& part, int threads) {
  if (!corpus.words) {
    return std::nullopt;
  }
  const std::vector<bool> seen =
      data::seen_in(corpus.words->part(part), corpus.words->part("train"));
  const std::vector<data::Sequence>& sequences = corpus.part(part);
  std::vector<data::Sequence> known;
  std::vector<data::Sequence> unknown;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    (seen[i] ? known : unknown).push_back(sequences[i]);
  }
  return Leak{static_cast<std::int64_t>(sequences.size()), static_cast<std::int64_t>(known.size()),
              loss_or_nan(model, known, threads), loss_or_nan(model, unknown, threads)};
}

void print(const Marks& marks, const std::optional<Leak>& leak, const std::string& part) {
  fmt::print("marks on {}: uniform {:.4f}  unigram {:.4f}  counting {} characters {:.4f}\n", part,
             marks.uniform, marks.unigram, marks.order, marks.ngram);
  if (leak) {
    const std::string losses = leak->seen == 0 || leak->seen == leak->words
                                   ? ""
                                   : fmt::format("; loss on those {:.4f}, on the others {:.4f}",
                                                 leak->seen_loss, leak->unseen_loss);
    fmt::print("leak: {} of {} {} words ({:.1f} %) also stand in train{}\n", leak->seen,
               leak->words, part,
               100 * static_cast<double>(leak->seen) / static_cast<double>(leak->words), losses);
  }
}

void add_to(nlohmann::ordered_json& record, const Marks& marks, const std::optional<Leak>& leak) {
  record["marks"] = {{"uniform", marks.uniform},
                     {"unigram", marks.unigram},
                     {"ngram", marks.ngram},
                     {"ngram_order", marks.order}};
  if (leak) {
    record["leak"] = {{"words", leak->words},
                      {"seen", leak->seen},
                      {"seen_loss", leak->seen_loss},
                      {"unseen_loss", leak->unseen_loss}};
  }
}

}  // namespace cli
