// Generating words one after another from one stream of random numbers, as the article's loop does:
// the draws are those of torch.multinomial.
//
//   Rng rng(42);
//   generate::Word word = generate::word(*model, {.temperature = 0.8}, rng);
//   std::string text = vocabulary.decode(word.tokens);
//
// Left out: speed, and words that do not depend on those before them (words.h has both).
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/base/stop.h"
#include "wavenet/generate/draft.h"
#include "wavenet/models/model.h"

namespace wavenet::generate {

// One word, of the model in evaluation mode; it is in the mode that it had after. `between`: of all
// the characters that it may have.
Word word(models::Model& model, const SampleOptions& options, Rng& rng,
          const Between& between = {});

}  // namespace wavenet::generate
