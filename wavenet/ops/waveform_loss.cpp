#include "wavenet/ops/waveform_loss.h"

#include <bit>
#include <cmath>
#include <vector>

#include "wavenet/autograd/autograd.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

constexpr std::int64_t kMaxFft = 32'768;

void check_waveforms(const char* name, const Tensor& x, const Tensor& targets) {
  check(x.rank() == 3 && targets.rank() == 2 && x.size(0) == targets.size(0) &&
            x.size(1) == targets.size(1) && x.numel() > 0,
        "{}: needs x [B, T, W] and targets [B, T], got {} and {}", name, x.shape(),
        targets.shape());
  check(is_float(x.dtype()) && x.dtype() == targets.dtype(), "{}: x of {} and targets of {}", name,
        x.dtype(), targets.dtype());
}

void check_stft(const Stft& how, std::int64_t length) {
  check(how.fft >= 8 && how.fft <= kMaxFft &&
            std::has_single_bit(static_cast<std::uint64_t>(how.fft)),
        "spectral_loss: the transform must have a power of two from 8 to {} points, got {}",
        kMaxFft, how.fft);
  check(how.window >= 1 && how.window <= how.fft,
        "spectral_loss: the window must be from 1 to {} samples, got {}", how.fft, how.window);
  check(how.hop >= 1, "spectral_loss: the hop must be at least 1 sample, got {}", how.hop);
  check(length > how.fft / 2,
        "spectral_loss: a transform of {} points needs more than {} samples, got {}", how.fft,
        how.fft / 2, length);
}

// Net w of x: [B, T, W] -> [B, T].
View net_of(const View& x, std::int64_t w) { return squeezed(sliced(x, 2, w, w + 1, 1), 2); }

Gradient net_of(const Gradient& dx, std::int64_t w) { return {net_of(dx.to, w), dx.into}; }

// What the way back needs of one net.
struct Distance {
  SpectralSums sums;
  Tensor spectra{};
};

double loss_of(const SpectralSums& sums, double bins) {
  return std::sqrt(sums.differences) / std::sqrt(sums.targets) + sums.logarithms / bins;
}

// The gradient of loss_of, as spectral_distance_backward has it. At no distance it is taken to be 0.
void send_back(const Distance& net, double bins, const Tensor& magnitudes, const Stft& how,
               double dy, const Gradient& dx) {
  const double scale = std::sqrt(net.sums.differences) * std::sqrt(net.sums.targets);
  backend().spectral_distance_backward(net.spectra, magnitudes, how, scale == 0 ? 0 : dy / scale,
                                       dy / bins, dx);
}

}  // namespace

Tensor squared_error(const Tensor& x, const Tensor& targets) {
  check_waveforms("squared_error", x, targets);
  Tensor y = Tensor::empty({x.size(2)}, x.dtype());
  backend().squared_error(x, targets, y);
  autograd::record("squared_error", y, {x},
                   [targets = targets.detach()](const Tensor& dy, const InputGradients& d) {
                     backend().squared_error_backward(d.input(0), targets, dy, d[0]);
                   });
  return y;
}

Tensor spectral_loss(const Tensor& x, const Tensor& targets, const Stft& how) {
  check_waveforms("spectral_loss", x, targets);
  check_stft(how, x.size(1));
  const StftGroups groups(how, x.size(0), x.size(1));
  const Tensor magnitudes = Tensor::empty(groups.magnitudes(), x.dtype());
  backend().spectral_magnitudes(targets, how, magnitudes);
  const auto bins = static_cast<double>(x.size(0) * how.frames(x.size(1)) * how.bins());
  Tensor y = Tensor::empty({x.size(2)}, x.dtype());
  std::vector<Distance> nets;
  for (std::int64_t w = 0; w < x.size(2); ++w) {
    Distance& net = nets.emplace_back();
    if (grad_enabled() && requires_grad(x)) {
      net.spectra = Tensor::empty(groups.spectra(), x.dtype());
    }
    net.sums = backend().spectral_distance(net_of(x.view(), w), magnitudes, how, net.spectra);
    const Tensor one = y.with_view(sliced(y.view(), 0, w, w + 1, 1));
    backend().fill(loss_of(net.sums, bins), one);
  }
  autograd::record("spectral_loss", y, {x}, [=](const Tensor& dy, const InputGradients& d) {
    const Gradient dx = d[0];
    for (std::size_t w = 0; w < nets.size(); ++w) {
      const auto at = static_cast<std::int64_t>(w);
      const Tensor one = dy.with_view(sliced(dy.view(), 0, at, at + 1, 1));
      send_back(nets[w], bins, magnitudes, how, one.item(), net_of(dx, at));
    }
  });
  return y;
}

}  // namespace wavenet
