// wavenet study: a row for every step, numbers that other verbs and closed forms agree with.
#include <map>

#include "tests/program/made_up.h"

namespace {

using nlohmann::json;
using program::Result;

class Study : public testing::Test {
 protected:
  Study() { program::spit(data_, program::made_up_words(600)); }
  Result run(const std::string& arguments) {
    return program::run(folder_, arguments + " --data " + data_);
  }
  std::map<std::string, json> rows(const std::string& arguments) {
    const Result result = run("study --json " + arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    std::map<std::string, json> rows;
    for (const json& record : program::records_of(result.out)) {
      rows[record["step"]] = record;
    }
    return rows;
  }

  program::Folder folder_;
  std::string data_ = folder_ / "words";
};

// V characters: the made-up words have 16 letters and the end marker.
constexpr std::int64_t kV = 17;

TEST_F(Study, HasARowForEveryStepWithItsParameters) {
  auto all = rows("--steps 28");
  ASSERT_EQ(all.size(), 11U);
  for (const auto& [name, row] : all) {
    EXPECT_GT(row["val"].get<double>(), 0) << name;
    EXPECT_GT(row["train"].get<double>(), 0) << name;
    EXPECT_LT(row["val"].get<double>(), 3) << name;  // ln 17 = 2.83
    EXPECT_GE(row["seconds"].get<double>(), 0) << name;
    EXPECT_FALSE(row["teaches"].get<std::string>().empty()) << name;
  }
  const auto mlp = [](std::int64_t n) { return kV * 10 + n * 10 * 200 + 2 * 200 + 200 * kV + kV; };
  const auto tree = [](std::int64_t e, std::int64_t h) {
    return kV * e + 2 * e * h + 2 * (2 * h * h) + 3 * 2 * h + h * kV + kV;
  };
  EXPECT_EQ(all["mlp-3"]["parameters"], mlp(3));
  EXPECT_EQ(all["mlp-8"]["parameters"], mlp(8));
  EXPECT_EQ(all["tree-22k-wrong-norm"]["parameters"], tree(10, 68));
  EXPECT_EQ(all["tree-22k"]["parameters"], tree(10, 68));
  EXPECT_EQ(all["tree-76k"]["parameters"], tree(24, 128));
  EXPECT_EQ(all["mlp-3"]["steps"], 28);
  EXPECT_EQ(all["wavenet"]["steps"], 4);

  const json& convolution = all["convolution"];
  EXPECT_EQ(convolution["parameters"], all["tree-76k"]["parameters"]);
  EXPECT_NEAR(convolution["val"].get<double>(), all["tree-76k"]["val"].get<double>(), 1e-6);
  EXPECT_LT(convolution["largest_difference"].get<double>(),
            1e-5 * convolution["largest_logit"].get<double>());
  EXPECT_GT(convolution["largest_logit"].get<double>(), 0.01);
  EXPECT_GT(all["ngram-6"]["counts"].get<std::int64_t>(), 100);
}

// Through the verbs that do one thing: the same steps at the same rates, the same losses.
TEST_F(Study, AgreesWithTrain) {
  auto all = rows("--steps 40 --seed 7 --threads 1");
  const std::string out = folder_ / "run";
  const Result trained = run(
      "train --json --quiet --recipe tree-22k --steps 40 --set train.drop_at=30 --seed 7 --out " +
      out);
  ASSERT_EQ(trained.code, 0) << trained.err;
  const json tree = json::parse(trained.out);
  EXPECT_NEAR(all["tree-22k"]["val"].get<double>(), tree["val"].get<double>(), 1e-6);
  EXPECT_NEAR(all["tree-22k"]["train"].get<double>(), tree["train"].get<double>(), 1e-6);
  EXPECT_NE(all["tree-22k-wrong-norm"]["val"], all["tree-22k"]["val"]);
  EXPECT_NEAR(all["ngram-6"]["val"].get<double>(), tree["marks"]["ngram"].get<double>(), 1e-12);
}

TEST_F(Study, ThreadsChangeNoBit) {
  auto one = rows("--steps 20 --threads 1");
  auto two = rows("--steps 20 --threads 2");
  for (auto& [name, row] : one) {
    EXPECT_EQ(row["val"], two[name]["val"]) << name;
  }
}

TEST_F(Study, TheTableFitsATerminal) {
  const Result result = run("study --steps 7");
  ASSERT_EQ(result.code, 0) << result.err;
  std::istringstream lines(result.out);
  std::string first;
  std::getline(lines, first);
  EXPECT_EQ(first.rfind("step", 0), 0U);
  for (const char* column : {"train", "val", "parameters", "seconds"}) {
    EXPECT_NE(first.find(column), std::string::npos);
  }
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
    rows += line.rfind("    ", 0) != 0 && !line.empty() ? 1 : 0;
  }
  EXPECT_EQ(rows, 11U + 1U);  // and what the losses are of
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_NE(result.err.find("9 networks of 7 steps"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("about"), std::string::npos) << result.err;
}

TEST(StudyArguments, BadOnesAreOneLine) {
  const program::Folder folder;
  program::expect_one_line(program::run(folder, "study --quick --steps 5"), 2, "--quick");
  program::expect_one_line(program::run(folder, "study --steps 0"), 2, "--steps");
  program::expect_one_line(program::run(folder, "study --data " + (folder / "none")), 1,
                           folder / "none");
}

}  // namespace
