// The way back, from the last sample to the first: what a layer's taps gave to lies later in time, so
// each range finds it in the window of its line, and the ranges of all layers are in the cache at once.
#include "wavenet/base/parallel.h"
#include "wavenet/ops/array_plan.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// Weights as the way back multiplies by them: of a convolution [out, in, K] the matrix [in, out K].
struct Turned {
  std::vector<Tensor> conv;
  Tensor head;
};

Tensor turned(const Tensor& weight) {
  Tensor all = Tensor::empty({weight.size(1), weight.size(0), weight.size(2)}, weight.dtype());
  backend().copy(transposed(weight, 0, 1), all);
  return all;
}

// The gradients of an item's weights, side by side; those of a convolution [out, K, in].
class Sums {
 public:
  Sums(const Tensor& all, const std::vector<std::int64_t>& places, std::int64_t item)
      : row_(sliced(all, 0, item, item + 1, 1)), places_(places) {}
  View of(std::size_t input, std::int64_t rows, std::int64_t columns) const {
    View view = row_;
    view.data = static_cast<char*>(row_.data) + places_[input] * size_of(row_.dtype);
    view.shape = Shape{rows, columns};
    view.strides = Shape{columns, 1};
    return view;
  }

 private:
  View row_;
  const std::vector<std::int64_t>& places_;
};

// Tensors that all items write to; views without memory where nobody asks.
struct Wanted {
  View x, condition, head_sum;
};

class Backward {
 public:
  Backward(const ArrayPlan& plan, const ArrayMemory& tensors, const Turned& turned,
           const Tensor& dx, const Tensor& dhead, const Wanted& wanted, const Sums& sums,
           std::int64_t item)
      : plan_(plan),
        tensors_(tensors),
        turned_(turned),
        dx_(dx),
        wanted_(wanted),
        sums_(sums),
        item_(item),
        dhead_(
            Tensor::empty({plan.head, plan.end + plan.head_reach() - plan.sum_from}, plan.dtype)),
        u_(tiles(std::ssize(plan.layers) * plan.channels)),
        bent_(tiles(keeps_all_results() ? 0 : std::ssize(plan.layers) * plan.width)),
        du_(tiles(plan.channels)),
        da_(tiles(plan.width)),
        dsum_(tiles(plan.width)),
        ones_(tiles(1)) {
    for (const ArrayPlan::Layer& layer : plan.layers) {
      lines_.emplace_back(plan.width, layer.reach(), plan.at_once, plan.dtype);
      lines_.back().start_at_end(plan.end);
    }
    clear(dhead_);
    if (dhead.defined()) {
      backend().copy(samples_of(dhead, item, plan.head_from, plan.head_from, plan.end),
                     this->dhead(plan.head_from, plan.end));
    }
    backend().fill(1, ones_);
  }

  void run(std::int64_t range) {
    range_ = range;
    first_ = range * plan_.at_once;
    end_ = std::min(plan_.end, first_ + plan_.at_once);
    compute_residuals();
    through_head();
    std::int64_t from = end_;  // from which on du_ holds something
    if (dx_.defined() && plan_.x_from < end_) {
      from = std::max(first_, plan_.x_from);
      backend().copy(samples_of(dx_, item_, plan_.x_from, from, end_), in(du_, from));
    }
    for (std::size_t l = plan_.layers.size(); l-- > 0;) {
      if (plan_.layers[l].reads_from < end_) {
        from = through_layer(l, from);
      }
    }
    const View x = samples_of(tensors_.inputs.x, item_, plan_.x_start, from, end_);
    const View du = in(du_, from);
    dot(x, kRechannel, du);
    if (wanted_.x.data != nullptr) {
      mix_into(matrix_of(tensors_.weights.rechannel), du,
               samples_of(wanted_.x, item_, plan_.x_start, from, end_));
    }
  }

