// Products: the layers of one step, on [count, C] matrices in one piece, through the backend.
//
//   const float* past = conv.past(ring, count, ahead);   // bias + what the older taps read
//   write x into ring.present();
//   conv.present(ring, count, past, y);                  // y = past + what the last tap reads
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
  // y: [count, C], its rows `row` floats apart; puts the tokens into the ring.
  void look_up(std::span<const std::int32_t> tokens, Ring<std::int32_t>& ring, float* y,
               std::int64_t row) const;

 private:
  ConvGeometry geometry_;
  std::int64_t vocabulary_;
  std::int64_t channels_;
  std::vector<float> rows_;  // [K, V, C], the bias in the last tap's
};

// One or more convolutions that read the same rows, their results side by side.
class RingConv {
 public:
  // Of each part: weight [K Cin, Cout], bias [Cout].
  RingConv(const std::vector<models::Product>& parts, const ConvGeometry& geometry);
  std::int64_t channels() const { return bias_.size(0); }  // of all parts
  Ring<float> ring(std::int64_t count, std::int64_t slip) const;
  Ahead ahead(std::int64_t count) const;
  // [count, channels], valid until present() has been written and the ring advanced.
  const float* past(const Ring<float>& ring, std::int64_t count, Ahead& ahead) const;
  // y: [count, channels]
  void present(const Ring<float>& ring, std::int64_t count, const float* past, float* y) const;
  // [Cin, channels], the weights of tap k.
  View tap(std::int64_t k) const;
  View last_tap() const { return tap(geometry_.width - 1); }

 private:
  ConvGeometry geometry_;
  std::int64_t in_;
  Tensor weight_;  // [K Cin, channels]
  Tensor bias_;    // [channels]
};

// y = x w + b.
class Affine {
 public:
  explicit Affine(const models::Product& layer);
  std::int64_t channels() const { return weight_.size(1); }
  void apply(const float* x, std::int64_t count, float* y) const;

 private:
  Tensor weight_;  // [Cin, Cout]
  Tensor bias_;    // [Cout]
};

}  // namespace wavenet::generate
