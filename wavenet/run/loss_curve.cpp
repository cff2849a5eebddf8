#include "wavenet/run/loss_curve.h"

#include <algorithm>

#include "wavenet/train/evaluate.h"

namespace wavenet::run {

// The sample before which so many pieces end.
std::int64_t LossCurve::border(std::int64_t pieces) const {
  return std::max(pieces, pieces * rate_ / kPiecesASecond);
}

void LossCurve::add(double loss) {
  sum_ += loss;
  if (++samples_ == border(std::ssize(pieces_) + 1)) {
    finish();
  }
}

void LossCurve::finish() {
  const std::int64_t begin = border(std::ssize(pieces_));
  if (samples_ > begin) {
    pieces_.push_back({static_cast<double>(begin) / static_cast<double>(rate_),
                       sum_ / static_cast<double>(samples_ - begin)});
    sum_ = 0;
  }
}

SoundLoss sound_loss(models::Model& model, std::span<const std::uint8_t> codes, std::int64_t rate,
                     int threads, const Between& between) {
  output::Score score;
  LossCurve curve(rate);
  train::losses(model, codes, threads, [&](std::span<const double> losses) {
    for (const double loss : losses) {
      score.sum += loss;
      curve.add(loss);
    }
    score.weight += static_cast<double>(losses.size());
    if (between) {
      between(score.weight / static_cast<double>(codes.size()));
    }
  });
  curve.finish();
  return {score, curve.pieces()};
}

}  // namespace wavenet::run
