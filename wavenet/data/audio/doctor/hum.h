// Hum: what the mains leave in a recording, a steady line at 50 or 60 Hz and at multiples of it.
//
//   HumSearch search(16000);
//   search.add(block);                            // of one channel
//   if (std::optional<Hum> hum = search.finish()) { ... hum->hertz, hum->amplitude ... }
//
// It is looked for in the pauses, where nothing else sounds: frames of 0.4 s that are at least 6 dB below the
// loud ones. A low voice and a tone are not there; a line that comes and goes, or whose frequency is another by
// 0.5 Hz, is no hum. So nothing is said of sound without pauses. Left out: what follows the first half hour.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wavenet::data {

struct Hum {
  double hertz;      // 50 or 60
  double line;       // of the strongest: it or a multiple of it
  double amplitude;  // of that line
  double above;      // dB, that line above what lies around it
  double seconds;    // where the first pause begins in which it was found
  int lines;         // multiples that stand out, with itself
};

class HumSearch {
 public:
  explicit HumSearch(double rate);
  void add(std::span<const float> samples);
  std::optional<Hum> finish() const;

 private:
  void decimate();

  double rate_;
  std::size_t step_;            // samples of the sound to one of low_
  std::vector<float> window_;   // low-pass
  std::vector<float> waiting_;  // samples that are not in low_ yet
  std::vector<float> low_;      // the sound below 500 Hz, at 2 kHz or a little more
};

}  // namespace wavenet::data
