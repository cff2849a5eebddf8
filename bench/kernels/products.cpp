// Products of matrices: c = a b, with a and b as they stand in memory or transposed.
#include <fmt/format.h>

#include <memory>

#include "bench/kernels/cases.h"
#include "wavenet/backend/cpu/kernels.h"

#ifdef WAVENET_BENCH_OPENBLAS
#include <cblas.h>
extern "C" void openblas_set_num_threads(int);
#endif
#ifdef WAVENET_BENCH_ONEDNN
#include <dnnl.h>
#endif

namespace wavenet::bench {
namespace {

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
      : a(noise(p.m * p.k, 1)), b(noise(p.k * p.n, 2)), c(zeros(p.m * p.n)) {}
  Buffer a;
  Buffer b;
  Buffer c;
};

template <class Multiply>
Side side(const char* who, const Product& p, const Multiply& multiply) {
  const auto x = std::make_shared<Operands>(p);
  return {who, [=] { multiply(p, *x); }, [=] { return x->c; }};
}

void multiply_ours(const Product& p, Operands& x) {
  const cpu::Strided a{x.a.data(), p.transposed_a ? 1 : p.k, p.transposed_a ? p.m : 1};
  const cpu::Strided b{x.b.data(), p.transposed_b ? 1 : p.n, p.transposed_b ? p.k : 1};
  cpu::gemm(a, b, nullptr, {}, x.c.data(), p.n, p.m, p.n, p.k);
}

#ifdef WAVENET_BENCH_OPENBLAS
void multiply_openblas(const Product& p, Operands& x) {
  const auto size = [](std::int64_t v) { return static_cast<int>(v); };
  cblas_sgemm(CblasRowMajor, p.transposed_a ? CblasTrans : CblasNoTrans,
              p.transposed_b ? CblasTrans : CblasNoTrans, size(p.m), size(p.n), size(p.k), 1,
              x.a.data(), size(p.transposed_a ? p.m : p.k), x.b.data(),
              size(p.transposed_b ? p.k : p.n), 0, x.c.data(), size(p.n));
}
#endif

#ifdef WAVENET_BENCH_ONEDNN
void multiply_onednn(const Product& p, Operands& x) {
  dnnl_sgemm(p.transposed_a ? 'T' : 'N', p.transposed_b ? 'T' : 'N', p.m, p.n, p.k, 1, x.a.data(),
             p.transposed_a ? p.m : p.k, x.b.data(), p.transposed_b ? p.k : p.n, 0, x.c.data(),
             p.n);
}
#endif

}  // namespace

void add_products() {
#ifdef WAVENET_BENCH_OPENBLAS
  openblas_set_num_threads(1);
#endif
  for (const Product& p : kProducts) {
    std::vector<Side> sides{side("ours", p, multiply_ours)};
#ifdef WAVENET_BENCH_OPENBLAS
    sides.push_back(side("OpenBLAS", p, multiply_openblas));
#endif
#ifdef WAVENET_BENCH_ONEDNN
    sides.push_back(side("oneDNN", p, multiply_onednn));
#endif
    const std::string shape = fmt::format("{} {} {} {}{}", p.m, p.n, p.k,
                                          p.transposed_a ? 't' : 'n', p.transposed_b ? 't' : 'n');
    add("gemm", p.where, shape, multiply_adds(p.m * p.n * p.k), sides);
  }
}

}  // namespace wavenet::bench
