#include "wavenet/baselines/sound_marks.h"

#include "wavenet/baselines/linear_prediction.h"
#include "wavenet/baselines/marks.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {

Marks sound_marks(const std::vector<Codes>& train, const CodeCounts& counts_of_train,
                  const std::vector<Codes>& judged) {
  const CodeCounts asked(judged);
  return {.uniform = uniform_loss(sound::kCodes),
          .unigram = code_unigram_loss(counts_of_train, asked),
          .ngram = code_bigram_loss(counts_of_train, asked),
          .order = 2,
          .linear_prediction = LinearPrediction::fit(train).loss(judged)};
}

}  // namespace wavenet::baselines
