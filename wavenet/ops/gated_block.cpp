#include "wavenet/ops/gated_block.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// Places of the inputs; behind them skips, if there are any, then the residual's weight and bias.
enum Place : std::size_t { kX, kFilter, kFilterBias, kGate, kGateBias, kSkip, kSkipBias, kMore };

// Rows `first` to `end` - 1 of x in sequence b: [1, rows, C], and as a matrix.
View rows_of(const View& x, std::int64_t b, std::int64_t first, std::int64_t end) {
  return sliced(sliced(x, 0, b, b + 1, 1), 1, first, end, 1);
}
View matrix_of(const View& x, std::int64_t b, std::int64_t first, std::int64_t end) {
  return squeezed(rows_of(x, b, first, end), 0);
}

// The rows of one sequence that are worked off at once.
struct Range {
  std::int64_t b;
  std::int64_t first;
  std::int64_t end;
  std::int64_t x_first;  // of the rows of x that they read
  ConvGeometry geometry;
  std::int64_t from(std::int64_t row) const { return std::max(first, row); }
};

struct Plan {
  GatedBlockRows rows;
  std::int64_t batch;
  std::int64_t length;
  bool has_skips;
  bool has_residual;

  std::int64_t from() const {
    return has_residual ? std::min(rows.x_from, rows.skip_from) : rows.skip_from;
  }
  std::size_t residual_at() const { return kMore + (has_skips ? 1 : 0); }

  template <class Each>
  void for_each_range(const Each& each) const {
    const std::int64_t reach = (rows.geometry.width - 1) * rows.geometry.dilation;
    for (std::int64_t b = 0; b < batch; ++b) {
      for (std::int64_t first = from(); first < length; first += rows.at_once) {
        Range range{b, first, std::min(length, first + rows.at_once),
                    std::max<std::int64_t>(0, first - reach), rows.geometry};
        range.geometry.from = first - range.x_first;
        range.geometry.starts = nullptr;
        each(range);
      }
    }
  }
};

// One range's rows of something between x and the results.
class Scratch {
 public:
  Scratch(const Plan& plan, const Tensor& x)
      : all_(Tensor::empty({1, plan.rows.at_once, x.size(2)}, x.dtype())) {}
  View of(const Range& range) const { return rows_of(all_, 0, 0, range.end - range.first); }
  // Its rows from `row` on, counted as x's.
  View from(const Range& range, std::int64_t row) const {
    return matrix_of(all_, 0, row - range.first, range.end - range.first);
  }

 private:
  Tensor all_;
};

void check_shapes(const Tensor& x, const Tensor& skips, const GatedBlockWeights& w,
                  const GatedBlockRows& rows) {
  check(x.rank() == 3 && x.numel() > 0 && is_float(x.dtype()), "gated_block: x is {} {}", x.dtype(),
        x.shape());
  const std::int64_t channels = x.size(2);
  const auto fits = [&](const char* name, const Tensor& weight, const Tensor& bias,
                        const Shape& shape) {
    check(weight.defined() && bias.defined() && weight.shape() == shape &&
              bias.shape() == Shape{shape[1]} && weight.dtype() == x.dtype() &&
              bias.dtype() == x.dtype(),
          "gated_block: {} must be {} with a bias, of {}, as x is {}", name, shape, x.dtype(),
          x.shape());
  };
  fits("filter", w.filter, w.filter_bias, {rows.geometry.width * channels, channels});
  fits("gate", w.gate, w.gate_bias, {rows.geometry.width * channels, channels});
  fits("skip", w.skip, w.skip_bias, {channels, w.skip.defined() ? w.skip.size(-1) : 0});
  if (w.residual.defined()) {
    fits("residual", w.residual, w.residual_bias, {channels, channels});
  }
  check(rows.geometry.width >= 1 && rows.geometry.dilation >= 1 && rows.at_once >= 1 &&
            std::min(rows.x_from, rows.skip_from) >= 0 &&
            std::max(rows.x_from, rows.skip_from) < x.size(1),
        "gated_block: rows from {} and {} on are asked for, {} at once, x is {}", rows.x_from,
        rows.skip_from, rows.at_once, x.shape());
  const Shape shape{x.size(0), x.size(1) - rows.skip_from, w.skip.size(1)};
  check(!skips.defined() || (skips.shape() == shape && skips.dtype() == x.dtype()),
        "gated_block: skips must be {}, got {}", shape, skips.defined() ? skips.shape() : Shape{});
}

