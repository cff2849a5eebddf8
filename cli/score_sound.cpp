// wavenet score, of a model of sound: how surprised it is by files, sample by sample.
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "wavenet/train/evaluate.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kPiecesASecond = 100;  // of a curve

// The mean loss of every 10 ms; the last may be shorter.
class Curve {
 public:
  struct Piece {
    double seconds;  // where it begins
    double loss;
  };
  explicit Curve(std::int64_t rate) : rate_(rate) {}
  void add(double loss) {
    sum_ += loss;
    if (++samples_ == border(std::ssize(pieces_) + 1)) {
      finish();
    }
  }
  void finish() {
    const std::int64_t begin = border(std::ssize(pieces_));
    if (samples_ > begin) {
      pieces_.push_back({static_cast<double>(begin) / static_cast<double>(rate_),
                         sum_ / static_cast<double>(samples_ - begin)});
      sum_ = 0;
    }
  }
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  // The sample before which so many pieces end. None is shorter than a sample.
  std::int64_t border(std::int64_t pieces) const {
    return std::max(pieces, pieces * rate_ / kPiecesASecond);
  }

  std::int64_t rate_;
  std::int64_t samples_ = 0;
  double sum_ = 0;  // of the piece begun
  std::vector<Piece> pieces_;
};

class SoundScorer {
 public:
  SoundScorer(const ScoreArguments& arguments, run::State& opened, std::int64_t rate)
      : arguments_(arguments), opened_(opened), rate_(rate) {}
  // A file that cannot be scored is told, and no other suffers.
  void score(const std::string& path);
  // The mean, where there are several. Throws Error where a file could not be scored.
  void finish() const;

 private:
  output::Score judge(const std::string& path, const std::vector<std::uint8_t>& codes,
                      Curve& curve);
  // `json` begins the object that tells the same.
  void print(Json json, const std::string& name, const output::Score& score,
             const std::vector<Curve::Piece>& curve) const;
  double seconds(double samples) const { return samples / static_cast<double>(rate_); }

  const ScoreArguments& arguments_;
  run::State& opened_;
  std::int64_t rate_;
  output::Score all_;
  std::int64_t scored_ = 0;
  std::int64_t failed_ = 0;
  std::string problem_;  // of the last that failed
};

output::Score SoundScorer::judge(const std::string& path, const std::vector<std::uint8_t>& codes,
                                 Curve& curve) {
  output::Score score;
  Phase phase("scoring " + path);
  train::losses(*opened_.model, codes, threads_or_all(0), [&](std::span<const double> losses) {
    for (const double loss : losses) {
      score.sum += loss;
      curve.add(loss);
    }
    score.weight += static_cast<double>(losses.size());
    phase(score.weight / static_cast<double>(codes.size()));
  });
  curve.finish();
  return score;
}

void SoundScorer::score(const std::string& path) {
  try {
    const std::vector<std::uint8_t> codes =
        codes_of_file(path, rate_, std::numeric_limits<std::int64_t>::max());
    Curve curve(rate_);
    const output::Score score = judge(path, codes, curve);
    print({{"file", path}}, path, score,
          arguments_.curve ? curve.pieces() : std::vector<Curve::Piece>());
    all_.sum += score.sum;
    all_.weight += score.weight;
    ++scored_;
  } catch (const Error& error) {
    ++failed_;
    problem_ = error.what();
    if (arguments_.json) {
      fmt::print("{}", json_line(Json{{"file", path}, {"error", problem_}}));
    } else if (arguments_.texts.size() > 1) {
      say::error(problem_);
    }
  }
}

void SoundScorer::print(Json json, const std::string& name, const output::Score& score,
                        const std::vector<Curve::Piece>& curve) const {
  const double bits = score.mean() / std::numbers::ln2;
  if (arguments_.json) {
    json.update(Json{{"loss", score.mean()},
                     {"bits", bits},
                     {"samples", static_cast<std::int64_t>(score.weight)},
                     {"seconds", seconds(score.weight)}});
    for (const Curve::Piece& piece : curve) {
      json["curve"].push_back({{"time", piece.seconds}, {"loss", piece.loss}});
    }
    fmt::print("{}", json_line(json));
    return;
  }
  fmt::print("{:.4f} nats  {:.4f} bits  {:.0f} samples  {:.3f} s  {}\n", score.mean(), bits,
             score.weight, seconds(score.weight), name);
  for (const Curve::Piece& piece : curve) {
    fmt::print("  {:.2f}  {:.4f}\n", piece.seconds, piece.loss);
  }
}

void SoundScorer::finish() const {
  if (scored_ > 1) {
    print({{"files", scored_}}, fmt::format("all {} files", scored_), all_, {});
  }
  check(failed_ == 0 || arguments_.texts.size() == 1, "score: {} of {} files could not be scored",
        failed_, arguments_.texts.size());
  check(failed_ == 0, "{}", problem_);
}

}  // namespace

int score_sound(const ScoreArguments& arguments, run::State& opened, std::int64_t rate) {
  check_usage(!arguments.texts.empty(),
              "score: {} is a model of sound, and no file of sound is named", arguments.model);
  SoundScorer scorer(arguments, opened, rate);
  for (const std::string& path : arguments.texts) {
    scorer.score(path);
  }
  scorer.finish();
  return 0;
}

}  // namespace cli
