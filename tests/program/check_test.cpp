// wavenet check through the program: a trained file passes, and one that was tampered with names
// what failed.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/program/run.h"
#include "wavenet/train/checkpoint.h"

namespace {

using program::Result;

class Check : public testing::Test {
 protected:
  std::string train(const std::string& recipe, const std::string& flags) {
    const Result trained = program::run(folder_, "train --quiet --json --recipe " + recipe + " " +
                                                     flags + " --out " + (folder_ / recipe));
    EXPECT_EQ(trained.code, 0) << trained.err;
    return folder_ / recipe;
  }
  program::Folder folder_;
};

TEST_F(Check, EveryKindOfModelPasses) {
  for (const std::string& model :
       {train("mlp-3", "--steps 5"), train("tree-22k", "--steps 5"), train("ngram-6", ""),
        train("wavenet-names", "--steps 5 --set model.dropout=0")}) {
    const Result result = program::run(folder_, "check --json " + model);
    EXPECT_EQ(result.code, 0) << model << ": " << result.out << result.err;
    EXPECT_EQ(result.err, "");
    std::istringstream lines(result.out);
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) {
      const auto record = nlohmann::json::parse(line);
      EXPECT_TRUE(record["ok"].get<bool>()) << line;
      EXPECT_FALSE(record["detail"].get<std::string>().empty());
      names.push_back(record["check"]);
    }
    std::vector<std::string> expected{"causality",       "gradient",     "stream",
                                      "receptive field", "independence", "save and load"};
    if (model.ends_with("ngram-6")) {
      expected.erase(expected.begin() + 1);  // it has no gradient
    }
    EXPECT_EQ(names, expected) << model;
  }
}

TEST_F(Check, NamesTheFirstFailure) {
  const std::string path = train("wavenet-names", "--steps 5") + "/model.safetensors";
  wavenet::train::Checkpoint saved = wavenet::train::read_checkpoint(path);
  const wavenet::Tensor head = saved.tensors.at("head.weight");
  std::fill_n(head.data<float>(), head.numel(), 0.0F);
  wavenet::train::write_checkpoint(path, saved);
  const Result result = program::run(folder_, "check " + path);
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_NE(result.err.find("gradient"), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("FAILED  gradient"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("FAILED  receptive field"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("ok      stream"), std::string::npos) << result.out;
}

}  // namespace
