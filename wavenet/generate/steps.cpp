#include "wavenet/generate/steps.h"

#include <cmath>

#include "wavenet/autograd/autograd.h"
#include "wavenet/baselines/ngram.h"
#include "wavenet/generate/products.h"

namespace wavenet::generate {
namespace {

std::vector<float> floats(std::int64_t count) {
  return std::vector<float>(static_cast<std::size_t>(count));
}

TokenTable table_of(const models::Wiring& wiring) {
  const models::Product& first = wiring.first.parts.front();
  return {wiring.embedding, first.weight, first.bias, wiring.first.geometry};
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
    State state{count, table_.ring(count, slip), {}, {}, floats(count * width())};
    for (const RingConv& conv : convs_) {
      state.rings.push_back(conv.ring(count, slip));
    }
    state.scratch.assign(2, floats(count * table_.channels()));
    return state;
  }

  void step(std::span<const std::int32_t> tokens, State& state) const override {
    const std::int64_t count = state.count;
    float* y = state.scratch[0].data();     // [count, C], before its tanh
    float* next = state.scratch[1].data();  // [count, C]
    const auto tanh_into = [&](float* to) {
      backend().unary(Unary::tanh, matrix(y, count, table_.channels()),
                      matrix(to, count, table_.channels()));
    };
    table_.look_up(tokens, state.tokens, y);
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      convs_[i].past(state.rings[i], count, next);
      tanh_into(state.rings[i].present());
      convs_[i].present(state.rings[i], count, next);
      std::swap(y, next);
    }
    tanh_into(next);
    head_.apply(next, count, state.logits.data());
  }

 private:
  TokenTable table_;
  std::vector<RingConv> convs_;
  Affine head_;
};

// Gated blocks with residual and skip connections, then two 1x1 layers.
class GatedSteps final : public Steps {
 public:
  explicit GatedSteps(const models::Wiring& wiring)
      : table_(table_of(wiring)), post_(wiring.post), head_(wiring.head) {
    for (const models::Wiring::Block& block : wiring.blocks) {
      convs_.emplace_back(block.parts, block.geometry);
      skips_.emplace_back(block.skip);
      if (block.residual.weight.defined()) {
        residuals_.emplace_back(block.residual);
      }
    }
  }

  std::int64_t vocabulary() const override { return table_.vocabulary(); }
  std::int64_t width() const override { return head_.channels(); }

  State blank(std::int64_t count, std::int64_t slip) const override {
    State state{count, table_.ring(count, slip), {}, {}, floats(count * width())};
    for (const RingConv& conv : convs_) {
      state.rings.push_back(conv.ring(count, slip));
    }
    const std::int64_t inner = count * table_.channels();
    const std::int64_t outer = count * post_.channels();
    state.scratch = {floats(2 * inner), floats(inner), floats(inner),
                     floats(inner),     floats(outer), floats(outer)};
    return state;
  }

  void step(std::span<const std::int32_t> tokens, State& state) const override {
    const std::int64_t count = state.count;
    const std::int64_t inner = count * table_.channels();
    float* both = state.scratch[0].data();     // [2, count, R]: filter's and gate's
    float* tanh = state.scratch[1].data();     // [count, R]
    float* sigmoid = state.scratch[2].data();  // [count, R]
    float* z = state.scratch[3].data();        // [count, R]
    float* skips = state.scratch[4].data();    // [count, S]
    float* post = state.scratch[5].data();     // [count, S]
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      Ring<float>& ring = state.rings[i];
      convs_[i].past(ring, count, both);
      float* x = ring.present();  // [count, R]
      if (i == 0) {
        table_.look_up(tokens, state.tokens, x);
      } else {
        const float* before = state.rings[i - 1].present();
        std::copy(before, before + inner, x);
        residuals_[i - 1].apply(z, count, x, Into::add);
      }
      convs_[i].present(ring, count, both);
      const auto rows = [&](const float* values) {
        return matrix(values, count, table_.channels());
      };
      backend().gate(rows(both), rows(both + inner), rows(tanh), rows(sigmoid), rows(z));
      skips_[i].apply(z, count, skips, i == 0 ? Into::overwrite : Into::add);
    }
    const auto relu = [&](const float* from, float* to) {
      backend().unary(Unary::relu, matrix(from, count, post_.channels()),
                      matrix(to, count, post_.channels()));
    };
    relu(skips, post);
    post_.apply(post, count, skips);
    relu(skips, post);
    head_.apply(post, count, state.logits.data());
  }

 private:
  TokenTable table_;
  std::vector<RingConv> convs_;    // filter and gate
  std::vector<Affine> residuals_;  // the last block has none
  std::vector<Affine> skips_;
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
    State state{count, {taps_, 1, count, 1, slip}, {}, {}, floats(count * width())};
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
