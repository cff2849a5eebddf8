// Ordered embedding: rows of codes that stand for levels in order, as those of sound do, begin as smooth
// functions of the level instead of noise.
//
//   nn::order_rows(embedding, rng);   // embedding: [V, C]
//
// With y = 2 code / (V - 1) - 1, row `code` holds y, then its expansion sgn(y) (V^|y| - 1) / (V - 1), which
// for 256 mu-law codes is the sample itself, then cosines of y at random phases, of one half to 64 half
// periods over the range; each channel with a mean square near 1. A prediction that is linear in the
// samples so far then lies within reach of the first layers from the first step on. Left out: keeping the
// rows so; they are trained like any.
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::nn {

void order_rows(const Tensor& embedding, Rng& rng);

}  // namespace wavenet::nn
