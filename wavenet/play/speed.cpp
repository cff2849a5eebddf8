#include "wavenet/play/speed.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/split_mix.h"

namespace wavenet::play {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<float> noise(std::int64_t samples) {
  std::vector<float> all;
  for (std::int64_t t = 0; t < samples; ++t) {
    const double unit = unit_interval(split_mix(static_cast<std::uint64_t>(t)));
    all.push_back(static_cast<float>(unit - 0.5));
  }
  return all;
}

std::vector<double> times_of(Player& player, std::span<const float> in, double seconds) {
  std::vector<float> out(in.size());
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  Clock::time_point before = start;
  while (times.empty() || std::chrono::duration<double>(before - start).count() < seconds) {
    player.process(in, out);
    const Clock::time_point now = Clock::now();
    times.push_back(std::chrono::duration<double>(now - before).count());
    before = now;
  }
  return times;
}

}  // namespace

BlockTimes block_times(Player& player, std::int64_t block, double seconds) {
  check_usage(block > 0, "a block has at least one sample, got {}", block);
  check_usage(seconds > 0 && seconds <= 3600, "seconds: must be above 0 and at most 3600, got {}",
              seconds);
  const std::vector<float> in = noise(block);
  times_of(player, in, seconds / 10);
  std::vector<double> times = times_of(player, in, seconds);
  std::sort(times.begin(), times.end());
  const auto longer = static_cast<std::size_t>(std::ssize(times) / 1000);
  return {times[times.size() / 2], times[times.size() - 1 - longer], times.back(),
          std::ssize(times)};
}

}  // namespace wavenet::play
