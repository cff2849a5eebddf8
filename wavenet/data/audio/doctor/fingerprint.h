// Fingerprints: words that tell a passage of sound by how its spectrum changes, whatever its level, and the
// files that share them (Haitsma and Kalker 2002, A highly robust audio fingerprinting system).
//
//   Fingerprinter maker(8000);
//   maker.add(block);                                  // of one channel
//   Fingerprints all;
//   all.add(7, maker.finish());                        // file 7
//   for (const Resemblance& pair : all.resemblances()) { ... pair.earlier, pair.later ... }
//
// A word has 20 bits: in each of 20 pairs of neighbouring bands, whether the lower one gained on the upper one
// within 64 ms. Hops last 8 ms. Two files that share many words at one distance in time are candidates for the
// same take; whether they are is for compare.h to say. Left out: takes played at another speed.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wavenet/sound/spectrum.h"

namespace wavenet::data {

struct FingerprintWord {
  std::uint32_t word;
  std::int32_t hop;
};

class Fingerprinter {
 public:
  explicit Fingerprinter(double rate);
  void add(std::span<const float> samples);
  // Of the passages within 30 dB of the loudest; of a long file a part, the same in each file.
  std::vector<FingerprintWord> finish() const;
  double hop_seconds() const;

 private:
  void see_frame(std::span<const float> frame);

  double low_rate_;
  std::size_t step_;  // samples of the sound to one that is looked at: about 8 kHz
  double sum_ = 0;    // of the samples of one step
  std::size_t summed_ = 0;
  std::vector<float> waiting_;
  sound::Fourier transform_;
  std::vector<std::size_t> edges_;         // bins at which bands begin and end
  std::vector<std::vector<double>> past_;  // differences of bands, of the frames before
  std::int32_t hops_ = 0;
  std::vector<std::pair<FingerprintWord, float>> words_;  // with the frame's energy
};

struct Resemblance {
  std::size_t earlier;  // as given to add()
  std::size_t later;
  std::int32_t distance;  // hops, of a passage in `later` after the same one in `earlier`
  std::int32_t hop;       // in `later`, where they first agree
  std::size_t words;      // that agree
};

class Fingerprints {
 public:
  // Files come in growing order.
  void add(std::size_t file, const std::vector<FingerprintWord>& words);
  // For each file those before it that it resembles most: at most three.
  std::vector<Resemblance> resemblances();

 private:
  struct Entry {
    std::uint32_t word;
    std::uint32_t file;
    std::int32_t hop;
  };
  std::vector<Resemblance> earlier_like(std::span<const Entry> words) const;

  std::vector<Entry> entries_;  // by file and hop
  std::vector<Entry> by_word_;  // by word, file and hop
};

}  // namespace wavenet::data
