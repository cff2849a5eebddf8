// Products: the layers of one step, on [count, C] matrices in one piece, through the backend.
//
//   conv.past(ring, y);                    // y = bias + what the older taps read
//   write x into ring.present();
//   conv.present(ring, y);                 // y += what the last tap reads
//
// Left out: allocation; the caller owns every buffer.
#pragma once

#include "wavenet/generate/steps.h"
#include "wavenet/ops/causal_conv1d.h"

namespace wavenet::generate {

// A [rows, columns] matrix of floats in one piece.
View matrix(const float* values, std::int64_t rows, std::int64_t columns);

// The embedding and the convolution after it: a table of rows [V, C] for each tap, oldest first.
class TokenTable {
 public:
  // embedding: [V, E], weight: [K E, C], bias: [C].
  TokenTable(const Tensor& embedding, const Tensor& weight, const Tensor& bias,
             const ConvGeometry& geometry);
  std::int64_t vocabulary() const { return vocabulary_; }
  std::int64_t channels() const { return channels_; }
  Ring<std::int32_t> ring(std::int64_t count, std::int64_t slip) const;
  // y: [count, C]; puts the tokens into the ring.
  void look_up(std::span<const std::int32_t> tokens, Ring<std::int32_t>& ring, float* y) const;

 private:
  ConvGeometry geometry_;
  std::int64_t vocabulary_;
  std::int64_t channels_;
  std::vector<float> rows_;  // [K, V, C], the bias in the last tap's
};

// One or more convolutions that read the same rows.
class RingConv {
 public:
  // Of each part: weight [K Cin, Cout], bias [Cout].
  RingConv(const std::vector<models::Product>& parts, const ConvGeometry& geometry);
  std::int64_t channels() const { return out_; }
  Ring<float> ring(std::int64_t count, std::int64_t slip) const;
  // y: [parts, count, Cout].
  void past(const Ring<float>& ring, std::int64_t count, float* y) const;
  void present(const Ring<float>& ring, std::int64_t count, float* y) const;

 private:
  void add_tap(const float* x, std::int64_t k, std::int64_t count, float* y) const;

  ConvGeometry geometry_;
  std::int64_t parts_;
  std::int64_t in_;
  std::int64_t out_;
  Tensor weight_;  // [K Cin, parts Cout], side by side
  Tensor bias_;    // [parts Cout]
};

// y = x w + b, or y += x w + b.
class Affine {
 public:
  explicit Affine(const models::Product& layer);
  std::int64_t channels() const { return weight_.size(1); }
  void apply(const float* x, std::int64_t count, float* y, Into into = Into::overwrite) const;

 private:
  Tensor weight_;  // [Cin, Cout]
  Tensor bias_;    // [Cout]
};

}  // namespace wavenet::generate
