// The four recipes on the embedded names, through the program, against PyTorch 1.13 on the same
// names (python/make_goldens.py): the first 100 losses, and the split losses after them.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/program/run.h"
#include "wavenet/io/safetensors.h"

namespace {

using nlohmann::json;

constexpr std::size_t kSteps = 100;
constexpr double kBound = 1e-5;  // f32 sums of another order, after up to 100 steps

class EmbeddedNames : public testing::TestWithParam<const char*> {};

TEST_P(EmbeddedNames, LossesFollowPyTorch) {
  const std::string name = GetParam();
  const auto golden =
      wavenet::io::read_safetensors(WAVENET_SOURCE "/tests/golden/article_ssa.safetensors");
  const auto losses = golden.tensors.at(name + "/losses").to_vector<float>();
  const auto after = golden.tensors.at(name + "/after_100").to_vector<double>();
  const auto examples = golden.tensors.at("examples").to_vector<std::int32_t>();
  ASSERT_EQ(losses.size(), kSteps);

  const program::Folder folder;
  const program::Result trained =
      program::run(folder, "train --steps 100 --log-every 1 --quiet --recipe " + name + " --out " +
                               (folder / "run"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  std::istringstream lines(program::slurp(folder / "run/metrics.jsonl"));
  std::string line;
  for (std::size_t step = 0; step < kSteps; ++step) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_NEAR(json::parse(line)["loss"].get<double>(), losses[step], kBound) << "step " << step;
  }
  for (const std::size_t split : {0U, 1U}) {
    const program::Result eval =
        program::run(folder, std::string("eval --json --split ") +
                                 (split == 0 ? "train " : "val ") + (folder / "run"));
    ASSERT_EQ(eval.code, 0) << eval.err;
    const json record = json::parse(eval.out);
    EXPECT_NEAR(record["loss"].get<double>(), after[split], kBound);
    EXPECT_EQ(record["tokens"], examples[split]);
  }
}

INSTANTIATE_TEST_SUITE_P(Recipes, EmbeddedNames,
                         testing::Values("mlp-3", "mlp-8", "tree-22k", "tree-76k"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
