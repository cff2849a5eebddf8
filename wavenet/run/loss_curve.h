// LossCurve: the loss of a sound over time, as the mean of every hundredth of a second; and the loss of
// a model on one sound, with it.
//
//   const run::SoundLoss heard = run::sound_loss(*model, codes, /*rate=*/8000, threads);
//   heard.score.mean();                                          // nats a sample
//   for (const auto& piece : heard.curve) { print(piece.seconds, piece.loss); }
//
// Left out: losses of whole datasets (judge.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/base/stop.h"
#include "wavenet/models/model.h"

namespace wavenet::run {

class LossCurve {
 public:
  static constexpr std::int64_t kPiecesASecond = 100;
  struct Piece {
    double seconds;  // where it begins
    double loss;     // the mean
  };

  // Samples a second. A piece is never shorter than a sample.
  explicit LossCurve(std::int64_t rate) : rate_(rate) {}
  void add(double loss);
  // The last piece may be shorter than the others.
  void finish();
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  std::int64_t border(std::int64_t pieces) const;

  std::int64_t rate_;
  std::int64_t samples_ = 0;
  double sum_ = 0;  // of the piece begun
  std::vector<Piece> pieces_;
};

struct SoundLoss {
  output::Score score;
  std::vector<LossCurve::Piece> curve;
};

// The model is judged in evaluation mode, on all codes after model.before() for ever.
SoundLoss sound_loss(models::Model& model, std::span<const std::uint8_t> codes, std::int64_t rate,
                     int threads, const Between& between = {});

}  // namespace wavenet::run
