#include "wavenet/data/audio/doctor/channels.h"

#include <algorithm>
#include <numeric>

namespace wavenet::data {
namespace {

constexpr double kCancels = 0.01;       // as energy
constexpr double kSilentBeside = 1e-6;  // of the loudest channel's energy: 60 dB

}  // namespace

bool Channels::cancel() const { return mix < kCancels; }

void ChannelScan::add(std::span<const float> interleaved) {
  const std::size_t channels = energies_.size();
  for (std::size_t first = 0; first + channels <= interleaved.size(); first += channels) {
    double sum = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const auto x = static_cast<double>(interleaved[first + c]);
      energies_[c] += x * x;
      sum += x;
      identical_ = identical_ && interleaved[first + c] == interleaved[first];
    }
    mix_ += sum * sum;
  }
}

Channels ChannelScan::finish() const {
  Channels found;
  const auto count = static_cast<double>(energies_.size());
  const double all = std::accumulate(energies_.begin(), energies_.end(), 0.0);
  if (energies_.size() < 2 || all == 0) {
    return found;
  }
  found.identical = identical_;
  found.mix = mix_ / (count * count) / (all / count);
  const double loudest = *std::max_element(energies_.begin(), energies_.end());
  const auto silent = std::find_if(energies_.begin(), energies_.end(), [&](double energy) {
    return energy <= kSilentBeside * loudest;
  });
  if (silent != energies_.end()) {
    found.silent = static_cast<std::size_t>(silent - energies_.begin());
  }
  return found;
}

}  // namespace wavenet::data
