#include "wavenet/ops/gated_stack.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/causal_conv1d.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

// Places of a block's inputs, counted from its first; x stands before those of the first block.
enum Place : std::size_t { kFilter, kFilterBias, kGate, kGateBias, kSkip, kSkipBias, kResidual };
constexpr std::size_t kInputsOfBlock = 8;
std::size_t place_of(std::size_t block, Place place) { return 1 + block * kInputsOfBlock + place; }

// Rows `first` to `end` - 1 of x: [1, rows, C].
View rows_of(const View& x, std::int64_t first, std::int64_t end) {
  return sliced(x, 1, first, end, 1);
}
View item_of(const View& x, std::int64_t b) { return sliced(x, 0, b, b + 1, 1); }
View as_matrix(const View& x) { return squeezed(x, 0); }

// Filter and gate are one convolution, whose columns are those of both.
View first_half(const View& both) { return sliced(both, -1, 0, both.shape[-1] / 2, 1); }
View second_half(const View& both) {
  return sliced(both, -1, both.shape[-1] / 2, both.shape[-1], 1);
}
Tensor side_by_side(const Tensor& a, const Tensor& b) {
  const NoGrad unrecorded;
  return cat({a, b}, -1);
}

// Rows are counted as those of x.
struct BlockPlan {
  ConvGeometry geometry;
  std::int64_t reach;  // rows that it looks back
  std::int64_t begin;  // the first row that it is given
  std::int64_t from;   // the first row that it computes
  Tensor weight;       // of filter and gate, [K R, 2 R]
  Tensor bias;         // [2 R]
};

struct Range {
  std::int64_t first;
  std::int64_t end;
};

struct Plan {
  std::vector<BlockPlan> blocks;
  std::int64_t batch;
  std::int64_t length;
  std::int64_t channels;
  std::int64_t past;
  std::int64_t at_once;

  bool is_last(std::size_t block) const { return block + 1 == blocks.size(); }
  std::vector<Range> ranges() const {
    std::vector<Range> all;
    for (std::int64_t first = blocks.front().from; first < length; first += at_once) {
      all.push_back({first, std::min(length, first + at_once)});
    }
    return all;
  }
  Tensor scratch(DType dtype, std::int64_t width) const {
    return Tensor::empty({1, at_once, width}, dtype);
  }
};

// What a block does of a range.
struct Part {
  Part(const BlockPlan& block, const Range& range)
      : first(std::max(range.first, block.from)),
        end(range.end),
        read(std::max(block.begin, first - block.reach)),
        geometry(block.geometry) {
    geometry.from = first - read;
    geometry.starts = nullptr;
  }
  bool is_empty() const { return first >= end; }
  std::int64_t rows() const { return end - first; }

  std::int64_t first;  // row that is computed
  std::int64_t end;
  std::int64_t read;  // the first row that is read
  ConvGeometry geometry;
};

// What one sequence leaves for the way back, block by block.
struct Kept {
  std::vector<Tensor> x;     // what the block was given, [1, T - begin, R]; of the first, none
  std::vector<Tensor> tanh;  // of its filter, [1, T - from, R]
  std::vector<Tensor> open;  // sigmoid of its gate
};

void check_shapes(const Tensor& x, const std::vector<StackedBlock>& blocks,
                  const GatedStackRows& rows) {
  check(x.rank() == 3 && x.numel() > 0 && is_float(x.dtype()), "gated_stack: x is {} {}", x.dtype(),
        x.shape());
  check(!blocks.empty(), "gated_stack: there is no block");
  const std::int64_t channels = x.size(2);
  const Tensor& skip = blocks.front().weights.skip;
  const std::int64_t width = skip.defined() ? skip.size(-1) : 0;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    const auto fits = [&](const char* name, const Tensor& weight, const Tensor& bias,
                          const Shape& shape) {
      check(weight.defined() && bias.defined() && weight.shape() == shape &&
                bias.shape() == Shape{shape[1]} && weight.dtype() == x.dtype() &&
                bias.dtype() == x.dtype(),
            "gated_stack: {} of block {} must be {} with a bias, of {}, as x is {}", name, block,
            shape, x.dtype(), x.shape());
    };
    const auto& [w, geometry] = blocks[block];
    check(geometry.width >= 1 && geometry.dilation >= 1 && geometry.dilation <= kMaxDilation,
          "gated_stack: block {} has {} taps {} rows apart", block, geometry.width,
          geometry.dilation);
    fits("filter", w.filter, w.filter_bias, {geometry.width * channels, channels});
    fits("gate", w.gate, w.gate_bias, {geometry.width * channels, channels});
    fits("skip", w.skip, w.skip_bias, {channels, width});
    if (block + 1 < blocks.size()) {
      fits("residual", w.residual, w.residual_bias, {channels, channels});
    }
  }
  check(rows.past >= 0 && rows.past < x.size(1) && rows.at_once >= 1,
        "gated_stack: {} rows are only looked back to, {} go at once, x is {}", rows.past,
        rows.at_once, x.shape());
}

