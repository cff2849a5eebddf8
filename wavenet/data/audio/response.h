// Response: how one sound answers another, as far as a linear filter tells.
//
//   const data::Response answer = data::response(in, out, {.earliest = -1000, .latest = 10'000});
//   answer.onset     // samples by which `out` is later
//   answer.inverted  // its polarity
//   data::linear_share(in, out, answer.onset)   // of out's power: 1 a filter, 0 nothing to do with `in`
//
// The impulse response is that of a Wiener filter: mutual over own spectrum of the input, both means over
// frames (Welch 1967), and a thousandth of the latter's mean added to it. Left out: what is not linear, which
// lowers both.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace wavenet::data {

struct Lags {
  std::int64_t earliest = -1000;
  std::int64_t latest = 10'000;
};

struct Response {
  std::int64_t peak = 0;   // the lag of the response's largest size
  std::int64_t onset = 0;  // the first lag, at most 64 before it, of a quarter of that size
  bool inverted = false;   // the peak lies below zero
  double prominence = 0;   // of the peak over the RMS of all lags: of unrelated noise about 4
};

// Throws Error unless both are of one length, and that is 4 times the range of lags at least.
Response response(std::span<const float> in, std::span<const float> out, const Lags& lags);
// The mean coherence, weighted by the output's power, where `out` is moved back by `delay`.
double linear_share(std::span<const float> in, std::span<const float> out, std::int64_t delay);

}  // namespace wavenet::data
