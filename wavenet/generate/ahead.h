// Ahead (a look-ahead buffer): what a convolution's older taps give for the steps to come.
//
//   K = 2, D = 4, at t: tap 0 will read x(t-4), x(t-3), x(t-2), x(t-1), all of which have been:
//   one product of four rows gives what four steps need, and reads the tap's weights once
//
//   if (ahead.is_empty()) { write(ahead.begin(4)); }   // four steps
//   read(ahead.now());
//   ahead.advance();
//
// The bits are those of one product a step. It follows from a ring, and must forget where one is
// written otherwise than step by step. Left out: what is computed (products.h).
#pragma once

#include <cstdint>
#include <vector>

namespace wavenet::generate {

class Ahead {
 public:
  // Room for `steps` of `size` floats each.
  Ahead(std::int64_t steps, std::int64_t size)
      : room_(steps), size_(size), values_(static_cast<std::size_t>(steps * size)) {}

  std::int64_t room() const { return room_; }
  bool is_empty() const { return now_ == end_; }
  // Where the next `steps` are to be written, one behind the other; as many as there is room for.
  float* begin(std::int64_t steps) {
    now_ = 0;
    end_ = steps;
    return values_.data();
  }
  const float* now() const { return values_.data() + now_ * size_; }
  void advance() { now_ = is_empty() ? now_ : now_ + 1; }
  void forget() { now_ = end_ = 0; }

 private:
  std::int64_t room_;
  std::int64_t size_;
  std::int64_t now_ = 0;
  std::int64_t end_ = 0;
  std::vector<float> values_;
};

}  // namespace wavenet::generate
