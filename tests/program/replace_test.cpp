// A run that another is to replace: all of it stays until a step of the other is done.
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <thread>

#include "tests/program/child.h"
#include "tests/program/made_up.h"
#include "wavenet/base/folder_lock.h"
#include "wavenet/train/checkpoint.h"

namespace {

namespace fs = std::filesystem;
using program::Child;
using program::expect_one_line;
using program::json;
using program::Result;
using program::spit;

class Replace : public testing::Test {
 protected:
  void SetUp() override {
    spit(folder_ / "words.txt", program::made_up_words(100));
    spit(folder_ / "recipe.json", program::small_wavenet().dump());
    const Result old = program::run(folder_, arguments("--recipe " + (folder_ / "recipe.json")));
    ASSERT_EQ(old.code, 0) << old.err;
    ASSERT_TRUE(fs::exists(run("last.safetensors")) && fs::exists(run("report.html")));
    before_ = files();
  }
  std::string arguments(const std::string& more) const {
    return "train --quiet --data " + (folder_ / "words.txt") + " --out " + (folder_ / "run") + " " +
           more;
  }
  std::string overwriting(const std::string& more) const {
    return arguments("--overwrite " + more);
  }
  // Of a run whose first step takes a second or more.
  std::string slow() const {
    return overwriting(
        "--threads 1 --recipe tree-76k --set model.hidden=512 --set train.batch_size=4096");
  }
  fs::path run(const std::string& name) const { return folder_ / ("run/" + name); }
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "run")) {
      all[entry.path().filename()] = program::slurp(entry.path());
    }
    return all;
  }
  // Compared whole, but not shown whole.
  void expect_all_as_before() const { EXPECT_TRUE(files() == before_); }

  program::Folder folder_;
  std::map<std::string, std::string> before_;
};

TEST_F(Replace, WhatIsLeftOfARunIsNotReplacedUnasked) {
  for (const char* gone : {"model.safetensors", "last.safetensors"}) {
    fs::remove(run(gone));
  }
  before_ = files();
  expect_one_line(program::run(folder_, arguments("--steps 1")), 1, "metrics.jsonl: already there");
  expect_all_as_before();
}

TEST_F(Replace, WhatALinkLeadsToIsAnotherRuns) {
  fs::create_directory(folder_ / "other");
  fs::create_symlink("../run/model.safetensors", folder_ / "other/last.safetensors");
  expect_one_line(
      program::run(folder_, "train --quiet --overwrite --steps 1 --data " +
                                (folder_ / "words.txt") + " --out " + (folder_ / "other")),
      1, "other/last.safetensors: is a symbolic link");
  fs::remove(folder_ / "other/last.safetensors");
  fs::create_directory(folder_ / "other/last.safetensors");
  expect_one_line(
      program::run(folder_, "train --quiet --overwrite --steps 1 --data " +
                                (folder_ / "words.txt") + " --out " + (folder_ / "other")),
      1, "other/last.safetensors: is a directory");
  expect_all_as_before();
}

TEST_F(Replace, ItsDataIsNotWrittenOver) {
  spit(run("metrics.csv"), program::made_up_words(100));
  before_ = files();
  expect_one_line(
      program::run(folder_, "train --quiet --overwrite --steps 1 --data " +
                                run("metrics.csv").string() + " --out " + (folder_ / "run")),
      1, "metrics.csv: the data, which the run would write over");
  expect_all_as_before();
  const std::string events = folder_ / "new/events.out.tfevents.1.wavenet";
  fs::create_directory(folder_ / "new");
  spit(events, program::made_up_words(100));
  const std::string train = "train --quiet --steps 1 --out " + (folder_ / "new") + " --data ";
  expect_one_line(program::run(folder_, train + events + " --overwrite"), 1,
                  "events.out.tfevents.1.wavenet: the data");
  expect_one_line(program::run(folder_, train + (folder_ / "words.txt")), 1,
                  "events.out.tfevents.1.wavenet: already there");
  EXPECT_EQ(program::slurp(events), program::made_up_words(100));
}

// A batch norm has nothing to average over in a minibatch of one.
TEST_F(Replace, AFirstStepThatFailsLeavesTheOldRun) {
  expect_one_line(program::run(folder_, overwriting("--recipe tree-22k --set train.batch_size=1")),
                  1, "train.batch_size must be at least 2");
  expect_all_as_before();
  const Result told =
      program::run(folder_, overwriting("--recipe tree-22k --set train.batch_size=1 --json"));
  const json record = json::parse(told.out);
  EXPECT_NE(record["error"].get<std::string>().find("; nothing was written"), std::string::npos);
  EXPECT_TRUE(record["model"].is_null());
  EXPECT_EQ(record["steps"], 0);
  expect_all_as_before();
}

