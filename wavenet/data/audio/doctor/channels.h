// Channels: what becomes of a sound's channels when they are mixed to one.
//
//   ChannelScan scan(2);
//   scan.add(interleaved);
//   Channels channels = scan.finish();
//   channels.mix                 // gain of the mix over its channels, as energy: 1 identical, 0 cancel
//
// Left out: which channels belong together; of more than two, all are taken at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wavenet::data {

struct Channels {
  bool identical = false;               // to the last bit
  double mix = 1;                       // energy of the mix / mean energy of the channels
  std::optional<std::size_t> silent{};  // the first channel that is, beside others that are not
  bool cancel() const;                  // the mix is 20 dB below its channels, or lower
};

class ChannelScan {
 public:
  explicit ChannelScan(std::size_t channels) : energies_(channels) {}
  void add(std::span<const float> interleaved);  // all finite
  Channels finish() const;

 private:
  std::vector<double> energies_;
  double mix_ = 0;
  bool identical_ = true;
};

}  // namespace wavenet::data
