#include "wavenet/generate/probes.h"

#include <algorithm>

#include "wavenet/autograd/autograd.h"

namespace wavenet::generate {
namespace {

// Of one proof, about: a second of a core. A model of sound looks back thousands of samples.
constexpr std::int64_t kMultiplyAdds = 20'000'000'000;

}  // namespace

Tokens drawn(const models::Model& model, std::int64_t length, std::uint64_t seed) {
  Rng rng(seed);
  Stream stream(model);
  Tokens tokens{model.before()};
  const std::unique_ptr<output::Sampler> sampler = model.output().sampler({});
  while (static_cast<std::int64_t>(tokens.size()) < length) {
    tokens.push_back(sampler->draw_with(sampler->prepare(stream.logits()), rng));
    stream.push(tokens.back());
  }
  return tokens;
}

std::int32_t another(std::int32_t token, std::int64_t vocabulary, Rng& rng) {
  const auto step = 1 + static_cast<std::int64_t>(rng.below(
                            static_cast<std::uint64_t>(std::max<std::int64_t>(1, vocabulary - 1))));
  return static_cast<std::int32_t>((token + step) % vocabulary);
}

Tensor answers(const Parallel& parallel, const Tokens& tokens) {
  const NoGrad guard;
  return parallel(Tensor::from(tokens, {1, static_cast<std::int64_t>(tokens.size())}));
}

std::span<const float> at(const Tensor& logits, std::int64_t row, std::int64_t position) {
  const std::int64_t width = logits.size(-1);
  const float* first = logits.data<float>() + (row * logits.size(1) + position) * width;
  return {first, static_cast<std::size_t>(width)};
}

bool same(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

Tensor embedding_of(const models::Model& model) {
  for (const auto& [name, tensor] : model.parameters()) {
    if (name == "embedding.weight") {
      return tensor;
    }
  }
  return {};
}

void forget_gradients(const models::Model& model) {
  for (const auto& [name, parameter] : model.parameters()) {
    zero_grad(parameter);
  }
}

std::int64_t some_past(const models::Model& model, std::int64_t more) {
  return std::min(model.receptive_field() + more, kMostPositions);
}

std::int64_t affordable(const models::Model& model, std::int64_t positions, std::int64_t least,
                        std::int64_t most) {
  const std::int64_t each = std::max<std::int64_t>(1, models::multiply_adds(model.wiring()));
  return std::clamp(kMultiplyAdds / positions / each, least, most);
}

}  // namespace wavenet::generate
