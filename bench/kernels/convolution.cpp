// The dilated causal convolution of width 2, zeros before the start, with its two gradients.
//
// oneDNN gets activations as ours are, channels last, and weights in the layout that it likes best:
// what reordering them would cost in a training step is not counted.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "bench/kernels/cases.h"
#include "wavenet/backend/cpu/kernels.h"

#ifdef WAVENET_BENCH_ONEDNN
#include "bench/kernels/onednn.h"
#endif

namespace wavenet::bench {
namespace {

// Of wavenet-text, a shard of 4 pieces; and of wavenet-names, a shard of 16 words.
constexpr cpu::ConvShape shape_of(std::int64_t batch, std::int64_t length, std::int64_t channels,
                                  std::int64_t dilation) {
  return {batch, length, channels, channels, 2, dilation, true, 0};
}
const std::vector<cpu::ConvShape> kShapes{
    shape_of(4, 410, 64, 1),
    shape_of(4, 410, 64, 8),
    shape_of(16, 9, 40, 1),
    shape_of(16, 9, 40, 8),
};

// Without those of the zeros before the start: a library may leave them out.
std::int64_t multiply_adds_of(const cpu::ConvShape& s) {
  std::int64_t rows = 0;
  for (std::int64_t k = 0; k < s.width; ++k) {
    rows += s.batch * std::max<std::int64_t>(0, s.length - k * s.dilation);
  }
  return rows * s.in * s.out;
}

struct Operands {
  explicit Operands(const cpu::ConvShape& s)
      : x(noise(s.rows() * s.in, 1)),
        weight(noise(s.width * s.in * s.out, 2)),
        dy(noise(s.rows() * s.out, 3)),
        y(zeros(s.rows() * s.out)),
        dx(zeros(s.rows() * s.in)),
        dweight(zeros(s.width * s.in * s.out)) {}
  Buffer x;
  Buffer weight;
  Buffer dy;
  Buffer y;
  Buffer dx;
  Buffer dweight;
};

// One side of each of the three cases.
struct Sides {
  Side y;
  Side dx;
  Side dweight;
};

Sides ours(const cpu::ConvShape& s) {
  const auto o = std::make_shared<Operands>(s);
  return {{"ours",
           [=] { cpu::causal_conv1d(o->x.data(), o->weight.data(), nullptr, {}, o->y.data(), s); },
           [=] { return o->y; }},
          {"ours",
           [=] {
             cpu::causal_conv1d_input_gradient(o->dy.data(), o->weight.data(),
                                               {o->dx.data(), false}, s);
           },
           [=] { return o->dx; }},
          {"ours",
           [=] {
             cpu::causal_conv1d_weight_gradient(o->x.data(), o->dy.data(),
                                                {o->dweight.data(), false}, s);
           },
           [=] { return o->dweight; }}};
}

#ifdef WAVENET_BENCH_ONEDNN
Sides onednn(const cpu::ConvShape& s) {
  using dnnl::memory;
  const auto o = std::make_shared<Operands>(s);
  const memory::desc in = tensor({s.batch, s.in, s.length}, memory::format_tag::nwc);
  const memory::desc out = tensor({s.batch, s.out, s.length}, memory::format_tag::nwc);
  const memory::desc weight_as_ours = tensor({s.out, s.in, s.width}, memory::format_tag::wio);
  const memory::desc any_weight = tensor({s.out, s.in, s.width}, memory::format_tag::any);
  const auto direct = dnnl::algorithm::convolution_direct;
  const memory::dims strides{1};
  const memory::dims dilates{s.dilation - 1};  // rows left out from tap to tap
  const memory::dims left{(s.width - 1) * s.dilation};
  const memory::dims right{0};

  const dnnl::convolution_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_training, direct, in, any_weight, out, strides, dilates, left,
       right},
      engine());
  const dnnl::convolution_backward_data::primitive_desc to_input(
      {direct, in, any_weight, out, strides, dilates, left, right}, engine(), forward);
  const dnnl::convolution_backward_weights::primitive_desc to_weight(
      {direct, in, any_weight, out, strides, dilates, left, right}, engine(), forward);

  const memory x = memory_of(in, o->x);
  const memory dy = memory_of(out, o->dy);
  const memory weight(forward.weights_desc(), engine());
  const memory weight_for_input(to_input.weights_desc(), engine());
  const memory dweight(to_weight.diff_weights_desc(), engine());
  reorder(memory_of(weight_as_ours, o->weight), weight);
  reorder(memory_of(weight_as_ours, o->weight), weight_for_input);

  return {{"oneDNN",
           prepared(dnnl::convolution_forward(forward), {{DNNL_ARG_SRC, x},
                                                         {DNNL_ARG_WEIGHTS, weight},
                                                         {DNNL_ARG_DST, memory_of(out, o->y)}}),
           [=] { return o->y; }, forward.impl_info_str()},
          {"oneDNN",
           prepared(dnnl::convolution_backward_data(to_input),
                    {{DNNL_ARG_DIFF_DST, dy},
                     {DNNL_ARG_WEIGHTS, weight_for_input},
                     {DNNL_ARG_DIFF_SRC, memory_of(in, o->dx)}}),
           [=] { return o->dx; }, to_input.impl_info_str()},
          {"oneDNN",
           prepared(dnnl::convolution_backward_weights(to_weight),
                    {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_WEIGHTS, dweight}}),
           [=] {
             reorder(dweight, memory_of(weight_as_ours, o->dweight));
             return o->dweight;
           },
           to_weight.impl_info_str()}};
}
#endif

}  // namespace

void add_convolutions() {
  for (const cpu::ConvShape& s : kShapes) {
    std::vector<Sides> all{ours(s)};
#ifdef WAVENET_BENCH_ONEDNN
    all.push_back(onednn(s));
#endif
    const std::string shape =
        fmt::format("{}x{}, {} to {}, dilation {}", s.batch, s.length, s.in, s.out, s.dilation);
    const Work work = multiply_adds(multiply_adds_of(s));
    const auto add_case = [&](const char* op, Side Sides::*member) {
      std::vector<Side> sides;
      for (const Sides& one : all) {
        sides.push_back(one.*member);
      }
      add("conv", op, shape, work, sides);
    };
    add_case("convolution", &Sides::y);
    add_case("convolution dX", &Sides::dx);
    add_case("convolution dW", &Sides::dweight);
  }
}

}  // namespace wavenet::bench