// What the way back needs besides the inputs.
struct Kept {
  Tensor tanh;  // of the filter, [B, T - from, R]
  Tensor open;  // sigmoid of the gate
};

// y = addend + z weight + bias for the range's rows from `row` on, `y_from` being y's first.
void add_product(const Range& range, const Scratch& z, const Tensor& weight, const Tensor& bias,
                 std::int64_t y_from, const Tensor& addend, std::int64_t addend_from,
                 const Tensor& y) {
  const std::int64_t row = range.from(y_from);
  if (row >= range.end) {
    return;
  }
  const View added = addend.defined()
                         ? matrix_of(addend, range.b, row - addend_from, range.end - addend_from)
                         : View{};
  backend().gemm(z.from(range, row), weight,
                 matrix_of(y, range.b, row - y_from, range.end - y_from), Into::overwrite, bias,
                 added);
}

void run_forward(const Plan& plan, const Tensor& x, const Tensor& skips, const GatedBlockWeights& w,
                 const Kept& kept, const GatedBlockOutput& y) {
  const Scratch filtered(plan, x);
  const Scratch gated(plan, x);
  const Scratch z(plan, x);
  plan.for_each_range([&](const Range& range) {
    const View read = rows_of(x, range.b, range.x_first, range.end);
    const View f = filtered.of(range);
    const View g = gated.of(range);
    backend().causal_conv1d(read, w.filter, w.filter_bias, range.geometry, f);
    backend().causal_conv1d(read, w.gate, w.gate_bias, range.geometry, g);
    const auto to = [&](const Tensor& all) {
      return rows_of(all, range.b, range.first - plan.from(), range.end - plan.from());
    };
    const bool keeps = kept.tanh.defined();
    backend().gate(f, g, keeps ? to(kept.tanh) : f, keeps ? to(kept.open) : g, z.of(range));
    if (plan.has_residual) {
      add_product(range, z, w.residual, w.residual_bias, plan.rows.x_from, x, 0, y.x);
    }
    add_product(range, z, w.skip, w.skip_bias, plan.rows.skip_from, skips, plan.rows.skip_from,
                y.skips);
  });
}

// The way back, range by range.
class Back {
 public:
  // dy: of x, undefined where nobody read it; dskips: of skips.
  Back(const Plan& plan, const Kept& kept, const Tensor& dy, const Tensor& dskips,
       const InputGradients& d)
      : plan_(plan), kept_(kept), dy_(dy), dskips_(dskips), d_(d), dx_(d[kX]) {}

  void run() {
    const View& x = d_.input(kX);
    const Tensor like = kept_.tanh;
    const Scratch z(plan_, like);
    const Scratch dz(plan_, like);
    const Scratch dfilter(plan_, like);
    const Scratch dgate(plan_, like);
    std::vector<Gradient> to;
    for (std::size_t i = kFilter; i < kMore; ++i) {
      to.push_back({d_.zeroed(i)});
    }
    plan_.for_each_range([&](const Range& range) {
      begin_dx(range);
      const View t = kept(kept_.tanh, range);
      const View s = kept(kept_.open, range);
      backend().binary(Binary::multiply, t, s, z.of(range));
      backend().fill(0, dz.of(range));
      if (dy_.defined()) {
        through_product(range, dy_, plan_.rows.x_from, plan_.residual_at(), z, dz);
      }
      through_product(range, dskips_, plan_.rows.skip_from, kSkip, z, dz);
      const View df = dfilter.of(range);
      const View dg = dgate.of(range);
      backend().gate_backward(t, s, dz.of(range), {df, Into::overwrite}, {dg, Into::overwrite});
      const View read = rows_of(x, range.b, range.x_first, range.end);
      const Gradient dread =
          dx_.wanted() ? Gradient{rows_of(dx_.to, range.b, range.x_first, range.end)} : Gradient{};
      backend().causal_conv1d_backward(read, d_.input(kFilter), range.geometry, df, dread,
                                       to[kFilter - 1], to[kFilterBias - 1]);
      backend().causal_conv1d_backward(read, d_.input(kGate), range.geometry, dg, dread,
                                       to[kGate - 1], to[kGateBias - 1]);
    });
  }

