// The proof of a receptive field: how far back lies the furthest token that an answer depends on.
#include <algorithm>

#include "wavenet/autograd/autograd.h"
#include "wavenet/generate/probes.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/view.h"

namespace wavenet::generate {
namespace {

constexpr std::int64_t kFieldSequences = 16;

// The furthest token, from `most` to `least` before the end, whose change alone changes what is said
// at the end; 0 where none does.
std::int64_t furthest_change(const models::Model& model, const Parallel& parallel,
                             const Tokens& tokens, std::int64_t most, std::int64_t least,
                             Rng& rng) {
  const auto last = static_cast<std::int64_t>(tokens.size()) - 1;
  const Tensor before = answers(parallel, tokens);
  for (std::int64_t back = most; back >= least; --back) {
    Tokens changed = tokens;
    std::int32_t& token = changed[tokens.size() - static_cast<std::size_t>(back)];
    token = another(token, model.vocabulary(), rng);
    if (!same(at(before, 0, last), at(answers(parallel, changed), 0, last))) {
      return back;
    }
  }
  return 0;
}

// Whether what is said at the end has a gradient in a token `back` or more before it: these become
// even tokens and those after them odd ones, so that no row of the embedding belongs to both.
bool has_gradient_from(const models::Model& model, const Parallel& parallel, Tokens tokens,
                       std::int64_t back) {
  const auto length = static_cast<std::int64_t>(tokens.size());
  for (std::int64_t t = 0; t < length; ++t) {
    std::int32_t& token = tokens[static_cast<std::size_t>(t)];
    const bool below = (token | 1) < model.vocabulary();
    token = t <= length - back ? token & ~1 : below ? token | 1 : token - 1;
  }
  Rng rng(4);
  const Tensor logits = parallel(Tensor::from(tokens, {1, length}));
  backward(index(logits, {{}, {.start = length - 1}}), randn({1, 1, model.output().width()}, rng));
  const Tensor gradient = grad(embedding_of(model));
  forget_gradients(model);
  const std::int64_t width = gradient.size(1);
  for (std::int64_t token = 0; token < gradient.size(0); token += 2) {
    const float* row = gradient.data<float>() + token * width;
    if (std::any_of(row, row + width, [](float value) { return value != 0; })) {
      return true;
    }
  }
  return false;
}

// The furthest token that has a gradient; 0 where none has. Far back a change is lost in rounding, as
// every layer makes less of it; a gradient is not.
std::int64_t furthest_gradient(const models::Model& model, const Parallel& parallel,
                               const Tokens& tokens) {
  std::int64_t seen = 0;
  auto unseen = static_cast<std::int64_t>(tokens.size());
  while (unseen - seen > 1) {
    const std::int64_t middle = (seen + unseen) / 2;
    (has_gradient_from(model, parallel, tokens, middle) ? seen : unseen) = middle;
  }
  return seen;
}

}  // namespace

Proof verify_receptive_field(const models::Model& model, const Parallel& parallel) {
  const std::int64_t field = model.receptive_field();
  const std::int64_t length = some_past(model, kBeyond);
  const std::int64_t expected = std::min(field, length - 1);
  const bool counts = !model.takes_steps();
  const bool looks_everywhere = counts || !embedding_of(model).defined();
  Rng rng(2);
  std::int64_t furthest = 0;  // tokens back from the last one, itself included
  const std::int64_t tries = affordable(model, (kBeyond + 1) * length, 2, kFieldSequences);
  for (std::int64_t n = 0; n < tries; ++n) {
    const Tokens tokens = drawn(model, length, 100 + static_cast<std::uint64_t>(n));
    const std::int64_t least = looks_everywhere ? furthest + 1 : std::max(expected, furthest + 1);
    furthest = std::max(furthest, furthest_change(model, parallel, tokens, length - 1, least, rng));
  }
  std::string how = fmt::format("changing one token at a time in {} sequences", tries);
  if (furthest == 0 && !looks_everywhere) {
    furthest = furthest_gradient(model, parallel, drawn(model, length, 100));
    how = "the gradient of an output";
  }
  return {"receptive field",
          furthest == expected || (counts && furthest > 0 && furthest < expected),
          fmt::format("computed {}, measured {} by {}", field, furthest, how)};
}

}  // namespace wavenet::generate
