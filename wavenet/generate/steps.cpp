#include "wavenet/generate/steps.h"

#include <algorithm>
#include <cmath>

#include "wavenet/autograd/autograd.h"
#include "wavenet/baselines/ngram.h"
#include "wavenet/generate/products.h"
#include "wavenet/ops/view.h"

namespace wavenet::generate {
namespace {

std::vector<float> floats(std::int64_t count) {
  return std::vector<float>(static_cast<std::size_t>(count));
}

TokenTable table_of(const models::Wiring& wiring) {
  const models::Product& first = wiring.first.parts.front();
  return {wiring.embedding, first.weight, first.bias, wiring.first.geometry};
}

void add_rings(const std::vector<RingConv>& convs, std::int64_t slip, State& state) {
  for (const RingConv& conv : convs) {
    state.rings.push_back(conv.ring(state.count, slip));
    state.ahead.push_back(conv.ahead(state.count));
  }
}

// Convolutions with a tanh after each, then the head.
class StackSteps final : public Steps {
 public:
  explicit StackSteps(const models::Wiring& wiring) : table_(table_of(wiring)), head_(wiring.head) {
    for (const models::Wiring::Block& block : wiring.blocks) {
      convs_.emplace_back(block.parts, block.geometry);
    }
  }

  std::int64_t vocabulary() const override { return table_.vocabulary(); }
  std::int64_t width() const override { return head_.channels(); }

  State blank(std::int64_t count, std::int64_t slip) const override {
    State state{count, table_.ring(count, slip), {}, {}, {}, floats(count * width())};
    add_rings(convs_, slip, state);
    state.scratch = {floats(count * table_.channels())};
    return state;
  }

  void step(std::span<const std::int32_t> tokens, State& state) const override {
    const std::int64_t count = state.count;
    float* y = state.scratch[0].data();  // [count, C]
    const auto tanh_into = [&](float* to) {
      backend().unary(Unary::tanh, matrix(y, count, table_.channels()),
                      matrix(to, count, table_.channels()));
    };
    table_.look_up(tokens, state.tokens, y, table_.channels());
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      const float* past = convs_[i].past(state.rings[i], count, state.ahead[i]);
      tanh_into(state.rings[i].present());
      convs_[i].present(state.rings[i], count, past, y);
    }
    tanh_into(y);
    head_.apply(y, count, state.logits.data());
  }

 private:
  TokenTable table_;
  std::vector<RingConv> convs_;
  Affine head_;
};

// The 1x1 layers of a gated block side by side, as one product: residual's and skip's, or skip's.
class Outer {
 public:
  explicit Outer(const models::Wiring::Block& block) {
    const bool is_last = !block.residual.weight.defined();
    weight_ =
        is_last ? block.skip.weight.clone() : cat({block.residual.weight, block.skip.weight}, 1);
    bias_ = is_last ? block.skip.bias.clone() : cat({block.residual.bias, block.skip.bias}, 0);
  }
  View weight() const { return weight_; }
  View bias() const { return bias_; }

 private:
  Tensor weight_;  // [R, R + S] or [R, S]
  Tensor bias_;
};

// Gated blocks with residual and skip connections, then two 1x1 layers.
class GatedSteps final : public Steps {
 public:
  explicit GatedSteps(const models::Wiring& wiring)
      : table_(table_of(wiring)), post_(wiring.post), head_(wiring.head) {
    for (const models::Wiring::Block& block : wiring.blocks) {
      convs_.emplace_back(block.parts, block.geometry);
      outers_.emplace_back(block);
    }
  }

  std::int64_t vocabulary() const override { return table_.vocabulary(); }
  std::int64_t width() const override { return head_.channels(); }

  State blank(std::int64_t count, std::int64_t slip) const override {
    State state{count, table_.ring(count, slip), {}, {}, {}, floats(count * width())};
    add_rings(convs_, slip, state);
    const std::int64_t outer = count * post_.channels();
    state.scratch = {floats(count * carried()), floats(outer), floats(outer)};
    return state;
  }

