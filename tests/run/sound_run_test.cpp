// A run on sound: it stops, resumes in the same bits, and tells of sounds, files and codes.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/folder.h"
#include "tests/run/stopping.h"
#include "wavenet/data/audio/mu_law.h"
#include "wavenet/data/audio/sounds.h"
#include "wavenet/log/history.h"
#include "wavenet/models/recipes.h"
#include "wavenet/run/judge.h"
#include "wavenet/run/run.h"
#include "wavenet/train/evaluate.h"

namespace wavenet {
namespace {

constexpr std::int64_t kRate = 1000;

// Sines of a few frequencies, a second each.
std::shared_ptr<const data::Sounds> sines() {
  std::vector<data::Takes::Made> takes;
  for (int i = 0; i < 24; ++i) {
    std::vector<std::uint8_t> codes(kRate);
    for (std::size_t t = 0; t < codes.size(); ++t) {
      const double turns = (20 + i) * static_cast<double>(t) / kRate;
      codes[t] = sound::code_of(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * turns)));
    }
    takes.push_back({fmt::format("sine-{}", i), std::move(codes)});
  }
  return std::make_shared<const data::Sounds>("sines", data::Takes(kRate, std::move(takes)), 0.1);
}

const Config& notes_recipe() {
  static const Config parsed = Config::parse(R"({
    "model": {"kind": "wavenet", "embedding": 8, "residual": 10, "skip": 12,
              "dilations": [1, 2, 4, 8]},
    "data": {"format": "sound", "piece": 64},
    "train": {"steps": 60, "batch_size": 6, "shards": 3, "optimizer": "adamw",
              "schedule": "constant", "learning_rate": 0.01, "eval_every": 20, "keep": "best"}})",
                                             "notes_recipe");
  return parsed;
}

using SoundRun = InFolder;

TEST_F(SoundRun, TrainsStopsAndResumesInTheSameBits) {
  StopsAt never(-1);
  StopsAt at_27(27);
  const auto data = sines();
  run::Run whole = run::Run::begin(notes_recipe(), data, {.seed = 3}, {.threads = {2}});
  whole.keep_in(folder_ / "whole");
  EXPECT_EQ(whole.train(never), run::Outcome::finished);
  {
    run::Run begun = run::Run::begin(notes_recipe(), data, {.seed = 3});
    begun.keep_in(folder_ / "parts");
    EXPECT_EQ(begun.train(at_27, at_27.stop), run::Outcome::stopped);
  }
  run::Run resumed = run::Run::resume(folder_ / "parts", data);
  EXPECT_EQ(resumed.train(never), run::Outcome::finished);
  EXPECT_EQ(weights_of(folder_ / "parts"), weights_of(folder_ / "whole"));
  const run::Conclusion end = resumed.conclude(never);
  EXPECT_LT(end.val, resumed.marks().unigram - 0.3);
  whole.conclude(never);
  EXPECT_EQ(content_of(folder_ / "parts" / "details.jsonl"),
            content_of(folder_ / "whole" / "details.jsonl"));
}

TEST_F(SoundRun, TellsOfSoundsFilesAndCodes) {
  StopsAt never(-1);
  const auto data = sines();
  run::Run run = run::Run::begin(notes_recipe(), data, {.seed = 3});
  run.keep_in(folder_ / "run");
  run.train(never);
  const run::Conclusion end = run.conclude(never);
  const History told = read_history(folder_ / "run");
  EXPECT_EQ(told.info.unit, "sample");
  const auto drawn = std::count_if(told.sounds.begin(), told.sounds.end(),
                                   [](const SoundRecord& sound) { return sound.drawn(); });
  EXPECT_EQ(drawn, 3 * 2);  // at each evaluation
  for (const SoundRecord& sound : told.sounds) {
    EXPECT_EQ(sound.rate, kRate);
    EXPECT_EQ(sound.codes.size(), sound.drawn() ? 2 * kRate : kRate);
  }
  ASSERT_EQ(told.codes.size(), 1U);
  ASSERT_EQ(told.file_losses.size(), 1U);
  double sum = 0;
  double samples = 0;
  for (const FileLossRecord::File& file : told.file_losses[0].files) {
    sum += file.loss * static_cast<double>(file.samples);
    samples += static_cast<double>(file.samples);
  }
  EXPECT_NEAR(sum / samples, end.val, 1e-12);
}

// The loss of a file is that of its codes one by one, in f64, after silence.
TEST_F(SoundRun, IsJudgedAfterSilence) {
  const auto data = sines();
  run::Run run = run::Run::begin(notes_recipe(), data, {.seed = 3});
  for (int i = 0; i < 10; ++i) {
    run.step();
  }
  models::Model& model = run.model();
  model.eval();
  EXPECT_EQ(model.before(), sound::kSilence);
  double sum = 0;
  double count = 0;
  for (const data::Take& take : data->part("val")) {
    std::vector<std::int32_t> inputs{sound::kSilence};
    inputs.insert(inputs.end(), take.codes.begin(), take.codes.end() - 1);
    const auto length = static_cast<std::int64_t>(inputs.size());
    const Tensor logits = model.logits(Tensor::from(inputs, {1, length}));
    for (std::int64_t t = 0; t < length; ++t) {
      const float* row = logits.data<float>() + t * sound::kCodes;
      double all = 0;
      for (std::int64_t code = 0; code < sound::kCodes; ++code) {
        all += std::exp(static_cast<double>(row[code]));
      }
      sum += std::log(all) - static_cast<double>(row[take.codes[static_cast<std::size_t>(t)]]);
    }
    count += static_cast<double>(length);
  }
  EXPECT_NEAR(run::loss_of(model, *data, "val", 2), sum / count, 1e-5);
}

TEST_F(SoundRun, ACodecThatIsNoSoundIsRefused) {
  const auto names = data::open(models::load_recipe("wavenet-names"), "");
  const Config notes_recipe = models::load_recipe("wavenet-speech");
  const std::string problem =
      problem_of([&] { data::open(notes_recipe, folder_, {.codec = names->codec()}); });
  EXPECT_EQ(problem, "the model reads characters, and the data is sound");
}

}  // namespace
}  // namespace wavenet