Plan plan_of(const Tensor& x, const std::vector<StackedBlock>& blocks, const GatedStackRows& rows) {
  Plan plan{{}, x.size(0), x.size(1), x.size(2), rows.past, rows.at_once};
  for (const auto& [w, geometry] : blocks) {
    plan.blocks.push_back({geometry, (geometry.width - 1) * geometry.dilation, 0, 0,
                           side_by_side(w.filter, w.gate),
                           side_by_side(w.filter_bias, w.gate_bias)});
  }
  std::int64_t wanted = rows.past;  // the first row that the blocks behind look back to
  for (std::size_t block = blocks.size(); block-- > 0;) {
    plan.blocks[block].from = wanted;
    wanted = std::max<std::int64_t>(0, wanted - plan.blocks[block].reach);
  }
  for (std::size_t block = 1; block < blocks.size(); ++block) {
    plan.blocks[block].begin = plan.blocks[block - 1].from;
  }
  return plan;
}

Kept memory_of(const Plan& plan, DType dtype, bool keeps) {
  Kept kept;
  for (const BlockPlan& block : plan.blocks) {
    const auto rows_from = [&](std::int64_t first) {
      return Tensor::empty({1, plan.length - first, plan.channels}, dtype);
    };
    kept.x.push_back(kept.x.empty() ? Tensor() : rows_from(block.begin));
    if (keeps) {
      kept.tanh.push_back(rows_from(block.from));
      kept.open.push_back(rows_from(block.from));
    }
  }
  return kept;
}

// One sequence, all ranges. x: [1, T, R]; skips: [1, T - past, S].
class StackForward {
 public:
  StackForward(const Plan& plan, const std::vector<StackedBlock>& blocks, DType dtype)
      : plan_(plan),
        blocks_(blocks),
        both_(plan.scratch(dtype, 2 * plan.channels)),
        tanh_(plan.scratch(dtype, plan.channels)),
        open_(plan.scratch(dtype, plan.channels)),
        z_(plan.scratch(dtype, plan.channels)) {}

  void run(const View& x, const Kept& kept, const View& skips) const {
    for (const Range& range : plan_.ranges()) {
      for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
        const Part part(plan_.blocks[block], range);
        if (!part.is_empty()) {
          run_block(block, part, block == 0 ? x : kept.x[block].view(), kept, skips);
        }
      }
    }
  }

 private:
  void run_block(std::size_t number, const Part& part, const View& x, const Kept& kept,
                 const View& skips) const {
    const BlockPlan& block = plan_.blocks[number];
    const GatedBlockWeights& w = blocks_[number].weights;
    const View both = rows_of(both_, 0, part.rows());
    const View z = rows_of(z_, 0, part.rows());
    const auto to = [&](const std::vector<Tensor>& all, const Tensor& otherwise) {
      return all.empty() ? rows_of(otherwise, 0, part.rows())
                         : rows_of(all[number], part.first - block.from, part.end - block.from);
    };
    backend().causal_conv1d(rows_of(x, part.read - block.begin, part.end - block.begin),
                            block.weight, block.bias, part.geometry, both);
    backend().gate(first_half(both), second_half(both), to(kept.tanh, tanh_), to(kept.open, open_),
                   z);
    if (!plan_.is_last(number)) {
      const BlockPlan& next = plan_.blocks[number + 1];
      backend().gemm(
          as_matrix(z), w.residual,
          as_matrix(rows_of(kept.x[number + 1], part.first - next.begin, part.end - next.begin)),
          Into::overwrite, w.residual_bias,
          as_matrix(rows_of(x, part.first - block.begin, part.end - block.begin)));
    }
    const std::int64_t first = std::max(part.first, plan_.past);
    if (first < part.end) {
      backend().gemm(as_matrix(rows_of(z, first - part.first, part.rows())), w.skip,
                     as_matrix(rows_of(skips, first - plan_.past, part.end - plan_.past)),
                     number == 0 ? Into::overwrite : Into::add, w.skip_bias);
    }
  }

  const Plan& plan_;
  const std::vector<StackedBlock>& blocks_;
  Tensor both_;  // of filter and gate
  Tensor tanh_;
  Tensor open_;
  Tensor z_;
};

