#include "wavenet/ops/array_plan.h"

#include <cstring>

namespace wavenet {
namespace {

// Rows that a power of two lies between would meet in the same places of a cache.
std::int64_t spread(std::int64_t columns) {
  constexpr std::int64_t kLine = 16;
  return ((columns + kLine - 1) / kLine | 1) * kLine;
}

char* address(const View& rows, std::int64_t row) {
  return static_cast<char*>(rows.data) + row * rows.strides[0] * size_of(rows.dtype);
}

}  // namespace

std::vector<Tensor> inputs_of(const ArrayMemory& tensors) {
  const LayerArrayWeights& w = tensors.weights;
  std::vector<Tensor> all{tensors.inputs.x, tensors.inputs.condition, w.rechannel, w.head.weight,
                          w.head.bias,      tensors.inputs.head_sum};
  for (const ArrayLayerWeights& layer : w.layers) {
    all.insert(all.end(),
               {layer.conv.weight, layer.conv.bias, layer.mixin, layer.out.weight, layer.out.bias});
  }
  return all;
}

void clear(const View& rows) {
  for (std::int64_t r = 0; r < rows.shape[0]; ++r) {
    std::memset(address(rows, r), 0, static_cast<std::size_t>(rows.shape[1] * size_of(rows.dtype)));
  }
}

RowList& RowList::add(const View& rows) { return add_taps(rows, 1, 1); }

RowList& RowList::add_taps(const View& rows, std::int64_t kernel, std::int64_t dilation) {
  const std::int64_t size = size_of(rows.dtype);
  const char* row = static_cast<const char*>(rows.data) - (kernel - 1) * dilation * size;
  for (std::int64_t r = 0; r < rows.shape[0]; ++r, row += rows.strides[0] * size) {
    for (std::int64_t k = 0; k < kernel; ++k) {
      rows_.push_back(row + k * dilation * size);
    }
  }
  return *this;
}

RowList& RowList::add_taps_back(const View& rows, std::int64_t kernel, std::int64_t dilation) {
  return add_taps(rows, kernel, -dilation);
}

Line::Line(std::int64_t rows, std::int64_t reach, std::int64_t step, DType dtype)
    : reach_(reach), capacity_(reach + kSteps * step) {
  all_ = Tensor::empty({rows, spread(capacity_)}, dtype);
  memory_ = columns_of(all_, 0, capacity_);
}

void Line::move_columns(std::int64_t from, std::int64_t to) const {
  const View source = columns_of(memory_, from, from + reach_);
  const View target = columns_of(memory_, to, to + reach_);
  for (std::int64_t r = 0; r < memory_.shape[0]; ++r) {
    std::memmove(address(target, r), address(source, r),
                 static_cast<std::size_t>(reach_ * size_of(memory_.dtype)));
  }
}

void Line::go_on(std::int64_t first, std::int64_t end) {
  if (end - begin_ > capacity_) {
    if (first - begin_ <= capacity_) {  // else nothing was written yet that is read from now on
      move_columns(first - reach_ - begin_, 0);
    }
    begin_ = first - reach_;
  }
}

void Line::start_at_end(std::int64_t end) {
  begin_ = end + reach_ - capacity_;
  clear(memory_);
}

void Line::go_back(std::int64_t first, std::int64_t end) {
  if (first < begin_) {
    move_columns(end - begin_, capacity_ - reach_);
    begin_ = end + reach_ - capacity_;
  }
}

ArrayPlan::ArrayPlan(const LayerArrayInputs& inputs, const LayerArrayWeights& weights,
                     const LayerArrayGeometry& geometry)
    : dtype(inputs.x.dtype()),
      batch(inputs.x.size(0)),
      in(inputs.x.size(1)),
      condition(inputs.condition.size(1)),
      channels(weights.rechannel.size(0)),
      width(weights.head.weight.size(1)),
      head(weights.head.weight.size(0)),
      head_kernel(weights.head.weight.size(2)),
      head_dilation(geometry.head_dilation),
      at_once(geometry.at_once) {
  std::vector<std::int64_t> kernels;
  for (const ArrayLayerWeights& layer : weights.layers) {
    kernels.push_back(layer.conv.weight.size(2));
  }
  const LayerArrayReach reach = reach_of(kernels, head_kernel, geometry);
  end = reach.x;
  x_from = end - geometry.x_length;
  sum_from = end - reach.head_sum;
  head_from = end - geometry.head_length;
  x_start = end - inputs.x.size(2);
  condition_start = end - inputs.condition.size(2);
  head_sum_start = inputs.head_sum.defined() ? end - inputs.head_sum.size(2) : 0;
  std::int64_t from = 0;
  for (std::size_t l = 0; l < kernels.size(); ++l) {
    const ArrayLayerGeometry& layer = geometry.layers[l];
    const std::int64_t reads_from = from;
    from += (kernels[l] - 1) * layer.dilation;
    layers.push_back({kernels[l], layer.dilation, layer.activation, reads_from, from});
  }
}

}  // namespace wavenet
