// The way from samples to residual and head.
#include "wavenet/base/parallel.h"
#include "wavenet/ops/array_plan.h"

namespace wavenet {
namespace {

// Convolution and mixin of a layer side by side, as their rows are: [N, C K + Cc].
std::vector<Tensor> joined_weights(const ArrayPlan& plan, const LayerArrayWeights& weights) {
  std::vector<Tensor> all;
  for (const ArrayLayerWeights& layer : weights.layers) {
    const View conv = matrix_of(layer.conv.weight);
    const std::int64_t depth = conv.shape[1];
    const Tensor joined = Tensor::empty({plan.width, depth + plan.condition}, plan.dtype);
    backend().copy(conv, columns_of(joined, 0, depth));
    backend().copy(matrix_of(layer.mixin), columns_of(joined, depth, depth + plan.condition));
    all.push_back(joined);
  }
  return all;
}

// One item, range by range.
class Forward {
 public:
  Forward(const ArrayPlan& plan, const ArrayMemory& tensors, const std::vector<Tensor>& joined,
          std::int64_t item)
      : plan_(plan), tensors_(tensors), joined_(joined), item_(item) {
    for (const ArrayPlan::Layer& layer : plan.layers) {
      lines_.emplace_back(plan.channels, layer.reach(), plan.at_once, plan.dtype);
    }
    bent_ = Tensor::empty({plan.width, plan.at_once}, plan.dtype);
  }

  void run(std::int64_t range) {
    const std::int64_t first = range * plan_.at_once;
    const std::int64_t end = std::min(plan_.end, first + plan_.at_once);
    const LayerArrayWeights& w = tensors_.weights;
    lines_[0].go_on(first, end);
    backend().mix_rows(
        matrix_of(w.rechannel),
        rows_.start().add(samples_of(tensors_.inputs.x, item_, plan_.x_start, first, end)), {}, {},
        lines_[0].at(first, end));
    for (std::size_t l = 0; l < plan_.layers.size() && plan_.layers[l].from < end; ++l) {
      run_layer(l, range, first, end);
    }
    const std::int64_t from = std::max(first, plan_.head_from);
    if (from < end) {
      backend().mix_rows(
          matrix_of(w.head.weight),
          rows_.start().add_taps(sums(from, end), plan_.head_kernel, plan_.head_dilation),
          w.head.bias.view(), {},
          samples_of(tensors_.outputs.head, item_, plan_.head_from, from, end));
    }
  }

 private:
  View sums(std::int64_t from, std::int64_t end) const {
    return samples_of(tensors_.sums, item_, plan_.sum_from, from, end);
  }

  void run_layer(std::size_t l, std::int64_t range, std::int64_t first, std::int64_t end) {
    const ArrayPlan::Layer& layer = plan_.layers[l];
    const ArrayLayerWeights& w = tensors_.weights.layers[l];
    const std::int64_t from = std::max(first, layer.from);
    const View bent = columns_of(bent_, from - first, end - first);
    const View kept = !tensors_.kept.empty() ? columns_of(kept_of(plan_, tensors_, item_, range, l),
                                                          from - first, end - first)
                                             : bent;
    backend().mix_rows(
        joined_[l],
        rows_.start()
            .add_taps(lines_[l].at(from, end), layer.kernel, layer.dilation)
            .add(samples_of(tensors_.inputs.condition, item_, plan_.condition_start, from, end)),
        w.conv.bias, {}, kept);
    const View a = slope_is_in_result(layer.activation) ? kept : bent;
    backend().activate(layer.activation, kept, a);
    add_to_sums(l, a, from, end);
    if (plan_.has_residual(l)) {
      add_to_residual(l, a, from, first, end);
    }
  }

  void add_to_sums(std::size_t l, const View& a, std::int64_t from, std::int64_t end) const {
    const std::int64_t sum_from = std::max(from, plan_.sum_from);
    if (sum_from >= end) {
      return;
    }
    const View to = sums(sum_from, end);
    if (l == 0 && tensors_.inputs.head_sum.defined()) {
      backend().copy(
          samples_of(tensors_.inputs.head_sum, item_, plan_.head_sum_start, sum_from, end), to);
    }
    const View more = columns_of(a, sum_from - from, end - from);
    l == 0 && !tensors_.inputs.head_sum.defined() ? backend().copy(more, to)
                                                  : backend().accumulate(more, to);
  }

  void add_to_residual(std::size_t l, const View& a, std::int64_t a_from, std::int64_t first,
                       std::int64_t end) {
    const std::int64_t from = std::max(first, plan_.residual_from(l));
    if (from >= end) {
      return;
    }
    const bool last = l + 1 == plan_.layers.size();
    if (!last) {
      lines_[l + 1].go_on(first, end);
    }
    const ConvWeights& w = tensors_.weights.layers[l].out;
    backend().mix_rows(matrix_of(w.weight),
                       rows_.start().add(columns_of(a, from - a_from, end - a_from)), w.bias,
                       lines_[l].at(from, end),
                       last ? samples_of(tensors_.outputs.x, item_, plan_.x_from, from, end)
                            : lines_[l + 1].at(from, end));
  }

  const ArrayPlan& plan_;
  const ArrayMemory& tensors_;
  const std::vector<Tensor>& joined_;
  std::int64_t item_;
  std::vector<Line> lines_;  // what each layer reads
  Tensor bent_;
  RowList rows_;
};

}  // namespace

void run_array(const ArrayPlan& plan, const ArrayMemory& tensors) {
  const std::vector<Tensor> joined = joined_weights(plan, tensors.weights);
  parallel_for(plan.batch, kernel_threads(), [&](std::int64_t item) {
    Forward forward(plan, tensors, joined, item);
    for (std::int64_t range = 0; range < plan.ranges(); ++range) {
      forward.run(range);
    }
  });
}

}  // namespace wavenet