TEST_F(Replace, AFaultOfTheRecipeLeavesTheOldRun) {
  for (const char* fault : {"--set train.schedule=cosin", "--set train.bogus=1",
                            "--set train.keep=bets", "--recipe ngram-6 --steps 5"}) {
    EXPECT_EQ(program::run(folder_, overwriting(fault)).code, 2) << fault;
    expect_all_as_before();
  }
}

// A run that was killed as it began has its state of step 0; its parameters are broken here.
TEST_F(Replace, AFirstLossThatIsNotFiniteLeavesTheFolder) {
  for (const char* name : {"model.safetensors", "last.safetensors"}) {
    auto state = wavenet::train::read_checkpoint(run(name));
    state.step = 0;
    state.evaluated = 0;
    wavenet::Tensor& bias = state.tensors.at("head.bias");
    bias.data<float>()[0] = std::numeric_limits<float>::quiet_NaN();
    wavenet::train::write_checkpoint(run(name), state);
  }
  before_ = files();
  expect_one_line(program::run(folder_, arguments("--resume")), 1,
                  "the loss of step 0 is not finite");
  expect_all_as_before();
}

TEST_F(Replace, AStopBeforeTheFirstStepIsDoneLeavesTheOldRun) {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    Child child(slow(), folder_ / "output");
    ASSERT_TRUE(
        child.lived_until([&] { return wavenet::FolderLock::is_held(fs::path(folder_ / "run")); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    child.send(signal);
    EXPECT_EQ(child.wait(), signal == SIGKILL ? 128 + SIGKILL : 130);
    expect_all_as_before();
    if (signal != SIGKILL) {
      EXPECT_EQ(program::slurp(folder_ / "output"),
                "wavenet: stopped before the first step was done; nothing was written\n");
    }
  }
}

// Killed at any moment, a model loads, and what goes on is one of the two runs, whole.
TEST_F(Replace, AKillLeavesOneRunOrTheOther) {
  const std::string command = "--seed 2 --recipe " + (folder_ / "recipe.json");
  const auto whole = [&] {
    return std::vector{program::slurp(run("model.safetensors")),
                       program::slurp(run("last.safetensors")),
                       program::slurp(run("metrics.jsonl")), program::slurp(run("details.jsonl"))};
  };
  const auto old_run = whole();
  ASSERT_EQ(program::run(folder_, overwriting(command)).code, 0);
  const auto new_run = whole();
  ASSERT_FALSE(new_run == old_run);
  for (int pause = 0; pause < 30; pause += 2) {
    fs::remove_all(folder_ / "run");
    fs::create_directory(folder_ / "run");
    for (const auto& [name, content] : before_) {
      spit(run(name), content);
    }
    Child child(overwriting(command));
    if (child.lived_until([&] { return wavenet::FolderLock::is_held(run("")); })) {
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
      child.send(SIGKILL);
      child.wait();
    }
    EXPECT_EQ(program::run(folder_, "eval " + (folder_ / "run")).code, 0) << pause;
    const Result rest = program::run(folder_, arguments("--resume"));
    EXPECT_EQ(rest.code, 0) << rest.err;
    EXPECT_TRUE(whole() == old_run || whole() == new_run) << pause;
  }
}

// From the first step on, wherever it is killed, a model loads; nothing tells of the old run.
TEST_F(Replace, AFirstStepMakesTheFolderTheNewRuns) {
  Child child(overwriting("--no-report --recipe mlp-3 --set model.hidden=1000"));
  ASSERT_TRUE(child.lived_until([&] {
    const std::string card = program::slurp(run("run.json"));  // gone for a moment
    return !card.empty() && card != before_["run.json"];
  }));
  child.send(SIGKILL);
  child.wait();
  EXPECT_EQ(wavenet::train::read_checkpoint(folder_ / "run").recipe.text("model.kind"), "mlp");
  EXPECT_FALSE(fs::exists(run("last.safetensors")));
  EXPECT_FALSE(fs::exists(run("report.html")));
  EXPECT_EQ(program::slurp(run("metrics.jsonl")).find("\"split\""), std::string::npos);
  const Result resumed = program::run(folder_, arguments("--resume --steps 20 --no-report"));
  EXPECT_EQ(resumed.code, 0) << resumed.err;
}

}  // namespace
