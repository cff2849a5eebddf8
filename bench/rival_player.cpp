// The reference player of .nam files, asked as bench/player.cpp asks ours; bench/player.sh builds it.
//
//   rival_player MODEL.nam [exact]          ->   {"us_per_block":31.2,"us_rare":33.0,"us_worst":40.1}
//   rival_player MODEL.nam play N <IN >OUT  ->   f32 samples, in blocks of N
//
// It times its fast tanh, which its plugin uses, unless told otherwise, and plays by the exact one.
#include <NAM/activations.h>
#include <NAM/dsp.h>
#include <NAM/get_dsp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Activation = nam::activations::Activation;

constexpr int kBlock = 64;
constexpr int kTries = 10;
constexpr double kSeconds = 0.3;

struct Times {
  double median;
  double rare;  // what one block in 1000 takes longer than
  double worst;
};

Times times_of(nam::DSP& model) {
  std::vector<float> in;
  for (int i = 0; i < kBlock; ++i) {
    in.push_back(static_cast<float>((i * 37 + 11) % kBlock) / kBlock - 0.5F);
  }
  std::vector<float> out(kBlock);
  float* ins[] = {in.data()};
  float* outs[] = {out.data()};
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  for (Clock::time_point before = start;
       std::chrono::duration<double>(before - start).count() < kSeconds;) {
    model.process(ins, outs, kBlock);
    const Clock::time_point now = Clock::now();
    times.push_back(1e6 * std::chrono::duration<double>(now - before).count());
    before = now;
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times[times.size() - 1 - times.size() / 1000], times.back()};
}

void play(nam::DSP& model, int block) {
  std::vector<float> in(static_cast<std::size_t>(block));
  std::vector<float> out(in.size());
  float* ins[] = {in.data()};
  float* outs[] = {out.data()};
  for (std::size_t got = 0; (got = std::fread(in.data(), sizeof(float), in.size(), stdin)) > 0;) {
    model.process(ins, outs, static_cast<int>(got));
    std::fwrite(out.data(), sizeof(float), got, stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 2 ? argv[2] : "";
  if (how.empty()) {
    Activation::enable_fast_tanh();
  } else {
    Activation::disable_fast_tanh();
  }
  const int block = how == "play" ? std::atoi(argv[3]) : kBlock;
  const auto model = nam::get_dsp(std::filesystem::path(argv[1]));
  model->Reset(48'000, block);
  if (how == "play") {
    play(*model, block);
    return 0;
  }
  Times best = times_of(*model);
  for (int i = 1; i < kTries; ++i) {
    const Times times = times_of(*model);
    best = times.median < best.median ? times : best;
  }
  std::printf("{\"us_per_block\":%.2f,\"us_rare\":%.2f,\"us_worst\":%.2f}\n", best.median,
              best.rare, best.worst);
}
