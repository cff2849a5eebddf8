// The article's bricks: Linear, BatchNorm1d, Tanh, Relu, Embedding, Flatten, FlattenConsecutive and
// Sequential.
//
//   nn::Sequential model;
//   model.add("embedding", nn::Embedding(27, 24, rng));
//   model.add("flatten", nn::Flatten());
//   model.add("head", nn::Linear(8 * 24, 27, rng));
//   Tensor logits = model(tokens);
//
// Left out: other initialisations. Layers draw their weights from `rng` in the order they are made.
#pragma once

#include "wavenet/base/rng.h"
#include "wavenet/nn/module.h"

namespace wavenet::nn {

struct LinearOptions {
  bool bias = true;
  double gain = 1.0;  // multiplies the initial weight
};

// x: [..., Cin] -> [..., Cout]; weight [Cin, Cout] from N(0, 1) / sqrt(Cin), bias [Cout] of zeros.
class Linear : public Layer {
 public:
  Linear(std::int64_t in, std::int64_t out, Rng& rng, LinearOptions options = {});
  std::string kind() const override { return "Linear"; }
  const Tensor& weight() const { return weight_; }
  const Tensor& bias() const { return bias_; }
  // addend + the layer's result, with the same bits in one product; an undefined addend is none.
  Tensor added_to(const Tensor& addend, const Tensor& x);

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  Tensor weight_;
  Tensor bias_;  // undefined without one
};

// x: [B, C] or [B, T, C], normalised over all but C by the article's rule: the unbiased variance
// both normalises and runs. In training, running = (1 - momentum) running + momentum batch.
class BatchNorm1d : public Layer {
 public:
  explicit BatchNorm1d(std::int64_t channels, double eps = 1e-5, double momentum = 0.1);
  std::string kind() const override { return "BatchNorm1d"; }
  // What the layer does in evaluation: x scale + shift, both [C].
  struct Affine {
    Tensor scale;
    Tensor shift;
  };
  Affine evaluation() const;

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  double eps_;
  double momentum_;
  Tensor weight_;
  Tensor bias_;
  Tensor running_mean_;
  Tensor running_var_;
};

class Tanh : public Layer {
 public:
  std::string kind() const override { return "Tanh"; }

 protected:
  Tensor forward(const Tensor& x) override;
};

class Relu : public Layer {
 public:
  std::string kind() const override { return "Relu"; }

 protected:
  Tensor forward(const Tensor& x) override;
};

// tokens: i32 [B, T] -> [B, T, C]; weight [V, C] from N(0, 1).
class Embedding : public Layer {
 public:
  Embedding(std::int64_t vocabulary, std::int64_t channels, Rng& rng);
  std::string kind() const override { return "Embedding"; }
  const Tensor& weight() const { return weight_; }

 protected:
  Tensor forward(const Tensor& tokens) override;

 private:
  Tensor weight_;
};

// x: [B, ...] -> [B, the rest as one].
class Flatten : public Layer {
 public:
  std::string kind() const override { return "Flatten"; }

 protected:
  Tensor forward(const Tensor& x) override;
};

// x: [B, T, C] -> [B, T/n, n*C]; a T/n of 1 is dropped: [B, n*C].
class FlattenConsecutive : public Layer {
 public:
  explicit FlattenConsecutive(std::int64_t n);
  std::string kind() const override;

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  std::int64_t n_;
};

// Layers one after the other.
class Sequential : public Layer {
 public:
  std::string kind() const override { return "Sequential"; }
  // Adds a layer under a name; without one, its number, as in PyTorch.
  template <class Added>
  Added& add(const std::string& name, Added layer) {
    Added& kept = add_child(name, std::move(layer));
    layers_.push_back(&kept);
    return kept;
  }
  template <class Added>
  Added& add(Added layer) {
    return add(std::to_string(layers_.size()), std::move(layer));
  }

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  std::vector<Layer*> layers_;
};

}  // namespace wavenet::nn
