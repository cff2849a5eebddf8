// Network: a model as lines and the steps between them, which a block of samples goes through.
//
//   Network network(amp);              // amp: a nam::Model
//   network.run(in, out);              // two spans of at most kBlock samples
//
// All models are made of the same few steps: a convolution, the mixin beside it, a residual and a head
// are sums of taps; scales that never change are part of the weights. Left out: blocks of any length and
// the steady state (player.h), and speed, which is the kernels'.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <vector>

#include "wavenet/nam/model.h"
#include "wavenet/play/steps.h"

namespace wavenet::play {

class Network {
 public:
  // Of one channel in and out; all it remembers is zero, but the state of an LSTM, which is its file's.
  // Of a container the last model.
  explicit Network(const nam::Model& model);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // in may be out.
  void run(std::span<const float> in, std::span<float> out) noexcept;
  // What it remembers now; back to it, at any time.
  void keep();
  void restore() noexcept;

 private:
  std::deque<Line> lines_;
  std::vector<Line*> looking_back_;
  Steps steps_;
  Channels in_;
  Channels out_;
};

// Where the steps of a model are put, and what lies between them.
class Site {
 public:
  Site(Steps& steps, std::deque<Line>& lines) : steps_(steps), lines_(lines) {}

  Steps& steps() { return steps_; }
  Channels line(std::int64_t channels);
  // Lines for what is read by the next few steps alone, and is overwritten then: they stay in the cache.
  enum class Use { sums, mixin, before, map };
  Channels scratch(Use use, std::int64_t channels);

  Channels convolved(const nam::Convolution& conv, const Channels& x, const Channels& to,
                     const Channels& addend = {});

 private:
  Steps& steps_;
  std::deque<Line>& lines_;
  std::map<Use, Line*> scratch_;
};

// The model's steps; gives the channels that they write.
Channels build(Site& site, const nam::Model& model, const Channels& x);
Channels build(Site& site, const nam::WaveNet& net, const Channels& x);

}  // namespace wavenet::play
