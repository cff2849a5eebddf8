// The ops that go over their numbers without multiplying matrices: GB/s, with each number that the
// op takes or gives counted once.
#include <fmt/format.h>

#include <memory>

#include "bench/kernels/cases.h"
#include "wavenet/backend/cpu/kernels.h"

#ifdef WAVENET_BENCH_ONEDNN
#include "bench/kernels/onednn.h"
#endif

namespace wavenet::bench {
namespace {

constexpr cpu::Size kLevel{128, 128};         // tree-76k's first level, batch 32
constexpr cpu::Size kLogits{2048, 65};        // wavenet-text's
constexpr cpu::Size kGates{1640, 64};         // wavenet-text's
constexpr cpu::Size kTable{65, 128};          // a row for each character
constexpr std::int64_t kTokens = 128;         // rows looked up
constexpr std::int64_t kParameters = 76'579;  // tree-76k's
constexpr cpu::Size kFlat{1, kParameters};    // as the optimizer's kernels see them
constexpr double kRate = 1e-9;                // no number drifts far in a million steps

constexpr std::int64_t count(cpu::Size size) { return size.rows * size.columns; }

void add_sweep(const char* op, const std::string& shape, std::int64_t touched,
               const std::vector<Side>& sides) {
  add("sweep", op, shape, floats(touched), sides);
}

void add_sweep(const char* op, cpu::Size size, std::int64_t touched,
               const std::vector<Side>& sides) {
  add_sweep(op, fmt::format("{}x{}", size.rows, size.columns), touched, sides);
}

// y of x, and dx of dy.
struct Operands {
  explicit Operands(cpu::Size size)
      : x(noise(count(size), 1)),
        dy(noise(count(size), 2)),
        y(zeros(count(size))),
        dx(zeros(count(size))) {}
  Buffer x;
  Buffer dy;
  Buffer y;
  Buffer dx;
};

#ifdef WAVENET_BENCH_ONEDNN
using dnnl::memory;

memory::desc matrix(cpu::Size size) {
  return tensor({size.rows, size.columns}, memory::format_tag::nc);
}

dnnl::eltwise_forward::primitive_desc tanh_forward() {
  return {{dnnl::prop_kind::forward_training, dnnl::algorithm::eltwise_tanh_use_dst_for_bwd,
           matrix(kLevel)},
          engine()};
}

Side tanh_onednn() {
  const auto o = std::make_shared<Operands>(kLevel);
  const auto there = tanh_forward();
  return {"oneDNN",
          prepared(dnnl::eltwise_forward(there), {{DNNL_ARG_SRC, memory_of(matrix(kLevel), o->x)},
                                                  {DNNL_ARG_DST, memory_of(matrix(kLevel), o->y)}}),
          [=] { return o->y; }, there.impl_info_str()};
}

// Here and in ours x stands for y: any numbers in [-1, 1) do.
Side tanh_backward_onednn() {
  const auto o = std::make_shared<Operands>(kLevel);
  const dnnl::eltwise_backward::primitive_desc back(
      {dnnl::algorithm::eltwise_tanh_use_dst_for_bwd, matrix(kLevel), matrix(kLevel)}, engine(),
      tanh_forward());
  return {"oneDNN",
          prepared(dnnl::eltwise_backward(back),
                   {{DNNL_ARG_DST, memory_of(matrix(kLevel), o->x)},
                    {DNNL_ARG_DIFF_DST, memory_of(matrix(kLevel), o->dy)},
                    {DNNL_ARG_DIFF_SRC, memory_of(matrix(kLevel), o->dx)}}),
          [=] { return o->dx; }, back.impl_info_str()};
}

Side log_softmax_onednn() {
  const auto o = std::make_shared<Operands>(kLogits);
  const dnnl::logsoftmax_forward::primitive_desc there(
      {dnnl::prop_kind::forward_training, matrix(kLogits), 1}, engine());
  return {
      "oneDNN",
      prepared(dnnl::logsoftmax_forward(there), {{DNNL_ARG_SRC, memory_of(matrix(kLogits), o->x)},
                                                 {DNNL_ARG_DST, memory_of(matrix(kLogits), o->y)}}),
      [=] { return o->y; }, there.impl_info_str()};
}
#endif

void add_tanh() {
  const auto o = std::make_shared<Operands>(kLevel);
  std::vector<Side> forward{
      {"ours", [=] { cpu::tanh(o->x.data(), o->y.data(), kLevel); }, [=] { return o->y; }}};
  std::vector<Side> backward{
      {"ours",
       [=] {
         cpu::tanh_backward(o->x.data(), o->dy.data(), {o->dx.data(), false}, kLevel);
       },
       [=] { return o->dx; }}};
#ifdef WAVENET_BENCH_ONEDNN
  forward.push_back(tanh_onednn());
  backward.push_back(tanh_backward_onednn());
#endif
  add_sweep("tanh", kLevel, 2 * count(kLevel), forward);
  add_sweep("tanh backward", kLevel, 3 * count(kLevel), backward);
}

void add_log_softmax() {
  const auto o = std::make_shared<Operands>(kLogits);
  std::vector<Side> sides{
      {"ours", [=] { cpu::log_softmax(o->x.data(), o->y.data(), kLogits.rows, kLogits.columns); },
       [=] { return o->y; }}};
#ifdef WAVENET_BENCH_ONEDNN
  sides.push_back(log_softmax_onednn());
#endif
  add_sweep("log-softmax", kLogits, 2 * count(kLogits), sides);
}

void add_gate() {
  struct Gate {
    Buffer a = noise(count(kGates), 1);
    Buffer b = noise(count(kGates), 2);
    Buffer dy = noise(count(kGates), 3);
    Buffer t = zeros(count(kGates));
    Buffer s = zeros(count(kGates));
    Buffer y = zeros(count(kGates));
    Buffer da = zeros(count(kGates));
    Buffer db = zeros(count(kGates));
  };
  const auto o = std::make_shared<Gate>();
  const auto forward = [=] {
    cpu::gate({o->a.data()}, {o->b.data()}, o->t.data(), o->s.data(), o->y.data(),
              {1, count(kGates)});
  };
  const auto backward = [=] {
    cpu::gate_backward(o->t.data(), o->s.data(), o->dy.data(), {o->da.data()}, {o->db.data()},
                       nullptr, {1, count(kGates)});
  };
  forward();  // the way back reads t and s
  add_sweep("gate", kGates, 5 * count(kGates), {{"ours", forward, [=] { return o->y; }}});
  add_sweep("gate backward", kGates, 5 * count(kGates),
            {{"ours", backward, [=] { return o->da; }}});
}

void add_dropout() {
  constexpr double kP = 0.1;
  constexpr std::uint64_t kKey = 1;
  const auto o = std::make_shared<Operands>(kGates);
  const auto run = [=] { cpu::dropout(kP, kKey, o->x.data(), o->y.data(), count(kGates), false); };
  add_sweep("dropout", kGates, 2 * count(kGates), {{"ours", run, [=] { return o->y; }}});
}

void add_embedding() {
  struct Lookup {
    Buffer weight = noise(count(kTable), 1);
    std::vector<std::int32_t> tokens = std::vector<std::int32_t>(kTokens);
    Buffer y = zeros(kTokens * kTable.columns);
  };
  const auto o = std::make_shared<Lookup>();
  std::mt19937 random(2);
  std::uniform_int_distribution<std::int32_t> row(0, static_cast<std::int32_t>(kTable.rows) - 1);
  for (std::int32_t& token : o->tokens) {
    token = row(random);
  }
  const auto run = [=] {
    cpu::embedding(o->weight.data(), {o->tokens.data(), 1}, {o->y.data(), false},
                   {kTokens, kTable.columns});
  };
  const cpu::Size looked_up{kTokens, kTable.columns};
  add_sweep("embedding", looked_up, 2 * count(looked_up) + kTokens,
            {{"ours", run, [=] { return o->y; }}});
}

void add_optimizers() {
  struct Parameters {
    Buffer g = noise(kParameters, 1);
    Buffer p = noise(kParameters, 2);
    Buffer m = zeros(kParameters);
    Buffer v = zeros(kParameters);
  };
  const auto o = std::make_shared<Parameters>();
  const auto sgd = [=] {
    cpu::sgd_step(o->g.data(), static_cast<float>(kRate), o->p.data(), kFlat);
  };
  const auto adamw = [=] {
    cpu::adamw_step(o->g.data(), {kRate, 0.9, 0.99, 1e-8, 0.01, 1, 1000}, o->m.data(), o->v.data(),
                    o->p.data(), kFlat);
  };
  const std::string shape = std::to_string(kParameters);
  const auto parameters = [=] { return o->p; };
  add_sweep("SGD step", shape, 3 * kParameters, {{"ours", sgd, parameters}});
  add_sweep("AdamW step", shape, 7 * kParameters, {{"ours", adamw, parameters}});
}

}  // namespace

void add_sweeps() {
  add_tanh();
  add_log_softmax();
  add_gate();
  add_dropout();
  add_embedding();
  add_optimizers();
}

}  // namespace wavenet::bench
