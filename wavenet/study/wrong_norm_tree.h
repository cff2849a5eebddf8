// WrongNormTree: models::Tree with the article's mistake in its norms (batch_only_norm.h).
//
//   study::WrongNormTree tree({.vocabulary = 27, .block_size = 8, .embedding = 10, .hidden = 68},
//                             rng);
//   Tensor logits = tree(tokens);   // i32 [B, 8] -> [B, 27]
//
// The same seed gives the same weights as a models::Tree's, and there are as many of them. Left
// out: what needs one norm for all places: it is no convolution.
#pragma once

#include "wavenet/models/tree.h"

namespace wavenet::study {

class WrongNormTree : public models::Chain {
 public:
  WrongNormTree(const models::TreeOptions& options, Rng& rng);
  std::string kind() const override { return "WrongNormTree"; }
};

}  // namespace wavenet::study