// The gradient of what a block was given, as far as it lies in the range at hand or is looked back to
// from there. Ranges come last first: what one adds before its own rows is carried to the next.
class Carried {
 public:
  Carried(const Plan& plan, std::size_t block, DType dtype)
      : reach_(plan.blocks[block].reach),
        all_(zeros({1, plan.at_once + reach_, plan.channels}, dtype)) {}

  void enter(const Range& range) {
    if (first_ >= 0) {
      const std::int64_t rows = range.end - range.first;
      char* data = static_cast<char*>(all_.view().data);
      const auto bytes = [&](std::int64_t count) {
        return static_cast<std::size_t>(count * all_.size(2) * size_of(all_.dtype()));
      };
      std::memmove(data + bytes(rows), data, bytes(reach_));
      backend().fill(0, rows_of(all_, 0, rows));
    }
    first_ = range.first;
  }
  View rows(std::int64_t first, std::int64_t end) const {
    return rows_of(all_, first - first_ + reach_, end - first_ + reach_);
  }

 private:
  std::int64_t reach_;
  std::int64_t first_ = -1;  // row of the range at hand
  Tensor all_;
};

// The way back of all sequences.
class StackBack {
 public:
  StackBack(const Plan& plan, const Tensor& dskips, const InputGradients& d)
      : plan_(plan),
        dtype_(dskips.dtype()),
        dskips_(dskips),
        d_(d),
        z_(plan.scratch(dtype_, plan.channels)),
        dz_(plan.scratch(dtype_, plan.channels)),
        dboth_(plan.scratch(dtype_, 2 * plan.channels)) {
    for (const BlockPlan& block : plan.blocks) {
      dweights_.push_back(zeros(block.weight.shape(), dtype_));
      dbiases_.push_back(zeros(block.bias.shape(), dtype_));
    }
  }

