// How far waveforms lie from those that they are to be: sample by sample, and in their spectra.
//
//   Tensor mse = squared_error(x, y);                                      // [B, T, W], [B, T] -> [W]
//   Tensor far = spectral_loss(x, y, {.fft = 1024, .hop = 120, .window = 600});   // the same shapes
//
// W nets answer side by side and are held against the same targets, each on its own. Left out: the
// gradient of targets.
#pragma once

#include "wavenet/backend/backend.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

// x: [B, T, W], targets: [B, T], of one float type -> [W], the mean over B and T of (x - targets)^2.
Tensor squared_error(const Tensor& x, const Tensor& targets);

// x: [B, T, W], targets: [B, T], of one float type -> [W]: spectral convergence and the distance of
// logarithms (Arik et al. 2018, arXiv 1808.06719, section 3) of the magnitudes P of x and T of targets,
// over the whole minibatch:
//   sqrt(sum of (P - T)^2) / sqrt(sum of T^2) + mean of |ln P - ln T|
// Throws Error for shapes that do not fit, for T of no more than fft / 2 samples, which have no mirror
// image so long, and for an fft that is no power of two from 8 to 32,768, a window outside [1, fft] and a
// hop below 1.
Tensor spectral_loss(const Tensor& x, const Tensor& targets, const Stft& how);

}  // namespace wavenet
