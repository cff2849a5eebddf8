#include "wavenet/generate/generate.h"

#include <algorithm>
#include <functional>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/generate/stream.h"

namespace wavenet::generate {
namespace {

using Push = std::function<void(std::int32_t)>;
using Logits = std::function<std::span<const float>()>;

Word drawn(const SampleOptions& options, const output::Output& output, Rng& rng,
           const Between& between, const Push& push, const Logits& logits) {
  check_options(options);
  const std::unique_ptr<output::Sampler> sampler = output.sampler(options.draws());
  Word result{options.prompt, false};
  std::for_each(result.tokens.begin(), result.tokens.end(), push);
  while (static_cast<std::int64_t>(result.tokens.size()) < options.max_length) {
    if (between) {
      between(static_cast<double>(result.tokens.size()) / static_cast<double>(options.max_length));
    }
    const std::int32_t token = sampler->draw_with(sampler->prepare(logits()), rng);
    if (token == 0 || token == options.stop) {
      result.ended = true;
      break;
    }
    result.tokens.push_back(token);
    push(token);
  }
  return result;
}

}  // namespace

Word word(models::Model& model, const SampleOptions& options, Rng& rng,
          const Between& between) try {
  if (model.reads() == models::Reads::sequences) {
    Stream stream(model);
    return drawn(
        options, model.output(), rng, between, [&](std::int32_t token) { stream.push(token); },
        [&] { return stream.logits(); });
  }
  // One window at a time through the model itself, whose bits the article's names hang on.
  const NoGrad guard;
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  std::vector<std::int32_t> window(static_cast<std::size_t>(model.receptive_field()), 0);
  Tensor logits;
  return drawn(
      options, model.output(), rng, between,
      [&](std::int32_t token) {
        std::rotate(window.begin(), window.begin() + 1, window.end());
        window.back() = token;
      },
      [&]() -> std::span<const float> {
        logits = model.raw({.x = Tensor::from(window, {1, model.receptive_field()})});
        return {logits.data<float>(), static_cast<std::size_t>(logits.numel())};
      });
} catch (...) {
  rethrow_as_error("sample");
}

}  // namespace wavenet::generate
