// A kind of data that the library does not know, with a codec of its own: waves as levels. All of it
// stands in this file, and a Run trains, stops, resumes, judges and shows it like any other.
#include <cmath>
#include <map>
#include <sstream>

#include "tests/folder.h"
#include "tests/run/stopping.h"
#include "wavenet/base/hash.h"
#include "wavenet/wavenet.h"

namespace wavenet {
namespace {

constexpr std::int64_t kLevels = 16;
constexpr std::int64_t kLength = 40;

// Levels of a wave, 0 the lowest; shown as letters.
class Levels : public data::Codec {
 public:
  explicit Levels(std::int64_t count) : count_(count) {
    check(count >= 2, "levels: at least 2, got {}", count);
  }
  std::string kind() const override { return "levels"; }
  std::int64_t size() const override { return count_; }
  std::string saved() const override { return std::to_string(count_); }
  std::string decode(std::span<const std::int32_t> codes) const override {
    std::string shown;
    for (const std::int32_t code : codes) {
      shown += static_cast<char>('a' + code);
    }
    return shown;
  }

 private:
  std::int64_t count_;
};

// Sines of many frequencies, a line of the file each.
class Waves : public data::Dataset {
 public:
  explicit Waves(const data::File& file)
      : Dataset(file.path, fingerprint_of(content_of(file.path)),
                std::make_shared<Levels>(kLevels)) {
    std::ifstream lines(file.path);
    for (double frequency = 0; lines >> frequency;) {
      data::Sequence wave;
      for (std::int64_t t = 0; t < kLength; ++t) {
        const double x = std::sin(frequency * static_cast<double>(t));
        wave.push_back(static_cast<std::int32_t>((x + 1) / 2 * (kLevels - 1) + 0.5));
      }
      (waves_["train"].size() < 40 ? waves_["train"] : waves_["val"]).push_back(wave);
    }
  }
  std::string summary() const override { return "waves"; }
  std::vector<Fact> facts() const override { return {{"source", source()}, {"levels", kLevels}}; }
  Marks marks(const std::string& part) const override {
    return {.uniform = baselines::uniform_loss(kLevels),
            .unigram = baselines::unigram_loss(sequences("train"), sequences(part), kLevels)};
  }
  std::unique_ptr<data::BatchSource> batches(const Config& recipe,
                                             const data::BatchOptions& options) const override {
    return std::make_unique<data::WholeSequences>(
        sequences("train"),
        data::SequenceBatches{.batch = recipe.integer("train.batch_size", 1, 100),
                              .shards = recipe.integer_or("train.shards", 1, 1, 100)},
        options.seed);
  }
  std::unique_ptr<data::Pass> pass(const std::string& part,
                                   const data::PassOptions& options) const override {
    return std::make_unique<data::SequencePass>(sequences(part), options);
  }
  const std::vector<data::Sequence>& sequences(const std::string& part) const override {
    return waves_.at(part);
  }
  data::Draws draws() const override { return {3, kLength}; }

 private:
  static std::string fingerprint_of(const std::string& bytes) {
    Fnv1a64 hash;
    hash.add(bytes);
    return hash.hex();
  }

  std::map<std::string, std::vector<data::Sequence>> waves_;
};

const Config& recipe() {
  static const Config parsed = Config::parse(R"({
    "model": {"kind": "wavenet", "embedding": 6, "residual": 10, "skip": 12,
              "dilations": [1, 2, 4]},
    "data": {"format": "waves"},
    "train": {"steps": 60, "batch_size": 8, "shards": 2, "optimizer": "adamw",
              "schedule": "constant", "learning_rate": 0.01, "eval_every": 20, "keep": "best"}})",
                                             "recipe");
  return parsed;
}

class SecondDataset : public InFolder {
 protected:
  static void SetUpTestSuite() {
    if (data::codecs().find("levels") != nullptr) {
      return;
    }
    data::codecs().add("levels", [](const std::string& saved) {
      return std::make_shared<Levels>(std::stoll(saved));
    });
    data::datasets().add("waves",
                         [](const Config&, const data::File& file, const data::OpenOptions&) {
                           return std::make_shared<Waves>(file);
                         });
  }
  SecondDataset() {
    std::ofstream file(folder_ / "waves");
    for (int i = 0; i < 48; ++i) {
      file << 0.2 + 0.01 * (i * 7 % 48) << '\n';
    }
  }
  std::shared_ptr<const data::Dataset> opened() const {
    return data::open(recipe(), folder_ / "waves");
  }
};

TEST_F(SecondDataset, TrainsStopsAndResumesInTheSameBits) {
  StopsAt never(-1);
  StopsAt at_27(27);
  run::Run whole = run::Run::begin(recipe(), opened(), {.seed = 3});
  whole.keep_in(folder_ / "whole");
  EXPECT_EQ(whole.train(never), run::Outcome::finished);
  {
    run::Run begun = run::Run::begin(recipe(), opened(), {.seed = 3});
    begun.keep_in(folder_ / "parts");
    EXPECT_EQ(begun.train(at_27, at_27.stop), run::Outcome::stopped);
  }
  run::Run resumed = run::Run::resume(folder_ / "parts", opened());
  EXPECT_EQ(resumed.train(never), run::Outcome::finished);
  EXPECT_EQ(weights_of(folder_ / "parts"), weights_of(folder_ / "whole"));
  const run::Conclusion end = resumed.conclude(never);
  EXPECT_LT(end.val, resumed.marks().unigram - 0.5);  // a wave goes on as it began
  EXPECT_FALSE(end.leak);
}

TEST_F(SecondDataset, IsJudgedAndSampledFromItsFile) {
  StopsAt never(-1);
  run::Run run = run::Run::begin(recipe(), opened(), {.seed = 3});
  run.keep_in(folder_ / "run");
  run.train(never);
  const double val = run.judge("val", never);
  EXPECT_NEAR(val, train::mean_loss(run.model(), opened()->sequences("val")), 1e-12);
  const run::State saved = run::open(folder_ / "run");
  EXPECT_EQ(saved.saved.codec->kind(), "levels");
  EXPECT_EQ(saved.saved.codec->size(), kLevels);
  generate::Words drawn(*saved.model, {.max_length = 12}, 5);
  const std::string text = saved.saved.codec->decode(drawn.next().tokens);
  EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'p'; }));
  const History told = read_history(folder_ / "run");
  ASSERT_FALSE(told.samples.empty());
  EXPECT_EQ(told.samples.back().samples.size(), 3U);
  EXPECT_FALSE(told.samples.back().samples[0].known);
  const std::string card = content_of(folder_ / "run" / "run.json");
  EXPECT_NE(card.find("\"levels\": 16"), std::string::npos) << card;
}

TEST_F(SecondDataset, OfAnotherKindIsRefused) {
  StopsAt never(-1);
  {
    run::Run run = run::Run::begin(recipe(), opened(), {.seed = 3, .data = folder_ / "waves"});
    run.keep_in(folder_ / "run");
    run.step();
  }
  const auto names = data::open(models::load_recipe("wavenet-names"), "");
  const std::string problem = problem_of([&] { run::Run::resume(folder_ / "run", names); });
  EXPECT_NE(problem.find("was begun with other data"), std::string::npos) << problem;
  EXPECT_EQ(problem_of([&] { data::vocabulary_of(*run::open(folder_ / "run").saved.codec); }),
            "the model reads levels, not characters");
}

}  // namespace
}  // namespace wavenet
