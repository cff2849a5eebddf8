// The kernels of a training step at the shapes that the recipes meet, beside OpenBLAS and oneDNN
// where they are installed: GFLOP/s and percent of the peak of one core, or GB/s.
//
//   OMP_NUM_THREADS=1 build/release/bench/kernels [--benchmark_filter=gemm]
//
// Names: gemm, conv or sweep; what it is; the shape; who computes it.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/kernels/cases.h"
#include "wavenet/backend/cpu/peak.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  const double peak = wavenet::cpu::peak_gflops();
  benchmark::AddCustomContext("peak of one core, GFLOP/s", fmt::format("{:.1f}", peak));
  wavenet::bench::set_peak(peak);
  wavenet::bench::add_products();
  wavenet::bench::add_convolutions();
  wavenet::bench::add_batch_norm();
  wavenet::bench::add_sweeps();
  benchmark::RunSpecifiedBenchmarks();
}
