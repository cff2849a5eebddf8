// Probabilities of the next character, and the loss on it.
//
//   Tensor p = softmax(logits);                        // rows are the last dimension
//   Tensor loss = cross_entropy(logits, targets);      // mean over all rows, in nats
//
// Left out: class weights.
#pragma once

#include "wavenet/tensor/inputs.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

Tensor softmax(const Tensor& x);
Tensor log_softmax(const Tensor& x);

// logits: [N, V], targets: i32 [N], each in [0, V) or kNoTarget -> [], the mean over the rows that
// have a target. Label smoothing e: the target is 1 - e and e / V more on every class (Szegedy et
// al. 2016, section 7). Throws Error when no row has a target.
Tensor cross_entropy(const Tensor& logits, const Tensor& targets, double label_smoothing = 0);

}  // namespace wavenet
