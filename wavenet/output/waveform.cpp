#include "wavenet/output/waveform.h"

#include <array>

#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/reduce.h"
#include "wavenet/ops/view.h"
#include "wavenet/ops/waveform_loss.h"

namespace wavenet::output {
namespace {

constexpr std::array<Stft, 3> kResolutions{{{.fft = 1024, .hop = 120, .window = 600},
                                            {.fft = 2048, .hop = 240, .window = 1200},
                                            {.fft = 512, .hop = 50, .window = 240}}};

// Along dimension 1; what has no sample before it is left out.
Tensor emphasized(const Tensor& x, double c) {
  return c == 0 ? x : index(x, {{}, {.start = 1}}) - affine(index(x, {{}, {.stop = -1}}), c, 0);
}

// [W]
Tensor spectral_distance(const Tensor& raw, const Tensor& targets) {
  Tensor sum;
  for (const Stft& how : kResolutions) {
    const Tensor one = spectral_loss(raw, targets, how);
    sum = sum.defined() ? sum + one : one;
  }
  return affine(sum, 1.0 / kResolutions.size(), 0);
}

// Calls visit(net, error, target) for every place, in order.
template <class Visit>
void for_each_error(const Tensor& raw, const Tensor& targets, const Visit& visit) {
  const std::vector<float> answers = raw.to_vector<float>();
  auto answer = answers.begin();
  for (const float target : targets.to_vector<float>()) {
    for (std::size_t net = 0; net < static_cast<std::size_t>(raw.size(-1)); ++net) {
      visit(net, static_cast<double>(*answer++) - static_cast<double>(target),
            static_cast<double>(target));
    }
  }
}

}  // namespace

Waveform::Waveform(const WaveformOptions& options) : options_(options) {
  check(options.nets >= 1, "waveform: needs at least 1 net, got {}", options.nets);
  check(options.mrstft >= 0, "waveform: the weight of spectra must be at least 0, got {}",
        options.mrstft);
  check(options.pre_emphasis >= 0 && options.pre_emphasis <= 1,
        "waveform: pre-emphasis must be from 0 to 1, got {}", options.pre_emphasis);
}

void Waveform::check_shapes(const Tensor& raw, const Tensor& targets) const {
  check(raw.dtype() == DType::f32 && targets.dtype() == DType::f32,
        "waveform: samples are f32, got {} for targets of {}", raw.dtype(), targets.dtype());
  check(raw.rank() == 3 && targets.rank() == 2 && raw.size(0) == targets.size(0) &&
            raw.size(1) == targets.size(1) && raw.size(2) == options_.nets,
        "waveform: needs [B, T, {}] for targets [B, T], got {} and {}", options_.nets, raw.shape(),
        targets.shape());
}

Tensor Waveform::loss(const Tensor& raw, const Tensor& targets) const {
  check_shapes(raw, targets);
  const Tensor squares = squared_error(raw, targets);
  if (options_.mrstft == 0) {
    return sum(squares);
  }
  const double c = options_.pre_emphasis;
  const Tensor spectra = spectral_distance(emphasized(raw, c), emphasized(targets, c));
  return sum(squares + affine(spectra, options_.mrstft, 0));
}

std::vector<double> Waveform::losses(const Tensor& raw, const Tensor& targets) const {
  check_shapes(raw, targets);
  std::vector<double> all;
  for_each_error(raw, targets, [&](std::size_t net, double error, double) {
    if (net == 0) {
      all.push_back(0);
    }
    all.back() += error * error;
  });
  return all;
}

std::vector<Score> Waveform::judge_each(const Tensor& raw, const Tensor& targets) const {
  check_shapes(raw, targets);
  std::vector<Score> scores(static_cast<std::size_t>(options_.nets));
  for_each_error(raw, targets, [&](std::size_t net, double error, double target) {
    scores[net].sum += error * error;
    scores[net].weight += target * target;
  });
  return scores;
}

Score Waveform::judge(const Tensor& raw, const Tensor& targets) const {
  Score together;
  for (const Score& one : judge_each(raw, targets)) {
    together = {together.sum + one.sum, one.weight};
  }
  return together;
}

std::unique_ptr<Sampler> Waveform::sampler(const DrawOptions&) const {
  fail_usage("sample: a model of waveforms answers with samples, and nothing is drawn from it");
}

std::shared_ptr<const Output> waveform(const Config& recipe, std::int64_t nets) {
  return std::make_shared<Waveform>(
      WaveformOptions{.nets = nets,
                      .mrstft = recipe.number_or("output.mrstft", 0.0005, 0, 1e6),
                      .pre_emphasis = recipe.number_or("output.pre_emphasis", 0, 0, 1)});
}

}  // namespace wavenet::output
