// How long amplifier models take for a block on one core, and the same models as files for other players.
//
//   build/release/bench/player [--write DIR]   ->   {"model":"standard","us_per_block":31.2,"us_rare":33.0,"us_worst":40.1} ...
//
// Weights are random, which cost as much as learned ones; --write leaves standard.nam, a2_full.nam and
// a2_lite.nam in DIR. Blocks of 64 samples, the best median of ten tries of 0.3 s, and of that try what one
// block in 1000 takes longer than, and its worst. bench/player.sh measures the reference player in the same minutes.
#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "wavenet/base/split_mix.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/shapes.h"
#include "wavenet/nam/write.h"
#include "wavenet/play/speed.h"

namespace {

using namespace wavenet;

constexpr std::int64_t kBlock = 64;
constexpr int kTries = 10;

nam::Model made_up(nam::WaveNet net) {
  nam::Model model{.sample_rate = 48000, .net = std::move(net)};
  std::vector<float> weights(static_cast<std::size_t>(nam::weight_count(model)));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = 0.4F * static_cast<float>(unit_interval(split_mix(i)) - 0.5);
  }
  weights.back() = 0.02F;  // the scale of the head
  nam::set_weights(model, weights);
  return model;
}

play::BlockTimes best_of(const nam::Model& model) {
  const auto player = play::Player::of(model);
  play::BlockTimes best = play::block_times(*player, kBlock, 0.3);
  for (int i = 1; i < kTries; ++i) {
    const play::BlockTimes times = play::block_times(*player, kBlock, 0.3);
    best = times.median < best.median ? times : best;
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const std::pair<const char*, nam::Model> models[] = {{"standard", made_up(nam::standard())},
                                                       {"a2_full", made_up(nam::a2_full())},
                                                       {"a2_lite", made_up(nam::a2_lite())}};
  const bool writes = argc == 3 && std::string_view(argv[1]) == "--write";
  for (const auto& [name, model] : models) {
    if (writes) {
      nam::write(std::filesystem::path(argv[2]) / fmt::format("{}.nam", name), model);
      continue;
    }
    const play::BlockTimes times = best_of(model);
    fmt::print(
        "{{\"model\":\"{}\",\"us_per_block\":{:.2f},\"us_rare\":{:.2f},\"us_worst\":{:.2f}}}\n",
        name, 1e6 * times.median, 1e6 * times.rare, 1e6 * times.worst);
  }
}
