// Player: an amplifier model played in real time, one channel of samples in and one out.
//
//   auto player = play::Player::of(nam::read("plexi.nam"));
//   player->process(in, out);        // on the audio thread, block after block
//   player->reset();                 // as after endless silence
//
// It begins in the steady state of silence: the answer to silence is constant from the first sample on,
// and seldom 0. However the sound is cut into blocks, the answer has the same bits. No sample is late.
// Threads: one at a time. Left out: resampling to the model's rate, levels in dBu, and several channels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "wavenet/nam/model.h"

namespace wavenet::play {

struct PlayOptions {
  double size = 1;  // in [0, 1], of a model that can be had in several: 0 the smallest, 1 the whole
};

class Player {
 public:
  // Throws Error (usage) for a size beyond [0, 1], (shape) for a model of several channels.
  static std::unique_ptr<Player> of(const nam::Model& model, const PlayOptions& options = {});
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  // As many samples out as in, at the model's rate; out may be in. Real-time safe: no memory is asked
  // for, no lock taken, nothing thrown, no thread's own variable read; numbers too small to be normal
  // count as 0. A NaN stays until as many samples have come as the model looks back.
  void process(std::span<const float> in, std::span<float> out) noexcept;
  // Real-time safe too.
  void reset() noexcept;

  std::optional<double> sample_rate() const;  // in Hz; none: the model does not say
  // How many samples of the input an answer depends on, the present among them; 0: any number.
  std::int64_t receptive_field() const;

 private:
  struct State;
  explicit Player(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wavenet::play
