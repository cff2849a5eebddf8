// No verb replaces a file that it did not write as its own kind.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/program/run.h"

namespace {

using program::expect_one_line;
using program::Folder;
using program::slurp;
using program::spit;

void train(const Folder& folder, const std::string& out, const std::string& recipe = "mlp-3") {
  const program::Result trained = program::run(
      folder, "train --quiet --recipe " + recipe + " --steps 3 --out " + (folder / out));
  ASSERT_EQ(trained.code, 0) << trained.err;
}

// Runs `arguments`, which name `file` as where to write, and expects that it stays.
void expect_kept(const Folder& folder, const std::string& file, const std::string& arguments) {
  const std::string before = slurp(file);
  expect_one_line(program::run(folder, arguments), 1, file);
  EXPECT_EQ(slurp(file), before) << arguments;
}

TEST(Overwriting, AReportReplacesOnlyAReport) {
  const Folder folder;
  train(folder, "a");
  const std::string one = "report " + (folder / "a");
  const std::string two = one + " " + (folder / "a");
  spit(folder / "mine.html", "<!doctype html>\n<title>Mine</title>\n");
  spit(folder / "empty.html", "");
  for (const std::string& report : {one, two}) {
    for (const char* file : {"a/model.safetensors", "a/metrics.jsonl", "a/run.json", "mine.html"}) {
      expect_kept(folder, folder / file, report + " --out " + (folder / file));
    }
    for (const char* file : {"empty.html", "new.html", "a/report.html"}) {
      const std::string to = report + " --out " + (folder / file);
      EXPECT_EQ(program::run(folder, to).code, 0) << to;
      EXPECT_EQ(program::run(folder, to).code, 0) << "again: " << to;
    }
  }
  spit(folder / "a/report.html", "my notes");
  expect_kept(folder, folder / "a/report.html", one);
}

TEST(Overwriting, AFigureReplacesOnlyAFigure) {
  const Folder folder;
  train(folder, "a");
  const std::string report =
      "report " + (folder / "a") + " --out " + (folder / "a.html") + " --figures ";
  const std::string figures = folder / "figures";
  EXPECT_EQ(program::run(folder, report + figures).code, 0);
  EXPECT_EQ(program::run(folder, report + figures).code, 0);
  spit(folder / "figures/loss.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  expect_kept(folder, folder / "figures/loss.svg", report + figures);
}

TEST(Overwriting, AModelReplacesOnlyAnotherModel) {
  const Folder folder;
  train(folder, "a", "tree-22k");
  const std::string convert = "convert " + (folder / "a") + " --to convolution --overwrite --out ";
  spit(folder / "notes.txt", "not a model");
  std::filesystem::create_hard_link(folder / "a/model.safetensors", folder / "same");
  for (const char* file : {"a/model.safetensors", "same", "notes.txt", "a/run.json"}) {
    expect_kept(folder, folder / file, convert + (folder / file));
  }
  EXPECT_EQ(program::run(folder, convert + (folder / "b")).code, 0);
  EXPECT_EQ(program::run(folder, convert + (folder / "b")).code, 0);
}

TEST(Overwriting, ARunReplacesOnlyFilesOfARun) {
  const Folder folder;
  train(folder, "own");
  for (const char* name : {"model.safetensors", "last.safetensors", "metrics.jsonl", "metrics.csv",
                           "details.jsonl", "run.json", "report.html"}) {
    for (const char* recipe : {"mlp-3 --steps 3", "ngram-6"}) {
      std::filesystem::create_directories(folder / "mine");
      const std::string file = folder / (std::string("mine/") + name);
      spit(file, "{\"epoch\": 1, \"loss\": 2}\n");
      expect_kept(folder, file,
                  std::string("train --quiet --overwrite --recipe ") + recipe + " --out " +
                      (folder / "mine"));
      std::filesystem::remove_all(folder / "mine");
    }
  }
  train(folder, "own --overwrite");
  const std::string more = "train --quiet --resume --steps 6 --out " + (folder / "own");
  spit(folder / "own/metrics.csv", "a,b\n1,2\n");
  expect_kept(folder, folder / "own/metrics.csv", more);
  std::filesystem::remove(folder / "own/metrics.csv");
  EXPECT_EQ(program::run(folder, more).code, 0);
  expect_one_line(program::run(folder, "train --steps 3 --out -"), 2, "--out");
}

TEST(Overwriting, ADashIsStandardOutput) {
  const Folder folder;
  train(folder, "a", "tree-22k");
  const program::Result page = program::run(folder, "report --out - " + (folder / "a"));
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_EQ(program::run(folder, "report " + (folder / "a")).code, 0);
  EXPECT_EQ(page.out, slurp(folder / "a/report.html"));
  const std::string convert = "convert " + (folder / "a") + " --to convolution --out ";
  const program::Result model = program::run(folder, convert + "-");
  EXPECT_EQ(model.code, 0) << model.err;
  EXPECT_EQ(program::run(folder, convert + (folder / "b")).code, 0);
  EXPECT_EQ(model.out, slurp(folder / "b"));
  EXPECT_FALSE(std::filesystem::exists("-"));
  expect_one_line(program::run(folder, convert + "- --json"), 2, "--json");
  expect_one_line(program::run(folder, "report --json --out - " + (folder / "a")), 2, "--json");
}

}  // namespace