 private:
  Tensor tiles(std::int64_t rows) const {
    return Tensor::empty({rows, plan_.at_once}, plan_.dtype);
  }
  bool keeps_all_results() const {
    return std::all_of(plan_.layers.begin(), plan_.layers.end(), [](const ArrayPlan::Layer& layer) {
      return slope_is_in_result(layer.activation);
    });
  }
  // Of a tile of this range what stands from a time on.
  View in(const View& tile, std::int64_t from) const {
    return columns_of(tile, from - first_, end_ - first_);
  }
  View in(const View& tile, std::int64_t from, std::int64_t end) const {
    return columns_of(tile, from - first_, end - first_);
  }
  View dhead(std::int64_t from, std::int64_t end) const {
    return columns_of(dhead_, from - plan_.sum_from, end - plan_.sum_from);
  }
  View u(std::size_t l) const {
    const auto first = static_cast<std::int64_t>(l) * plan_.channels;
    return sliced(u_, 0, first, first + plan_.channels, 1);
  }
  View kept(std::size_t l) const { return kept_of(plan_, tensors_, item_, range_, l); }
  View bent(std::size_t l) const {
    if (slope_is_in_result(plan_.layers[l].activation)) {
      return kept(l);
    }
    const auto first = static_cast<std::int64_t>(l) * plan_.width;
    return sliced(bent_, 0, first, first + plan_.width, 1);
  }

  // Adds to the gradient of a weight of kernel 1, [right, left].
  void dot(const View& left, std::size_t input, const View& right) {
    backend().dot_rows(left_.start().add(left), rows_.start().add(right), left.shape[1],
                       sums_.of(input, right.shape[0], left.shape[0]));
  }
  void add_to_bias(std::size_t input, const View& gradient) {
    dot(columns_of(ones_, 0, gradient.shape[1]), input, gradient);
  }
  // y += weight^T rows.
  void mix_into(const View& weight, const View& rows, const View& y) {
    backend().mix_rows(transposed(weight, 0, 1), rows_.start().add(rows), {}, y, y);
  }

  // What the layers read, anew from what they gave.
  void compute_residuals() {
    backend().mix_rows(
        matrix_of(tensors_.weights.rechannel),
        rows_.start().add(samples_of(tensors_.inputs.x, item_, plan_.x_start, first_, end_)), {},
        {}, in(u(0), first_));
    for (std::size_t l = 0; l < plan_.layers.size() && plan_.layers[l].from < end_; ++l) {
      const std::int64_t from = std::max(first_, plan_.layers[l].from);
      const View a = in(bent(l), from);
      if (!slope_is_in_result(plan_.layers[l].activation)) {
        backend().activate(plan_.layers[l].activation, in(kept(l), from), a);
      }
      if (l + 1 < plan_.layers.size()) {
        const ConvWeights& w = tensors_.weights.layers[l].out;
        backend().mix_rows(matrix_of(w.weight), rows_.start().add(a), w.bias, in(u(l), from),
                           in(u(l + 1), from));
      }
    }
  }

  void through_head() {
    const std::int64_t from = std::max(first_, plan_.sum_from);
    if (from >= end_) {
      return;
    }
    const View dsum = in(dsum_, from);
    rows_.start().add_taps_back(dhead(from, end_), plan_.head_kernel, plan_.head_dilation);
    backend().mix_rows(matrix_of(turned_.head), rows_, {}, {}, dsum);
    left_.start().add(samples_of(tensors_.sums, item_, plan_.sum_from, from, end_));
    backend().dot_rows(left_, rows_, end_ - from,
                       sums_.of(kHead, plan_.head * plan_.head_kernel, plan_.width));
    if (tensors_.weights.head.bias.defined()) {
      add_to_bias(kHeadBias, dhead(from, end_));
    }
    if (wanted_.head_sum.data != nullptr) {
      const View to = samples_of(wanted_.head_sum, item_, plan_.head_sum_start, from, end_);
      backend().accumulate(dsum, to);
    }
  }

  // du_ holds from `have` on what reaches the layer's sum; returns from when on it holds what reaches
  // its input.
  std::int64_t through_layer(std::size_t l, std::int64_t have) {
    const ArrayPlan::Layer& layer = plan_.layers[l];
    const std::int64_t reads = std::max(first_, layer.reads_from);
    const std::int64_t from = std::max(first_, layer.from);
    Line& line = lines_[l];
    line.go_back(first_, end_);
    if (from > reads) {
      clear(line.at(reads, std::min(from, end_)));
    }
    if (from < end_) {
      through_activation(l, from, std::max(from, have));
    }
    if (have > reads) {
      clear(in(du_, reads, std::min(have, end_)));
    }
    const View du = in(du_, reads);
    rows_.start().add_taps_back(line.at(reads, end_), layer.kernel, layer.dilation);
    backend().mix_rows(matrix_of(turned_.conv[l]), rows_, {}, du, du);
    backend().dot_rows(left_.start().add(in(u(l), reads)), rows_, end_ - reads,
                       sums_.of(input_of(l, kConv), plan_.width * layer.kernel, plan_.channels));
    return reads;
  }

