// ArrayPlan: which samples of which tensor layer_array computes, range by range; and the pieces of
// memory that its ranges work in.
//
// Times count from the first sample of x that is read, in every tensor alike, to `end`. Left out: what
// is computed (array_forward.cpp, array_backward.cpp).
#pragma once

#include <algorithm>
#include <vector>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/layer_array.h"

namespace wavenet {

struct ArrayPlan {
  struct Layer {
    std::int64_t kernel;
    std::int64_t dilation;
    Activation activation;
    std::int64_t reads_from;  // the first sample that it reads
    std::int64_t from;        // the first that it gives
    std::int64_t reach() const { return (kernel - 1) * dilation; }
  };

  ArrayPlan(const LayerArrayInputs& inputs, const LayerArrayWeights& weights,
            const LayerArrayGeometry& geometry);

  std::int64_t ranges() const { return (end + at_once - 1) / at_once; }
  bool has_residual(std::size_t layer) const { return layer + 1 < layers.size() || x_from < end; }
  // The first sample that a layer adds to.
  std::int64_t residual_from(std::size_t layer) const {
    return layer + 1 < layers.size() ? layers[layer].from : x_from;
  }
  std::int64_t head_reach() const { return (head_kernel - 1) * head_dilation; }

  std::vector<Layer> layers;
  DType dtype;
  std::int64_t batch, in, condition, channels, width, head;  // B, Cin, Cc, C, N, H
  std::int64_t head_kernel, head_dilation;
  std::int64_t at_once;
  std::int64_t end;
  std::int64_t x_from;           // the first sample of u that is wanted; end: none
  std::int64_t sum_from;         // of the head's sum
  std::int64_t head_from;        // of the head
  std::int64_t x_start;          // time 0 in x
  std::int64_t condition_start;  // time 0 in the condition, which may be before its first sample
  std::int64_t head_sum_start;   // as much
};

// What the ranges of an array compute with, and where it goes.
struct ArrayMemory {
  LayerArrayInputs inputs;
  LayerArrayWeights weights;
  LayerArrayOutput outputs;
  Tensor sums;  // [B, N, end - sum_from], what the head reads
  // Of each item what backward needs of the activations, [ranges layers, N, at_once]; none: nothing. Apart,
  // as storage keeps blocks of this size for the next step.
  std::vector<Tensor> kept;
};

// The op's inputs in the order of its record, undefined ones too; of each layer the five of LayerInput.
enum Input : std::size_t { kX, kCondition, kRechannel, kHead, kHeadBias, kHeadSum, kLayers };
enum LayerInput : std::size_t { kConv, kConvBias, kMixin, kOut, kOutBias, kLayerInputs };
inline std::size_t input_of(std::size_t layer, LayerInput part) {
  return kLayers + layer * kLayerInputs + part;
}
std::vector<Tensor> inputs_of(const ArrayMemory& tensors);

// Samples `first` to `end` - 1 of item b of a tensor [B, R, T] that begins at time `start`: [R, end - first].
inline View samples_of(const View& x, std::int64_t b, std::int64_t start, std::int64_t first,
                       std::int64_t end) {
  View rows;
  rows.dtype = x.dtype;
  rows.shape = Shape{x.shape[1], end - first};
  rows.strides = Shape{x.strides[1], x.strides[2]};
  rows.data = static_cast<char*>(x.data) +
              (b * x.strides[0] + (first - start) * x.strides[2]) * size_of(x.dtype);
  return rows;
}
// Columns of a matrix.
inline View columns_of(const View& x, std::int64_t first, std::int64_t end) {
  View columns = x;
  columns.data = static_cast<char*>(x.data) + first * x.strides[1] * size_of(x.dtype);
  columns.shape[1] = end - first;
  return columns;
}
// A convolution's weight as a matrix, [out, in K].
inline View matrix_of(const View& weight) {
  return *reshaped(weight, {weight.shape[0], weight.shape[1] * weight.shape[2]});
}
// What backward needs of a layer's activation in a range: [N, at_once].
inline View kept_of(const ArrayPlan& plan, const ArrayMemory& tensors, std::int64_t item,
                    std::int64_t range, std::size_t layer) {
  const View& all = tensors.kept[static_cast<std::size_t>(item)].view();
  const std::int64_t tile = range * std::ssize(plan.layers) + static_cast<std::int64_t>(layer);
  return {static_cast<char*>(all.data) + tile * all.strides[0] * size_of(all.dtype), all.dtype,
          Shape{plan.width, plan.at_once}, Shape{plan.at_once, 1}};
}
void clear(const View& rows);

// The addresses of rows, as kernels take them.
class RowList {
 public:
  operator std::span<const void* const>() const { return rows_; }
  // Those of a matrix.
  RowList& add(const View& rows);
  // Of every row those of a convolution's taps, the oldest first; rows begins with what the present tap
  // reads. Backward in time: what the taps gave to.
  RowList& add_taps(const View& rows, std::int64_t kernel, std::int64_t dilation);
  RowList& add_taps_back(const View& rows, std::int64_t kernel, std::int64_t dilation);
  RowList& start() {
    rows_.clear();
    return *this;
  }

 private:
  std::vector<const void*> rows_;
};

// Rows of which only a window of time stands in memory.
class Line {
 public:
  // `reach`: how many samples stay when the window moves by `step` samples, or less.
  Line(std::int64_t rows, std::int64_t reach, std::int64_t step, DType dtype);
  View at(std::int64_t first, std::int64_t end) const {
    return columns_of(memory_, first - begin_, end - begin_);
  }
  // Moves the window so that it holds [first, end) and the `reach` samples before first.
  void go_on(std::int64_t first, std::int64_t end);
  // Starts behind `end`, where all is zero.
  void start_at_end(std::int64_t end);
  // Moves the window so that it holds [first, end) and the `reach` samples from end on.
  void go_back(std::int64_t first, std::int64_t end);
  void start() { begin_ = 0; }

 private:
  static constexpr std::int64_t kSteps = 2;  // until what stays is moved
  void move_columns(std::int64_t from, std::int64_t to) const;
  Tensor all_;
  View memory_;  // [rows, capacity]
  std::int64_t reach_;
  std::int64_t capacity_;
  std::int64_t begin_ = 0;  // time of its first column
};

// What the results' gradients are, undefined where nobody read one.
struct ArrayGradients {
  Tensor x, head;
};

// Fills outputs, sums and kept.
void run_array(const ArrayPlan& plan, const ArrayMemory& tensors);
// Writes the gradients of the inputs.
void run_array_back(const ArrayPlan& plan, const ArrayMemory& tensors, const ArrayGradients& given,
                    const autograd::InputGradients& d);

}  // namespace wavenet
