// Probabilities of the next character, and the loss on it.
//
//   Tensor p = softmax(logits);                        // rows are the last dimension
//   Tensor loss = cross_entropy(logits, targets);      // mean over all rows, in nats
//
// Left out: class weights, label smoothing.
#pragma once

#include "wavenet/tensor/tensor.h"

namespace wavenet {

Tensor softmax(const Tensor& x);
Tensor log_softmax(const Tensor& x);
// logits: [N, V], targets: i32 [N], each in [0, V) -> [].
Tensor cross_entropy(const Tensor& logits, const Tensor& targets);

}  // namespace wavenet
