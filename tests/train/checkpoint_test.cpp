#include "wavenet/train/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "tests/folder.h"
#include "tests/train/words.h"

namespace wavenet::train {
namespace {

namespace fs = std::filesystem;

using CheckpointFile = InFolder;

Checkpoint some_checkpoint() {
  Rng rng(3);
  rng.next32();
  return {.recipe = Config::parse(R"({"model": {"kind": "mlp"}, "train": {"ema": 0.99}})", "r"),
          .codec = std::make_shared<data::Vocabulary>(std::vector<std::u32string>{U"zoë"}),
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
    EXPECT_EQ(read.codec->saved(), saved.codec->saved());
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

}  // namespace
}  // namespace wavenet::train
