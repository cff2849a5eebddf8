// How far two models' logits lie apart.
//
//   study::Difference d = study::difference(*tree, *models::convolution_of(*tree), corpus.val());
//   d.largest   // 3e-06, where logits go up to d.logit
//
// Left out: losses, which may agree by chance.
#pragma once

#include "wavenet/models/model.h"

namespace wavenet::study {

struct Difference {
  double largest = 0;  // |a - b| over every logit at every position
  double logit = 0;    // the largest |a|
};

// Of both models in evaluation mode. `sequences` are what is to be predicted, as data::Sequence has
// it. Throws Error when their vocabularies differ and for a logit that is not finite.
Difference difference(models::Model& a, models::Model& b,
                      const std::vector<std::vector<std::int32_t>>& sequences);

}  // namespace wavenet::study