  void run(const std::vector<Kept>& kept) {
    for (std::size_t b = 0; b < kept.size(); ++b) {
      run_sequence(static_cast<std::int64_t>(b), kept[b]);
    }
    const Tensor dskip_bias = zeros({1, dskips_.size(2)}, dtype_);
    backend().sum(as_rows(dskips_), dskip_bias);
    const auto add = [&](const View& gradient, std::size_t place) {
      if (d_.wants(place)) {
        backend().accumulate(gradient, d_.zeroed(place));
      }
    };
    for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
      add(first_half(dweights_[block]), place_of(block, kFilter));
      add(second_half(dweights_[block]), place_of(block, kGate));
      add(first_half(dbiases_[block]), place_of(block, kFilterBias));
      add(second_half(dbiases_[block]), place_of(block, kGateBias));
      add(squeezed(dskip_bias, 0), place_of(block, kSkipBias));
    }
  }

 private:
  void run_sequence(std::int64_t b, const Kept& kept) {
    const View x = item_of(d_.input(0), b);
    const View dx = d_.wants(0) ? item_of(d_.zeroed(0), b) : View{};
    std::vector<Carried> carried;  // for each block but the first
    for (std::size_t block = 1; block < plan_.blocks.size(); ++block) {
      carried.emplace_back(plan_, block, dtype_);
    }
    const std::vector<Range> ranges = plan_.ranges();
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
      for (Carried& gradient : carried) {
        gradient.enter(*range);
      }
      for (std::size_t block = plan_.blocks.size(); block-- > 0;) {
        const Part part(plan_.blocks[block], *range);
        if (part.is_empty()) {
          continue;
        }
        const auto given = [&](std::int64_t first) {  // the gradient of what the block was given
          if (block > 0) {
            return carried[block - 1].rows(first, part.end);
          }
          return dx.data != nullptr ? rows_of(dx, first, part.end) : View{};
        };
        const View dy = plan_.is_last(block) ? View{} : carried[block].rows(part.first, part.end);
        if (dy.data != nullptr && given(part.first).data != nullptr) {
          backend().accumulate(dy, given(part.first));
        }
        run_block(block, part, b, block == 0 ? x : kept.x[block].view(), kept, dy,
                  given(part.read));
      }
    }
  }

  // dy: of what the block passed on, [1, rows, R], empty in the last; dread: of all that it read.
  void run_block(std::size_t number, const Part& part, std::int64_t b, const View& x,
                 const Kept& kept, const View& dy, const View& dread) {
    const BlockPlan& block = plan_.blocks[number];
    const auto of = [&](const std::vector<Tensor>& all) {
      return rows_of(all[number], part.first - block.from, part.end - block.from);
    };
    const View z = rows_of(z_, 0, part.rows());
    const View dz = rows_of(dz_, 0, part.rows());
    const View dboth = rows_of(dboth_, 0, part.rows());
    if (dy.data != nullptr) {
      backend().gemm(as_matrix(dy), transposed(d_.input(place_of(number, kResidual)), 0, 1),
                     as_matrix(dz), Into::overwrite);
    }
    const std::int64_t first = std::max(part.first, plan_.past);
    const View dskips =
        first < part.end
            ? as_matrix(rows_of(item_of(dskips_, b), first - plan_.past, part.end - plan_.past))
            : View{};
    const auto with_skips = [&](const View& all) {
      return as_matrix(rows_of(all, first - part.first, part.rows()));
    };
    if (dskips.data != nullptr) {
      backend().gemm(dskips, transposed(d_.input(place_of(number, kSkip)), 0, 1), with_skips(dz),
                     dy.data != nullptr ? Into::add : Into::overwrite);
    }
    backend().gate_backward(of(kept.tanh), of(kept.open), dz, {first_half(dboth), Into::overwrite},
                            {second_half(dboth), Into::overwrite}, z);
    if (dy.data != nullptr) {
      add_product(as_matrix(z), as_matrix(dy), place_of(number, kResidual));
      if (const std::size_t bias = place_of(number, kResidual) + 1; d_.wants(bias)) {
        backend().sum(as_matrix(dy), unsqueezed(d_.zeroed(bias), 0));
      }
    }
    if (dskips.data != nullptr) {
      add_product(with_skips(z), dskips, place_of(number, kSkip));
    }
    backend().causal_conv1d_backward(rows_of(x, part.read - block.begin, part.end - block.begin),
                                     block.weight, part.geometry, dboth,
                                     dread.data != nullptr ? Gradient{dread} : Gradient{},
                                     {dweights_[number]}, {dbiases_[number]});
  }

  // The gradient of the weight at `place`.
  void add_product(const View& z, const View& dy, std::size_t place) const {
    if (d_.wants(place)) {
      backend().gemm(transposed(z, 0, 1), dy, d_.zeroed(place), Into::add);
    }
  }

  const Plan& plan_;
  DType dtype_;
  const Tensor& dskips_;
  const InputGradients& d_;
  Tensor z_;
  Tensor dz_;
  Tensor dboth_;
  std::vector<Tensor> dweights_;  // of filter and gate, block by block
  std::vector<Tensor> dbiases_;
};

}  // namespace

Tensor gated_stack(const Tensor& any_x, const std::vector<StackedBlock>& blocks,
                   const GatedStackRows& rows) {
  check_shapes(any_x, blocks, rows);
  const Tensor x = contiguous(any_x);
  const Plan plan = plan_of(x, blocks, rows);
  Tensor skips = Tensor::empty(
      {plan.batch, plan.length - plan.past, blocks.front().weights.skip.size(1)}, x.dtype());
  const StackForward forward(plan, blocks, x.dtype());
  const bool keeps = grad_enabled();
  std::vector<Kept> kept;
  for (std::int64_t b = 0; b < plan.batch; ++b) {
    if (keeps || b == 0) {
      kept.push_back(memory_of(plan, x.dtype(), keeps));
    }
    forward.run(item_of(x, b), kept.back(), item_of(skips, b));
  }
  std::vector<Tensor> inputs{x};
  for (const auto& [w, geometry] : blocks) {
    inputs.insert(inputs.end(),
                  {w.filter, w.filter_bias, w.gate, w.gate_bias, w.skip, w.skip_bias});
    if (&w != &blocks.back().weights) {
      inputs.insert(inputs.end(), {w.residual, w.residual_bias});
    }
  }
  autograd::record("gated_stack", skips, std::move(inputs),
                   [plan, kept = std::move(kept)](const Tensor& dskips, const InputGradients& d) {
                     StackBack(plan, dskips, d).run(kept);
                   });
  return skips;
}

}  // namespace wavenet