  void step(std::span<const std::int32_t> tokens, State& state) const override {
    const std::int64_t count = state.count;
    float* carry = state.scratch[0].data();  // [count, R + S]
    begin(tokens, state, carry);
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      const float* past = convs_[i].past(state.rings[i], count, state.ahead[i]);
      keep(carry, count, state.rings[i].present());
      backend().gated_step(matrix(past, count, convs_[i].channels()), convs_[i].last_tap(),
                           outers_[i].weight(), outers_[i].bias(), matrix(carry, count, carried()));
    }
    finish(carry, state);
  }

 private:
  std::int64_t carried() const { return table_.channels() + post_.channels(); }  // R + S

  // The first rows, beside a sum of no skips.
  void begin(std::span<const std::int32_t> tokens, State& state, float* carry) const {
    std::fill_n(carry, state.count * carried(), 0.0F);
    table_.look_up(tokens, state.tokens, carry, carried());
  }

  // Puts the rows that a block reads into its ring.
  void keep(const float* carry, std::int64_t count, float* to) const {
    for (std::int64_t i = 0; i < count; ++i) {
      std::copy_n(carry + i * carried(), table_.channels(), to + i * table_.channels());
    }
  }

  void finish(const float* carry, State& state) const {
    const std::int64_t count = state.count;
    const View skips = matrix(state.scratch[1].data(), count, post_.channels());
    const View post = matrix(state.scratch[2].data(), count, post_.channels());
    backend().copy(sliced(matrix(carry, count, carried()), 1, table_.channels(), carried(), 1),
                   skips);
    backend().unary(Unary::relu, skips, post);
    post_.apply(post.as<float>(), count, skips.as<float>());
    backend().unary(Unary::relu, skips, post);
    head_.apply(post.as<float>(), count, state.logits.data());
  }

  TokenTable table_;
  std::vector<RingConv> convs_;  // filter and gate
  std::vector<Outer> outers_;
  Affine post_;
  Affine head_;
};

// A model that counts: it looks its last tokens up.
class CountingSteps final : public Steps {
 public:
  CountingSteps(const baselines::NgramCounts& counts, std::int64_t receptive_field)
      : counts_(counts), taps_(receptive_field) {}

  std::int64_t vocabulary() const override { return counts_.vocabulary(); }
  std::int64_t width() const override { return counts_.vocabulary(); }

  State blank(std::int64_t count, std::int64_t slip) const override {
    State state{count, {taps_, 1, count, 1, slip}, {}, {}, {}, floats(count * width())};
    state.history.resize(static_cast<std::size_t>(taps_));
    state.odds.resize(static_cast<std::size_t>(vocabulary()));
    return state;
  }

  void step(std::span<const std::int32_t> tokens, State& state) const override {
    float* logits = state.logits.data();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      for (std::int64_t k = 0; k + 1 < taps_; ++k) {
        state.history[static_cast<std::size_t>(k)] = state.tokens.tap(k)[i];
      }
      state.history.back() = tokens[i];
      counts_.probabilities(state.history, state.odds);
      for (const double p : state.odds) {
        *logits++ = static_cast<float>(std::log(p));
      }
    }
    std::copy(tokens.begin(), tokens.end(), state.tokens.present());
  }

 private:
  baselines::NgramCounts counts_;
  std::int64_t taps_;
};

}  // namespace

std::unique_ptr<const Steps> steps_of(const models::Model& model) {
  const NoGrad guard;
  if (const baselines::NgramCounts* counts = model.counted()) {
    return std::make_unique<CountingSteps>(*counts, model.receptive_field());
  }
  const models::Wiring wiring = model.wiring();
  check(!wiring.is_empty(), "stream: a model of kind {} cannot be run token by token",
        model.kind());
  if (wiring.post.weight.defined()) {
    return std::make_unique<GatedSteps>(wiring);
  }
  return std::make_unique<StackSteps>(wiring);
}

}  // namespace wavenet::generate
