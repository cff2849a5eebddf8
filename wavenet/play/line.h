// Line: some channels of samples as they go through a player, the present block and, where somebody
// looks back, what stood before it.
//
//   past         | block
//   ... x x x x  | x x x        a row a channel, its samples side by side
//                ^ now(channel)
//
// The block moves along rows that are longer than the past, and only where it comes to their end is the
// past copied to their beginning: what is read stays in one piece, and little is copied.
#pragma once

#include <cstdint>
#include <vector>

#include "wavenet/tensor/view.h"

namespace wavenet::play {

inline constexpr std::int64_t kBlock = 64;  // samples that go through a player at once, at most

class Line {
 public:
  explicit Line(std::int64_t channels) : channels_(channels) {}

  std::int64_t channels() const { return channels_; }
  std::int64_t row() const { return row_; }  // floats from one channel to the next
  bool looks_back() const { return past_ > 0; }

  // Before lay_out: so many channels are needed; so many samples before the present one are read.
  void widen(std::int64_t channels);
  void reach(std::int64_t past);
  // Gets its memory, all zeros.
  void lay_out();

  float* now(std::int64_t channel) { return begin_ + channel * row_; }
  // Of the first block: makes room for so many samples. Then, behind them: they have become the past.
  void open(std::int64_t samples) noexcept;
  void close(std::int64_t samples) noexcept { begin_ += samples; }

  // Goes back, at any time, to the past that it had at the last keep().
  void keep();
  void restore() noexcept;

 private:
  void move_to_front() noexcept;

  std::int64_t channels_;
  std::int64_t past_ = 0;
  std::int64_t row_ = 0;
  std::vector<float> memory_;
  float* begin_ = nullptr;   // of the block, in the first channel
  std::vector<float> kept_;  // [channels, past]
};

// Some of a line's channels, as a kernel sees them; or none, an empty view.
class Channels {
 public:
  Channels() = default;
  explicit Channels(Line& line) : Channels(line, 0, line.channels()) {}
  Channels(Line& line, std::int64_t first, std::int64_t count);

  Line& line() const { return *line_; }
  std::int64_t first() const { return first_; }
  std::int64_t count() const { return count_; }
  Channels part(std::int64_t first, std::int64_t count) const {
    return {*line_, first_ + first, count};
  }

  // [count, samples], from `back` samples before the block on; valid until the next.
  const View& of(std::int64_t samples, std::int64_t back = 0) noexcept;

 private:
  Line* line_ = nullptr;
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
  View view_;
};

}  // namespace wavenet::play
