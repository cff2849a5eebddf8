// wavenet convert through the program: a tree's file becomes one that every verb takes.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/program/run.h"

namespace {

using nlohmann::json;
using program::Result;

class Convert : public testing::Test {
 protected:
  void train(const std::string& recipe) {
    const Result trained =
        run("train --recipe " + recipe + " --steps 30 --quiet --json --out " + (folder_ / "m"));
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
  Result run(const std::string& arguments) { return program::run(folder_, arguments); }
  void expect_error(const std::string& arguments, int code, const std::string& part) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, code);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  json eval(const std::string& model) {
    const Result result = run("eval --split val --json " + model);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  }

  program::Folder folder_;
};

TEST_F(Convert, ATreeBecomesAConvolutionThatEveryVerbTakes) {
  train("tree-22k");
  const std::string tree = folder_ / "m";
  const std::string made = folder_ / "m/convolution.safetensors";
  const Result converted = run("convert " + tree + " --to convolution --json");
  ASSERT_EQ(converted.code, 0) << converted.err;
  EXPECT_EQ(json::parse(converted.out)["model"], made);
  EXPECT_EQ(json::parse(converted.out)["dilations"], json({1, 2, 4}));

  const json inspected = json::parse(run("inspect --json " + made).out);
  EXPECT_EQ(inspected["receptive_field"], 8);
  EXPECT_EQ(inspected["parameters"], 22'397);
  EXPECT_EQ(inspected["layers"][1]["kind"], "CausalConv1d(2, 1)");
  const json before = eval(tree);
  const json after = eval(made);
  EXPECT_EQ(before["tokens"], after["tokens"]);
  EXPECT_NEAR(before["loss"].get<double>(), after["loss"].get<double>(), 1e-6);
  EXPECT_EQ(run("sample --greedy -n 1 " + tree).out, run("sample --greedy -n 1 " + made).out);
  const json scored = json::parse(run("score --json " + made + " emma").out);
  EXPECT_NEAR(scored["loss"].get<double>(),
              json::parse(run("score --json " + tree + " emma").out)["loss"].get<double>(), 1e-6);
}

TEST_F(Convert, OverwritesNothingUnasked) {
  train("tree-22k");
  program::spit(folder_ / "m/convolution.safetensors", "kept");
  const std::string convert = "convert " + (folder_ / "m") + " --to convolution";
  expect_error(convert, 1, "no model of this program");
  EXPECT_EQ(program::slurp(folder_ / "m/convolution.safetensors"), "kept");
  EXPECT_EQ(run(convert + " --out " + (folder_ / "other.safetensors")).code, 0);
  expect_error(convert + " --overwrite", 1, "no model of this program");
  std::filesystem::remove(folder_ / "m/convolution.safetensors");
  EXPECT_EQ(run(convert).code, 0);
  expect_error(convert, 1, "--overwrite");
  EXPECT_EQ(run(convert + " --overwrite").code, 0);
  EXPECT_EQ(program::slurp(folder_ / "m/convolution.safetensors"),
            program::slurp(folder_ / "other.safetensors"));
}

TEST_F(Convert, ReplacesNoTrainedModel) {
  train("tree-22k");
  const std::string trained = folder_ / "trained.safetensors";
  std::filesystem::copy_file(folder_ / "m/model.safetensors", trained);
  const std::string before = program::slurp(trained);
  expect_error("convert " + (folder_ / "m") + " --to convolution --overwrite --out " + trained, 1,
               "trained.safetensors: holds a trained model of kind 'tree' and no conversion");
  EXPECT_EQ(program::slurp(trained), before);
}

TEST_F(Convert, RefusesWhatIsNoTree) {
  train("mlp-3");
  expect_error("convert " + (folder_ / "m") + " --to convolution", 2, "'mlp'");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "m/convolution.safetensors"));
  expect_error("convert " + (folder_ / "m") + " --to convolutoin", 2, "'convolution'");
  expect_error("convert " + (folder_ / "m"), 2, "--to");
}

}  // namespace