 private:
  View kept(const Tensor& all, const Range& range) const {
    return rows_of(all, range.b, range.first - plan_.from(), range.end - plan_.from());
  }

  // What x sends on unchanged; the rows of dx that the ranges before have not reached begin there.
  void begin_dx(const Range& range) const {
    if (!dx_.wanted()) {
      return;
    }
    const std::int64_t first = range.first == plan_.from() ? 0 : range.first;
    const std::int64_t from = plan_.rows.x_from;
    const std::int64_t row =
        dy_.defined() ? std::clamp(from, first, range.end) : range.end;  // from which on dy adds
    const View sent =
        row < range.end ? rows_of(dy_, range.b, row - from, range.end - from) : View{};
    if (dx_.into == Into::overwrite) {
      backend().fill(0, rows_of(dx_.to, range.b, first, row));
    }
    if (row < range.end) {
      const View to = rows_of(dx_.to, range.b, row, range.end);
      dx_.into == Into::overwrite ? backend().copy(sent, to) : backend().accumulate(sent, to);
    }
  }

  // dz += dy weight^T and the gradients of weight and bias, which is input `at` and the next;
  // y_from is dy's first row.
  void through_product(const Range& range, const Tensor& dy, std::int64_t y_from, std::size_t at,
                       const Scratch& z, const Scratch& dz) const {
    const std::int64_t row = range.from(y_from);
    if (row >= range.end) {
      return;
    }
    const View from = matrix_of(dy, range.b, row - y_from, range.end - y_from);
    backend().gemm(from, transposed(d_.input(at), 0, 1), dz.from(range, row), Into::add);
    if (d_.wants(at)) {
      backend().gemm(transposed(z.from(range, row), 0, 1), from, d_.zeroed(at), Into::add);
    }
    if (d_.wants(at + 1)) {
      backend().sum(from, unsqueezed(d_.zeroed(at + 1), 0));
    }
  }

  const Plan& plan_;
  const Kept& kept_;
  const Tensor& dy_;
  const Tensor& dskips_;
  const InputGradients& d_;
  Gradient dx_;
};

}  // namespace

// One op with two results: that of x comes later in the record, so its gradient is there, in `dy`,
// when the way back from skips takes both.
GatedBlockOutput gated_block(const Tensor& any_x, const Tensor& skips, const GatedBlockWeights& w,
                             const GatedBlockRows& rows) {
  check_shapes(any_x, skips, w, rows);
  const Tensor x = contiguous(any_x);
  const Plan plan{rows, x.size(0), x.size(1), skips.defined(), w.residual.defined()};
  const auto rows_from = [&](std::int64_t from, std::int64_t channels) {
    return Tensor::empty({x.size(0), x.size(1) - from, channels}, x.dtype());
  };
  GatedBlockOutput y{plan.has_residual ? rows_from(rows.x_from, x.size(2)) : Tensor(),
                     rows_from(rows.skip_from, w.skip.size(1))};
  Kept kept;
  if (grad_enabled()) {
    kept = {rows_from(plan.from(), x.size(2)), rows_from(plan.from(), x.size(2))};
  }
  run_forward(plan, x, skips, w, kept, y);
  std::vector<Tensor> inputs{x, w.filter, w.filter_bias, w.gate, w.gate_bias, w.skip, w.skip_bias};
  for (const Tensor& more : {skips, w.residual, w.residual_bias}) {
    if (more.defined()) {
      inputs.push_back(more);
    }
  }
  const auto dy = std::make_shared<Tensor>();
  autograd::record("gated_block", y.skips, std::move(inputs),
                   [plan, kept, dy](const Tensor& dskips, const InputGradients& d) {
                     if (plan.has_skips) {
                       d.give(kMore, dskips);
                     }
                     Back(plan, kept, *dy, dskips, d).run();
                     *dy = Tensor();
                   });
  if (plan.has_residual) {
    autograd::record("gated_block", y.x, {y.skips},
                     [dy, skips_meta = y.skips.meta()](const Tensor& dx, const InputGradients& d) {
                       *dy = dx;
                       if (!skips_meta->grad.defined()) {
                         d.zeroed(0);  // so that the walk goes by there
                       }
                     });
  }
  return y;
}

}  // namespace wavenet
