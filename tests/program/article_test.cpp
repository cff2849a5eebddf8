// The article's numbers through the program: PyTorch 1.13's losses on the published names. Skipped,
// saying so, where the names and the expected losses do not stand beside the project.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/program/run.h"

namespace {

using nlohmann::json;

class Article : public testing::TestWithParam<const char*> {};

TEST_P(Article, LossesFollowPyTorch) {
  const std::filesystem::path shared = std::filesystem::path(WAVENET_SOURCE) / "../shared";
  if (!std::filesystem::exists(shared / "golden/article.json")) {
    GTEST_SKIP() << "no ../shared/golden/article.json";
  }
  const json golden = json::parse(program::slurp(shared / "golden/article.json"));
  const json& expected = golden["recipes"][GetParam()];
  const program::Folder folder;
  const std::string data = (shared / "data/names.txt").string();
  const program::Result result = program::run(
      folder, std::string("train --seed 42 --steps 200 --log-every 1 --quiet --json --recipe ") +
                  GetParam() + " --data " + data + " --out " + (folder / "run"));
  ASSERT_EQ(result.code, 0) << result.err;
  std::istringstream lines(program::slurp(folder / "run/metrics.jsonl"));
  std::string line;
  for (std::size_t step = 0; step < 200; ++step) {
    ASSERT_TRUE(std::getline(lines, line));
    const json record = json::parse(line);
    ASSERT_EQ(record["steps_done"], step + 1);
    EXPECT_NEAR(record["loss"].get<double>(), expected["losses"][step].get<double>(),
                step < 100 ? 1e-4 : 1e-3)
        << "step " << step;
  }
  for (const char* split : {"train", "val"}) {
    const program::Result eval =
        program::run(folder, "eval --json --split " + std::string(split) + " " + (folder / "run"));
    ASSERT_EQ(eval.code, 0) << eval.err;
    const json record = json::parse(eval.out);
    EXPECT_NEAR(record["loss"].get<double>(), expected["after_200_steps"][split].get<double>(),
                2e-4);
    EXPECT_EQ(record["tokens"], golden["examples"][split]);
  }
}

INSTANTIATE_TEST_SUITE_P(Recipes, Article,
                         testing::Values("mlp-3", "mlp-8", "tree-22k", "tree-76k"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Resume, ContinuesBitForBit) {
  const program::Folder folder;
  const std::string train = "train --recipe mlp-3 --quiet --json --out ";
  ASSERT_EQ(program::run(folder, train + (folder / "whole") + " --steps 60").code, 0);
  ASSERT_EQ(program::run(folder, train + (folder / "halves") + " --steps 25").code, 0);
  const auto second = program::run(folder, train + (folder / "halves") + " --steps 60 --resume");
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_TRUE(program::slurp(folder / "whole/model.safetensors") ==
              program::slurp(folder / "halves/model.safetensors"));
}

TEST(Inspect, ShowsTheShapesOfTheArticle) {
  const program::Folder folder;
  const program::Result result = program::run(folder, "inspect --recipe tree-76k --json");
  ASSERT_EQ(result.code, 0) << result.err;
  const json all = json::parse(result.out);
  EXPECT_EQ(all["parameters"], 76579);
  EXPECT_EQ(all["receptive_field"], 8);
  EXPECT_EQ(all["layers"][0]["shape"], json({4, 8, 24}));
  EXPECT_EQ(all["layers"][1]["shape"], json({4, 4, 48}));
  EXPECT_EQ(all["layers"][2]["shape"], json({4, 4, 128}));
  EXPECT_EQ(all["layers"].back()["shape"], json({4, 27}));
}

TEST(Inspect, SaysHowMuchACountingModelLooksAt) {
  const program::Folder folder;
  for (const auto& [order, said] :
       {std::pair{"1", "up to 1 character;"}, std::pair{"2", "up to 2 characters;"},
        std::pair{"6", "up to 6 characters;"}}) {
    const program::Result result =
        program::run(folder, std::string("inspect --recipe ngram-6 --set model.order=") + order);
    EXPECT_NE(result.out.find(said), std::string::npos) << result.out << result.err;
  }
}

TEST(Inspect, TakesSeveralChangesOfTheRecipe) {
  const program::Folder folder;
  const program::Result result = program::run(
      folder, "inspect --recipe mlp-3 --json --set model.hidden=10 --set model.embedding=4");
  ASSERT_EQ(result.code, 0) << result.err;
  // 27 x 4 + 12 x 10 + 2 x 10 of the norm + 10 x 27 + 27
  EXPECT_EQ(json::parse(result.out)["parameters"], 545);
}

TEST(Sample, SameSeedSameWords) {
  const program::Folder folder;
  ASSERT_EQ(
      program::run(folder, "train --recipe mlp-3 --steps 5 --quiet --out " + (folder / "m")).code,
      0);
  const std::string verb = "sample " + (folder / "m") + " -n 5 --max-length 12 --seed ";
  EXPECT_EQ(program::run(folder, verb + "1").out, program::run(folder, verb + "1").out);
  EXPECT_NE(program::run(folder, verb + "1").out, program::run(folder, verb + "2").out);
  EXPECT_EQ(program::run(folder, verb + "1 --temperature 0").out,
            program::run(folder, verb + "2 --top-k 1").out);
}

TEST(Train, TakesWordsFromStandardInputWithAnyCharacters) {
  const program::Folder folder;
  program::spit(folder / "words", "\xEF\xBB\xBFzoë\r\n\r\nañez\r\nmüller\r\nå\r\nßa\r\nøre\r\nlé");
  const auto trained =
      program::run(folder, "train --recipe mlp-3 --steps 3 --quiet --json --data - --out " +
                               (folder / "m") + " <" + (folder / "words"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const auto scored = program::run(folder, "score --json " + (folder / "m") + " zoë");
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_EQ(json::parse(scored.out)["tokens"], 4);
}

}  // namespace
