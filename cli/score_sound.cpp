// wavenet score, of a model of sound: how surprised it is by files, sample by sample.
#include <functional>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "wavenet/data/audio/heard.h"
#include "wavenet/run/loss_curve.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

using Curve = std::vector<run::LossCurve::Piece>;

class SoundScorer {
 public:
  SoundScorer(const ScoreArguments& arguments, run::State& opened, std::int64_t rate)
      : arguments_(arguments), opened_(opened), rate_(rate) {}
  // A file that cannot be scored is told, and no other suffers.
  void score(const std::string& path);
  // The mean, where there are several. Throws Error where a file could not be scored.
  void finish() const;

 private:
  // `json` begins the object that tells the same.
  void print(Json json, const std::string& name, const output::Score& score,
             const Curve& curve) const;
  double seconds(double samples) const { return samples / static_cast<double>(rate_); }

  const ScoreArguments& arguments_;
  run::State& opened_;
  std::int64_t rate_;
  output::Score all_;
  std::int64_t scored_ = 0;
  std::int64_t failed_ = 0;
  std::string problem_;  // of the last that failed
};

void SoundScorer::score(const std::string& path) {
  try {
    const data::Heard heard = data::hear(path, rate_);
    tell(heard);
    Phase phase("scoring " + path);
    const auto [score, curve] =
        run::sound_loss(*opened_.model, heard.codes, rate_, threads_or_all(0), std::ref(phase));
    print({{"file", path}}, path, score, arguments_.curve ? curve : Curve());
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
                        const Curve& curve) const {
  const double bits = score.mean() / std::numbers::ln2;
  if (arguments_.json) {
    json.update(Json{{"loss", score.mean()},
                     {"bits", bits},
                     {"samples", static_cast<std::int64_t>(score.weight)},
                     {"seconds", seconds(score.weight)}});
    for (const run::LossCurve::Piece& piece : curve) {
      json["curve"].push_back({{"time", piece.seconds}, {"loss", piece.loss}});
    }
    fmt::print("{}", json_line(json));
    return;
  }
  fmt::print("{:.4f} nats  {:.4f} bits  {:.0f} samples  {:.3f} s  {}\n", score.mean(), bits,
             score.weight, seconds(score.weight), name);
  for (const run::LossCurve::Piece& piece : curve) {
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
