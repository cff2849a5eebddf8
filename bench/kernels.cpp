// The kernels at the shapes that the recipes meet, beside OpenBLAS and oneDNN where they are
// installed: GFLOP/s or GB/s, and percent of the peak of one core.
//
//   build/release/bench/kernels [--benchmark_filter=gemm]
//
// Names: what it is, the shape, who computes it.
#include "wavenet/backend/cpu/kernels.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "wavenet/backend/cpu/peak.h"

#ifdef WAVENET_BENCH_OPENBLAS
#include <cblas.h>
extern "C" void openblas_set_num_threads(int);
#endif
#ifdef WAVENET_BENCH_ONEDNN
#include <dnnl.h>
#endif

namespace {

using namespace wavenet;

double peak = 0;

void report(benchmark::State& state, double operations) {
  using benchmark::Counter;
  state.counters["GF/s"] = Counter(operations / 1e9, Counter::kIsIterationInvariantRate);
  state.counters["%peak"] =
      Counter(100 * operations / 1e9 / peak, Counter::kIsIterationInvariantRate);
}

// c = a b, with a and b as they stand in memory or transposed.
struct Product {
  const char* where;
  std::int64_t m;
  std::int64_t n;
  std::int64_t k;
  bool transposed_a;
  bool transposed_b;
};

// Of tree-76k, batch 32; and of wavenet-text's 1x1 convolutions.
const std::vector<Product> kProducts{
    {"level 1", 128, 128, 48, false, false},   {"level 1 dW", 48, 128, 128, true, false},
    {"level 1 dX", 128, 48, 128, false, true}, {"level 2", 64, 128, 256, false, false},
    {"level 2 dW", 256, 128, 64, true, false}, {"level 2 dX", 64, 256, 128, false, true},
    {"level 3", 32, 128, 256, false, false},   {"level 3 dW", 256, 128, 32, true, false},
    {"level 3 dX", 32, 256, 128, false, true}, {"head", 32, 27, 128, false, false},
    {"head dW", 128, 27, 32, true, false},     {"head dX", 32, 128, 27, false, true},
    {"1x1", 1640, 64, 64, false, false},       {"1x1 dW", 64, 64, 1640, true, false},
    {"1x1 dX", 1640, 64, 64, false, true},
};

struct Operands {
  explicit Operands(const Product& p)
      : a(static_cast<std::size_t>(p.m * p.k), 0.5F),
        b(static_cast<std::size_t>(p.k * p.n), 0.25F),
        c(static_cast<std::size_t>(p.m * p.n)) {}
  std::vector<float> a;
  std::vector<float> b;
  std::vector<float> c;
};

template <class Run>
void add(const Product& p, const char* who, const Run& run) {
  const std::string name = fmt::format("gemm/{} {}x{}x{} {}{}/{}", p.where, p.m, p.n, p.k,
                                       p.transposed_a ? 't' : 'n', p.transposed_b ? 't' : 'n', who);
  benchmark::RegisterBenchmark(name.c_str(), [p, run](benchmark::State& state) {
    Operands x(p);
    for (auto _ : state) {
      run(p, x);
      benchmark::ClobberMemory();
    }
    report(state, 2.0 * static_cast<double>(p.m * p.n * p.k));
  });
}

void add_products() {
  for (const Product& p : kProducts) {
    add(p, "ours", [](const Product& s, Operands& x) {
      const cpu::Strided a{x.a.data(), s.transposed_a ? 1 : s.k, s.transposed_a ? s.m : 1};
      const cpu::Strided b{x.b.data(), s.transposed_b ? 1 : s.n, s.transposed_b ? s.k : 1};
      cpu::gemm(a, b, nullptr, x.c.data(), s.n, s.m, s.n, s.k, false);
    });
#ifdef WAVENET_BENCH_OPENBLAS
    add(p, "OpenBLAS", [](const Product& s, Operands& x) {
      const auto size = [](std::int64_t v) { return static_cast<int>(v); };
      cblas_sgemm(CblasRowMajor, s.transposed_a ? CblasTrans : CblasNoTrans,
                  s.transposed_b ? CblasTrans : CblasNoTrans, size(s.m), size(s.n), size(s.k), 1,
                  x.a.data(), size(s.transposed_a ? s.m : s.k), x.b.data(),
                  size(s.transposed_b ? s.k : s.n), 0, x.c.data(), size(s.n));
    });
#endif
#ifdef WAVENET_BENCH_ONEDNN
    add(p, "oneDNN", [](const Product& s, Operands& x) {
      dnnl_sgemm(s.transposed_a ? 'T' : 'N', s.transposed_b ? 'T' : 'N', s.m, s.n, s.k, 1,
                 x.a.data(), s.transposed_a ? s.m : s.k, x.b.data(), s.transposed_b ? s.k : s.n, 0,
                 x.c.data(), s.n);
    });
#endif
  }
}

}  // namespace

int main(int argc, char** argv) {
#ifdef WAVENET_BENCH_OPENBLAS
  openblas_set_num_threads(1);
#endif
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  peak = cpu::peak_gflops();
  benchmark::AddCustomContext("peak of one core, GFLOP/s", fmt::format("{:.1f}", peak));
  add_products();
  benchmark::RunSpecifiedBenchmarks();
}