  // From `from` on the layer gave something, which went to the residual from `have` on.
  void through_activation(std::size_t l, std::int64_t from, std::int64_t have) {
    const ArrayLayerWeights& w = tensors_.weights.layers[l];
    const std::int64_t sum_from = std::clamp(plan_.sum_from, from, end_);
    const auto begin = [&](std::int64_t part, std::int64_t part_end) {  // da = dsum
      const std::int64_t split = std::clamp(sum_from, part, part_end);
      clear(in(da_, part, split));
      backend().copy(in(dsum_, split, part_end), in(da_, split, part_end));
    };
    if (have > from) {
      begin(from, std::min(have, end_));
    }
    if (have < end_) {
      const View du = in(du_, have);
      const View back = transposed(matrix_of(w.out.weight), 0, 1);
      const std::int64_t split = std::max(have, sum_from);
      if (have < split) {
        backend().mix_rows(back, rows_.start().add(in(du_, have, split)), {}, {},
                           in(da_, have, split));
      }
      if (split < end_) {
        backend().mix_rows(back, rows_.start().add(in(du_, split)), {}, in(dsum_, split),
                           in(da_, split));
      }
      dot(in(bent(l), have), input_of(l, kOut), du);
      add_to_bias(input_of(l, kOutBias), du);
    }
    const View dz = lines_[l].at(from, end_);
    backend().activate_backward(plan_.layers[l].activation, in(kept(l), from), in(da_, from), dz);
    dot(samples_of(tensors_.inputs.condition, item_, plan_.condition_start, from, end_),
        input_of(l, kMixin), dz);
    add_to_bias(input_of(l, kConvBias), dz);
    if (wanted_.condition.data != nullptr) {
      mix_into(matrix_of(w.mixin), dz,
               samples_of(wanted_.condition, item_, plan_.condition_start, from, end_));
    }
  }

  const ArrayPlan& plan_;
  const ArrayMemory& tensors_;
  const Turned& turned_;
  const Tensor& dx_;
  const Wanted& wanted_;
  Sums sums_;
  std::int64_t item_;
  std::int64_t range_ = 0;
  std::int64_t first_ = 0;
  std::int64_t end_ = 0;
  Tensor dhead_;  // from sum_from on, and zeros behind the end
  Tensor u_, bent_, du_, da_, dsum_, ones_;
  std::vector<Line> lines_;  // gradients of what each layer bends
  RowList rows_, left_;
};

}  // namespace

void run_array_back(const ArrayPlan& plan, const ArrayMemory& tensors, const ArrayGradients& given,
                    const InputGradients& d) {
  Turned turned_weights{{}, turned(tensors.weights.head.weight)};
  for (const ArrayLayerWeights& layer : tensors.weights.layers) {
    turned_weights.conv.push_back(turned(layer.conv.weight));
  }
  const std::vector<Tensor> inputs = inputs_of(tensors);
  std::vector<std::int64_t> places;
  std::int64_t size = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    places.push_back(size);
    size += i >= kRechannel && i != kHeadSum && inputs[i].defined() ? inputs[i].numel() : 0;
  }
  const Wanted wanted{d.zeroed(kX), d.zeroed(kCondition), d.zeroed(kHeadSum)};
  const Tensor sums = Tensor::empty({plan.batch, size}, plan.dtype);
  backend().fill(0, sums);
  parallel_for(plan.batch, kernel_threads(), [&](std::int64_t item) {
    Backward back(plan, tensors, turned_weights, given.x, given.head, wanted,
                  Sums(sums, places, item), item);
    for (std::int64_t range = plan.ranges(); range-- > 0;) {
      back.run(range);
    }
  });
  for (std::int64_t apart = 1; apart < plan.batch; apart *= 2) {
    for (std::int64_t i = 0; i + apart < plan.batch; i += 2 * apart) {
      backend().accumulate(sliced(sums, 0, i + apart, i + apart + 1, 1),
                           sliced(sums, 0, i, i + 1, 1));
    }
  }
  const Sums total(sums, places, 0);
  for (std::size_t i = kRechannel; i < inputs.size(); ++i) {
    if (i == kHeadSum || !inputs[i].defined() || !d.wants(i)) {
      continue;
    }
    const Shape& shape = inputs[i].shape();
    View sum = total.of(i, 1, inputs[i].numel());
    sum = shape.rank() == 1 ? squeezed(sum, 0)
                            : transposed(*reshaped(sum, {shape[0], shape[2], shape[1]}), 1, 2);
    backend().accumulate(sum, d.zeroed(i));
  }
}

}  // namespace wavenet
