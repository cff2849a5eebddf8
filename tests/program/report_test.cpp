// wavenet report through the program: a trained run becomes a page, and two become one.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/program/run.h"

namespace {

TEST(ReportVerb, WritesAPageFiguresAndAComparison) {
  const program::Folder folder;
  const program::Result trained = program::run(
      folder, "train --quiet --recipe mlp-3 --steps 60 --log-every 1 --out " + (folder / "a"));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const program::Result one =
      program::run(folder, "report --json " + (folder / "a") + " --figures " + (folder / "svg"));
  ASSERT_EQ(one.code, 0) << one.err;
  const auto told = nlohmann::json::parse(one.out);
  EXPECT_EQ(told["report"], folder / "a/report.html");
  EXPECT_EQ(told["figures"][0], folder / "svg/loss.svg");
  EXPECT_TRUE(std::filesystem::exists(folder / "svg/loss.svg"));
  EXPECT_NE(program::slurp(folder / "a/report.html").find("each logged loss"), std::string::npos);

  const program::Result two = program::run(
      folder, "report " + (folder / "a") + " " + (folder / "a") + " --out " + (folder / "b.html"));
  EXPECT_EQ(two.code, 0) << two.err;
  EXPECT_EQ(two.out, folder / "b.html\n");
  EXPECT_NE(program::slurp(folder / "b.html").find("2 runs"), std::string::npos);
}

TEST(ReportVerb, SaysWhatIsWrongWithARecord) {
  const program::Folder folder;
  program::spit(folder / "metrics.jsonl", "{\"step\":0,\"loss\":[],\"lr\":1}\n");
  program::expect_one_line(program::run(folder, "report " + (folder / "")), 1,
                           "metrics.jsonl: line 1: \"loss\" must be a number, got a list");
  program::expect_one_line(program::run(folder, "report " + (folder / "none")), 1,
                           "none/metrics.jsonl: no such file");
}

}  // namespace
