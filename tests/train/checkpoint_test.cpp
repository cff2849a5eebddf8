#include "wavenet/train/checkpoint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/train/words.h"
#include "wavenet/train/metrics.h"

namespace wavenet::train {
namespace {

namespace fs = std::filesystem;

class InFolder : public testing::Test {
 protected:
  InFolder() { fs::create_directories(folder_); }
  ~InFolder() override { fs::remove_all(folder_); }

  fs::path folder_ = fs::temp_directory_path() /
                     fmt::format("wavenet-train-{}-{}", ::getpid(),
                                 testing::UnitTest::GetInstance()->current_test_info()->name());
};

std::string problem_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

using CheckpointFile = InFolder;

Checkpoint some_checkpoint() {
  Rng rng(3);
  rng.next32();
  return {.recipe = Config::parse(R"({"model": {"kind": "mlp"}, "train": {"ema": 0.99}})", "r"),
          .vocabulary = data::Vocabulary({U"zoë"}),
          .tensors = {{"head.weight", Tensor::from<float>({1, -2, 3}, {3, 1})},
                      {"train.ema.head.weight", Tensor::from<float>({0.5, 0, 1e-30F}, {3, 1})}},
          .step = 1234567890123,
          .seed = 18446744073709551615U,
          .split_seed = 7,
          .data_source = "names \"and\" words.txt",
          .data_fingerprint = "85944171f73967e8",
          .rng = rng,
          .best = {.loss = 1.9537000000000002, .step = 12, .worse_since = 3}};
}

TEST_F(CheckpointFile, BringsEverythingBack) {
  const Checkpoint saved = some_checkpoint();
  write_checkpoint(folder_ / kModelFile, saved);
  for (const fs::path& path : {folder_, folder_ / kModelFile}) {
    const Checkpoint read = read_checkpoint(path);
    EXPECT_EQ(read.recipe.to_json(), saved.recipe.to_json());
    EXPECT_EQ(read.vocabulary.characters(), saved.vocabulary.characters());
    EXPECT_EQ(values_of({read.tensors.begin(), read.tensors.end()}),
              values_of({saved.tensors.begin(), saved.tensors.end()}));
    EXPECT_EQ(read.tensors.at("head.weight").shape(), (Shape{3, 1}));
    EXPECT_EQ(read.step, saved.step);
    EXPECT_EQ(read.seed, saved.seed);
    EXPECT_EQ(read.split_seed, saved.split_seed);
    EXPECT_EQ(read.data_source, saved.data_source);
    EXPECT_EQ(read.data_fingerprint, saved.data_fingerprint);
    EXPECT_EQ(read.rng.state(), saved.rng.state());
    EXPECT_EQ(read.best.loss, saved.best.loss);
    EXPECT_EQ(read.best.step, saved.best.step);
    EXPECT_EQ(read.best.worse_since, saved.best.worse_since);
  }
}

TEST_F(CheckpointFile, HoldsNoBestBeforeThereIsOne) {
  Checkpoint saved = some_checkpoint();
  saved.best = {};
  write_checkpoint(folder_ / kModelFile, saved);
  const io::SafeTensors file = io::read_safetensors(folder_ / kModelFile);
  EXPECT_FALSE(file.metadata.contains("best_loss"));
  EXPECT_EQ(read_checkpoint(folder_).best.loss, std::numeric_limits<double>::infinity());
}

TEST_F(CheckpointFile, OfAnotherProgramIsRefused) {
  const fs::path path = folder_ / kModelFile;
  write_checkpoint(path, some_checkpoint());
  const io::SafeTensors whole = io::read_safetensors(path);
  const auto problem_with = [&](const std::function<void(io::SafeTensors&)>& change) {
    io::SafeTensors file = whole;
    change(file);
    io::write_safetensors(path, file);
    return problem_of([&] { read_checkpoint(path); });
  };
  EXPECT_EQ(problem_with([](auto&) {}), "none");
  EXPECT_EQ(problem_with([](auto& file) { file.metadata.erase("format"); }),
            path.string() + ": no model of this program, its metadata lacks 'format'");
  EXPECT_EQ(problem_with([](auto& file) { file.metadata["format"] = "wavenet.cpp 2"; }),
            path.string() + ": format 'wavenet.cpp 2', this program reads 'wavenet.cpp 1'");
  EXPECT_EQ(problem_with([](auto& file) { file.metadata["step"] = "12x"; }),
            path.string() + ": metadata 'step' is no number: '12x'");
  EXPECT_EQ(problem_with([](auto& file) { file.metadata["best_loss"] = ""; }),
            path.string() + ": metadata 'best_loss' is no number: ''");
  EXPECT_EQ(problem_with([](auto& file) { file.tensors.erase("train.rng"); }),
            path.string() + ": the tensor train.rng is missing");
}

using MetricsFile = InFolder;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const char* const kTen = "{\"step\":9,\"loss\":2.5,\"lr\":0.1}\n";
const char* const kTenJudged = "{\"step\":10,\"split\":\"val\",\"loss\":2.25}\n";
const char* const kTwenty = "{\"step\":19,\"loss\":1.5,\"lr\":0.01}\n";

TEST_F(MetricsFile, IsALineARecord) {
  const fs::path path = folder_ / "metrics.jsonl";
  Metrics metrics(path, 0);
  metrics.step(9, 2.5, 0.1);
  EXPECT_EQ(content_of(path), kTen);  // written as training goes
  metrics.evaluation(10, "val", 2.25);
  metrics.step(19, 1.5, 0.01);
  EXPECT_EQ(content_of(path), std::string(kTen) + kTenJudged + kTwenty);
}

TEST_F(MetricsFile, GoesOnWhereARunIsResumed) {
  const fs::path path = folder_ / "metrics.jsonl";
  const std::string whole = std::string(kTen) + kTenJudged + kTwenty;
  const auto kept = [&](std::int64_t steps_done) {
    std::ofstream(path, std::ios::binary) << whole << "{\"step\":2";  // cut short by a kill
    const Metrics metrics(path, steps_done);
    return content_of(path);
  };
  EXPECT_EQ(kept(0), "");
  EXPECT_EQ(kept(9), "");
  EXPECT_EQ(kept(10), std::string(kTen) + kTenJudged);
  EXPECT_EQ(kept(19), std::string(kTen) + kTenJudged);
  EXPECT_EQ(kept(20), whole);
}

TEST_F(MetricsFile, OfAnotherKindIsRefused) {
  const fs::path path = folder_ / "metrics.jsonl";
  std::ofstream(path, std::ios::binary) << "step,loss\n1,2\n";
  EXPECT_EQ(problem_of([&] { Metrics(path, 5); }),
            path.string() + ": a line is no record of a step");
  EXPECT_EQ(content_of(path), "step,loss\n1,2\n");
}

}  // namespace
}  // namespace wavenet::train
