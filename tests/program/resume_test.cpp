// Runs that are stopped and go on: every kind of run ends in the bits of one that was not stopped.
#include <gtest/gtest.h>

#include "tests/program/child.h"
#include "tests/program/made_up.h"
#include "wavenet/train/checkpoint.h"

namespace {

namespace fs = std::filesystem;
using program::Child;
using program::json;

// Changes to a recipe of 200 steps, and the threads of the whole run and of the stopped one.
struct Kind {
  const char* name;
  json changes;
  int whole_threads = 1;
  int stopped_threads = 1;
};

json tree() {
  return {{"model", {{"kind", "tree"}, {"block_size", 8}, {"embedding", 6}, {"hidden", 40}}},
          {"data", {{"format", "lines"}}},
          {"train",
           {{"steps", 200},
            {"batch_size", 32},
            {"optimizer", "sgd"},
            {"schedule", "constant"},
            {"learning_rate", 0.1},
            {"eval_every", 60}}}};
}

json wavenet() {
  json recipe = program::small_wavenet();
  recipe["train"]["steps"] = 200;
  recipe["train"]["eval_every"] = 60;
  return recipe;
}

std::vector<Kind> kinds() {
  json step = tree();
  step["train"].update({{"schedule", "step"}, {"drop_at", 150}, {"final_learning_rate", 0.01}});
  json momentum = tree();
  momentum["train"].update(
      {{"schedule", "cosine"}, {"momentum", 0.9}, {"warmup", 10}, {"weight_decay", 0.01}});
  json averaged = tree();
  averaged["train"].update({{"optimizer", "adamw"}, {"learning_rate", 0.003}, {"ema", 0.95}});
  json last = wavenet();
  last["train"].update({{"keep", "last"}, {"ema", 0.0}, {"label_smoothing", 0.05}});
  json patient = wavenet();
  patient["train"].update({{"patience", 50}, {"eval_every", 7}});
  return {{"SgdStepThreads2", step, 1, 2},    {"SgdMomentumCosine", momentum},
          {"TreeAdamwAverage", averaged},     {"WavenetDropoutAverageBest", wavenet(), 2, 1},
          {"WavenetLastThreads", last, 1, 2}, {"WavenetPatience", patient}};
}

class Resume : public testing::TestWithParam<Kind> {
 protected:
  std::string arguments(const std::string& out, int threads) {
    program::spit(folder_ / "recipe.json", GetParam().changes.dump());
    program::spit(folder_ / "words.txt", program::made_up_words(300));
    return "train --quiet --log-every 9 --recipe " + (folder_ / "recipe.json") + " --data " +
           (folder_ / "words.txt") + " --out " + (folder_ / out) + " --threads " +
           std::to_string(threads);
  }
  std::string file(const std::string& name) const { return program::slurp(folder_ / name); }

  program::Folder folder_;
};

// Ctrl-C at any step saves; kills in between lose only what the log then repeats.
TEST_P(Resume, EndsInTheSameBits) {
  ASSERT_EQ(program::run(folder_, arguments("whole", GetParam().whole_threads)).code, 0)
      << program::slurp(folder_ / "stderr");
  const std::string command = arguments("stopped", GetParam().stopped_threads);
  int stops = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const bool again = fs::exists(folder_ / "stopped/model.safetensors");
    Child child(command + (again ? " --resume" : ""), folder_ / "output");
    const auto size = [&] {
      return fs::exists(folder_ / "stopped/metrics.jsonl")
                 ? fs::file_size(folder_ / "stopped/metrics.jsonl")
                 : 0;
    };
    const auto before = again ? size() : 0;
    const bool lived = child.lived_until([&] { return size() > before + 200; });
    child.send(attempt % 2 == 0 ? SIGTERM : SIGKILL);
    const int code = child.wait();
    if (code == 0 || file("output").find("model: ") != std::string::npos) {
      break;  // it had come to its end
    }
    if (lived) {
      EXPECT_EQ(code, attempt % 2 == 0 ? 130 : 128 + SIGKILL) << file("output");
      ++stops;
    }
  }
  EXPECT_GE(stops, 1);
  if (program::run(folder_, command + " --resume").code != 0) {
    FAIL() << program::slurp(folder_ / "stderr");
  }
  for (const char* name : {"/model.safetensors", "/last.safetensors"}) {
    EXPECT_TRUE(file("stopped" + std::string(name)) == file("whole" + std::string(name))) << name;
  }
  EXPECT_EQ(file("stopped/metrics.jsonl"), file("whole/metrics.jsonl"));
  EXPECT_TRUE(file("stopped/details.jsonl") == file("whole/details.jsonl"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Resume, testing::ValuesIn(kinds()),
                         [](const auto& kind) { return std::string(kind.param.name); });

// What a run does when it is asked to stop, or when its folder fails.
class Stopping : public testing::Test {
 protected:
  std::string arguments(const std::string& more = "") {
    json recipe = wavenet();
    recipe["train"]["steps"] = 100'000;
    recipe["train"]["eval_every"] = 20;
    program::spit(folder_ / "recipe.json", recipe.dump());
    program::spit(folder_ / "words.txt", program::made_up_words(300));
    return "train --quiet --recipe " + (folder_ / "recipe.json") + " --data " +
           (folder_ / "words.txt") + " --out " + (folder_ / "run") + more;
  }
  std::string slurp_errors() const { return program::slurp(folder_ / "stderr"); }
  bool has_begun() const {
    const std::string last = folder_ / "run/last.safetensors";
    return fs::exists(last) && ::wavenet::train::read_checkpoint(last).step > 0;
  }

  program::Folder folder_;
};

TEST_F(Stopping, SavesAndExitsWith130) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Child child(arguments(" --overwrite"), folder_ / "output");
    ASSERT_TRUE(child.lived_until([&] { return has_begun(); }))
        << program::slurp(folder_ / "output");
    child.send(signal);
    EXPECT_EQ(child.wait(), 130);
    EXPECT_NE(program::slurp(folder_ / "output").find("` goes on"), std::string::npos);
    EXPECT_EQ(program::run(folder_, "eval " + (folder_ / "run")).code, 0);
    fs::remove(folder_ / "run/last.safetensors");
  }
}

// As a closing terminal sends it, by the shell and by the system.
TEST_F(Stopping, ATerminalThatClosesLosesNothing) {
  Child child(arguments(), folder_ / "output");
  ASSERT_TRUE(child.lived_until([&] { return has_begun(); }));
  child.send(SIGHUP);
  child.send(SIGHUP);
  EXPECT_EQ(child.wait(), 130);
  EXPECT_NE(program::slurp(folder_ / "output").find("stopped after step"), std::string::npos);
}

// What a page tells of a run in its folder: under way, stopped, under way again, or ended.
TEST_F(Stopping, ThePageSaysWhetherTheRunIsUnderWay) {
  const std::string page = folder_ / "run/report.html";
  const auto tells = [&](const std::string& text) {
    return program::slurp(page).find(text) != std::string::npos;
  };
  {
    Child child(arguments(" --overwrite"));
    ASSERT_TRUE(child.lived_until([&] { return has_begun() && fs::exists(page); }));
    EXPECT_TRUE(tells("http-equiv=\"refresh\""));
    child.send(SIGTERM);
    EXPECT_EQ(child.wait(), 130);
    EXPECT_TRUE(tells(">stopped; its log ends at step "));
    EXPECT_FALSE(tells("http-equiv"));
  }
  {
    Child child(arguments(" --resume"));
    ASSERT_TRUE(child.lived_until([&] { return tells("http-equiv=\"refresh\""); }));
    EXPECT_EQ(program::run(folder_, "report " + (folder_ / "run")).code, 0);
    EXPECT_TRUE(tells("http-equiv=\"refresh\""));
    child.send(SIGKILL);
  }
  EXPECT_EQ(program::run(folder_, "report " + (folder_ / "run")).code, 0);
  EXPECT_TRUE(tells(">stopped; its log ends at step "));
}

TEST_F(Stopping, AFolderHasOneRunAtATime) {
  Child child(arguments(" --overwrite"));
  ASSERT_TRUE(child.lived_until([&] { return has_begun(); }));
  for (const char* how : {" --overwrite", " --resume"}) {
    program::expect_one_line(program::run(folder_, arguments(how)), 1,
                             "another run trains in it; wait for it, or choose another --out");
  }
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), 130);
}

// The command that is printed is enough: the run knows its recipe, data and seeds.
TEST_F(Stopping, GoesOnByItsFolderAlone) {
  const std::string begun =
      arguments(" --seed 7 --set train.schedule=constant --set train.warmup=0");
  Child child(begun, folder_ / "output");
  ASSERT_TRUE(child.lived_until([&] { return has_begun(); }));
  child.send(SIGTERM);
  ASSERT_EQ(child.wait(), 130);
  EXPECT_NE(program::slurp(folder_ / "output")
                .find("`wavenet train --resume --out " + (folder_ / "run") + "` goes on"),
            std::string::npos);
  const auto step = ::wavenet::train::read_checkpoint(folder_ / "run/last.safetensors").step;
  const std::string more =
      "train --resume --quiet --out " + (folder_ / "run") + " --steps " + std::to_string(step + 10);
  ASSERT_EQ(program::run(folder_, more).code, 0) << program::slurp(folder_ / "stderr");
  const std::string out = " --out " + (folder_ / "whole");
  const std::string whole =
      begun.substr(0, begun.find(" --out")) + out +
      " --seed 7 --set train.schedule=constant --set train.warmup=0 --steps " +
      std::to_string(step + 10);
  ASSERT_EQ(program::run(folder_, whole).code, 0) << program::slurp(folder_ / "stderr");
  EXPECT_TRUE(program::slurp(folder_ / "run/last.safetensors") ==
              program::slurp(folder_ / "whole/last.safetensors"));
  const json card = json::parse(program::slurp(folder_ / "run/run.json"));
  EXPECT_EQ(card["command"], "wavenet " + begun + " --steps " + std::to_string(step + 10));
  EXPECT_EQ(card["recipe"]["train"]["steps"], step + 10);
}

TEST_F(Stopping, TellsThatDataFromAPipeIsNeededAgain) {
  const std::string command = arguments();
  const std::string data = folder_ / "words.txt";
  std::string piped = command;
  piped.replace(piped.find(data), data.size(), "-");
  ASSERT_EQ(program::run(folder_, piped + " --steps 3 <" + data).code, 0);
  program::expect_one_line(program::run(folder_, "train --resume --out " + (folder_ / "run")), 2,
                           "came by standard input; give it again with --data -");
  const std::string again = "train --resume --quiet --data - --steps 3 --out " + (folder_ / "run");
  EXPECT_EQ(program::run(folder_, again + " <" + data).code, 0);
}

// It is looked for where it was last, from then on.
TEST_F(Stopping, DataThatWasMovedIsNamedOnce) {
  const std::string begun = arguments(" --set train.schedule=constant");
  ASSERT_EQ(program::run(folder_, begun + " --steps 3").code, 0);
  fs::rename(folder_ / "words.txt", folder_ / "moved.txt");
  const std::string more = "train --resume --quiet --out " + (folder_ / "run") + " --steps ";
  program::expect_one_line(program::run(folder_, more + "6"), 1,
                           "words.txt: no such file here; the run was begun with it");
  EXPECT_EQ(program::run(folder_, more + "6 --data " + (folder_ / "moved.txt")).code, 0);
  EXPECT_EQ(program::run(folder_, more + "9").code, 0) << slurp_errors();
  const std::string piped = more + "12 --data - <" + (folder_ / "moved.txt");
  EXPECT_EQ(program::run(folder_, piped).code, 0) << slurp_errors();
  EXPECT_EQ(program::run(folder_, more + "15").code, 0) << slurp_errors();
}

// Windows of the log stay as long as they were, and a recipe's name brings no steps of its own.
TEST_F(Stopping, WhatTheCommandLeavesOutIsTheRuns) {
  const std::string begun = arguments(" --log-every 7 --set train.schedule=constant");
  ASSERT_EQ(program::run(folder_, begun + " --steps 20").code, 0);
  const std::string more = "train --resume --quiet --out " + (folder_ / "run");
  ASSERT_EQ(program::run(folder_, more + " --steps 40").code, 0);
  std::istringstream log(program::slurp(folder_ / "run/metrics.jsonl"));
  std::vector<std::int64_t> steps;
  for (std::string line; std::getline(log, line);) {
    const json record = json::parse(line);
    if (record.contains("lr")) {
      steps.push_back(record["steps_done"]);
    }
  }
  EXPECT_EQ(steps, (std::vector<std::int64_t>{7, 14, 20, 21, 28, 35, 40}));
  const std::string recipe =
      " --set train.schedule=constant --recipe " + (folder_ / "recipe.json");  // of 100,000 steps
  ASSERT_EQ(program::run(folder_, more + recipe).code, 0);
  EXPECT_EQ(::wavenet::train::read_checkpoint(folder_ / "run/last.safetensors").step, 40);
}

// Both take the folder that is free next; the second finds it taken only as it writes.
TEST_F(Stopping, RunsWithoutAFolderOfTheirOwnKeepApart) {
  const std::string command =
      "cd " + (folder_ / "") +
      " && for i in 1 2 3 4; do " WAVENET_PROGRAM
      " train --quiet --no-report --recipe mlp-3 --steps 3 >out$i & "
      "all=\"$all $!\"; done; for one in $all; do wait $one || exit 1; done";
  ASSERT_EQ(std::system(command.c_str()), 0);
  for (const char* name : {"runs/mlp-3", "runs/mlp-3-2", "runs/mlp-3-3", "runs/mlp-3-4"}) {
    EXPECT_TRUE(fs::exists(folder_ / (std::string(name) + "/model.safetensors"))) << name;
  }
}

TEST_F(Stopping, ALoadableModelIsThereFromTheFirstStepOn) {
  Child child(arguments());
  ASSERT_TRUE(child.lived_until([&] { return fs::exists(folder_ / "run/last.safetensors"); }));
  child.send(SIGKILL);
  child.wait();
  EXPECT_EQ(program::run(folder_, "eval " + (folder_ / "run")).code, 0);
}

TEST_F(Stopping, AFolderRemovedMidRunLosesNothing) {
  Child child(arguments(), folder_ / "output");
  ASSERT_TRUE(child.lived_until([&] { return has_begun(); }));
  fs::rename(folder_ / "run", folder_ / "gone");
  EXPECT_EQ(child.wait(), 1);
  const std::string message = program::slurp(folder_ / "output");
  const std::string before = "the run is saved in ";
  const auto at = message.find(before);
  ASSERT_NE(at, std::string::npos) << message;
  const std::string rest = message.substr(at + before.size());
  const fs::path rescued = rest.substr(0, rest.find(','));
  EXPECT_EQ(program::run(folder_, "eval " + rescued.string()).code, 0) << rescued;
  EXPECT_GT(::wavenet::train::read_checkpoint(rescued / "last.safetensors").step, 0);
  const json card = json::parse(program::slurp(rescued / "run.json"));
  EXPECT_NE(card["command"].get<std::string>().find(folder_ / "run"), std::string::npos);
  Child goes_on("train --resume --out " + rescued.string());
  ASSERT_TRUE(goes_on.lived_until([&] { return fs::exists(rescued / "metrics.jsonl"); }));
  goes_on.send(SIGTERM);
  EXPECT_EQ(goes_on.wait(), 130);
  fs::remove_all(rescued);
}

// The process may write no file beyond 64 KiB, which stands for a full disk: the log fails first,
// or a checkpoint; what was saved stays whole.
// The run that was moved keeps its lock; what stands under its name now is another's.
TEST_F(Stopping, AnotherRunUnderItsNameIsLeftAlone) {
  Child child(arguments(), folder_ / "output");
  ASSERT_TRUE(child.lived_until([&] { return has_begun(); }));
  child.send(SIGSTOP);
  fs::rename(folder_ / "run", folder_ / "moved");
  ASSERT_EQ(program::run(folder_, arguments(" --steps 3 --seed 2")).code, 0);
  const std::string model = program::slurp(folder_ / "run/model.safetensors");
  child.send(SIGCONT);
  EXPECT_EQ(child.wait(), 1);
  const std::string told = program::slurp(folder_ / "output");
  EXPECT_NE(told.find("/run: was moved, removed or replaced; the run is saved in "), told.npos)
      << told;
  EXPECT_TRUE(program::slurp(folder_ / "run/model.safetensors") == model);
  fs::remove_all(
      told.substr(told.find("saved in ") + 9, told.find(", up to") - told.find("saved in ") - 9));
}

// A run that goes on has the best model of those before it, and what is rescued has it too.
TEST_F(Stopping, TheBestModelIsRescuedAfterAResumeToo) {
  {
    Child child(arguments());
    ASSERT_TRUE(child.lived_until([&] { return has_begun(); }));
    child.send(SIGTERM);
    EXPECT_EQ(child.wait(), 130);
  }
  Child child(arguments(" --resume --set train.eval_every=20"), folder_ / "output");
  const std::string log = folder_ / "run/metrics.jsonl";
  const auto size = fs::file_size(log);
  ASSERT_TRUE(child.lived_until([&] { return fs::file_size(log) > size; }));
  fs::rename(folder_ / "run", folder_ / "gone");
  EXPECT_EQ(child.wait(), 1);
  const std::string told = program::slurp(folder_ / "output");
  const auto at = told.find("saved in ") + 9;
  const fs::path rescued = told.substr(at, told.find(", up to") - at);
  EXPECT_EQ(program::run(folder_, "eval " + rescued.string()).code, 0) << told;
  fs::remove_all(rescued);
}

// The best model is not where training goes on from.
TEST_F(Stopping, ARunWithoutItsLastStateIsTold) {
  ASSERT_EQ(program::run(folder_, arguments(" --steps 30 --set train.schedule=constant")).code, 0);
  fs::remove(folder_ / "run/last.safetensors");
  program::expect_one_line(
      program::run(folder_, "train --resume --steps 40 --out " + (folder_ / "run")), 1,
      "last.safetensors: no such file, and training goes on from it; model.safetensors");
  EXPECT_EQ(program::run(folder_, "eval " + (folder_ / "run")).code, 0);
}

// As runs were begun before such seeds were refused.
TEST_F(Stopping, ARunWithALargeSeedGoesOn) {
  const std::uint64_t large = (std::uint64_t{1} << 32U) + 7;
  const std::string begun = arguments(" --steps 30 --set train.schedule=constant");
  ASSERT_EQ(program::run(folder_, begun).code, 0);
  for (const char* name : {"run/last.safetensors", "run/model.safetensors"}) {
    auto state = ::wavenet::train::read_checkpoint(folder_ / name);
    state.seed = large;
    ::wavenet::train::write_checkpoint(folder_ / name, state);
  }
  const std::string more = "train --resume --quiet --out " + (folder_ / "run") + " --steps ";
  EXPECT_EQ(program::run(folder_, more + "40").code, 0) << slurp_errors();
  EXPECT_EQ(program::run(folder_, more + "50 --seed " + std::to_string(large)).code, 0)
      << slurp_errors();
  EXPECT_EQ(::wavenet::train::read_checkpoint(folder_ / "run/last.safetensors").seed, large);
}

// A state alone, as may be all that was rescued, is a run too.
TEST_F(Stopping, AStateWithoutAModelIsNotReplaced) {
  ASSERT_EQ(program::run(folder_, arguments(" --steps 3")).code, 0);
  fs::remove(folder_ / "run/model.safetensors");
  program::expect_one_line(program::run(folder_, arguments(" --steps 3")), 1,
                           "last.safetensors: already there");
}

TEST_F(Stopping, ALossOnValThatIsNotFiniteIsAVerdict) {
  const std::string wild =
      " --log-every 1 --steps 40 --set train.learning_rate=1e4 "
      "--set train.warmup=0 --set train.clip=0 --set train.eval_every=1";
  const program::Result result = program::run(folder_, arguments(wild));
  EXPECT_EQ(result.code, 1);
  EXPECT_NE(result.err.find("is not finite, at a learning rate of "), std::string::npos)
      << result.err;
  EXPECT_NE(program::slurp(folder_ / "run/details.jsonl").find("\"verdict\":\"diverging\""),
            std::string::npos);
  EXPECT_EQ(program::run(folder_, "eval " + (folder_ / "run")).out.find("nan"), std::string::npos);
}

// The page is made from the log; training does not depend on it.
TEST_F(Stopping, APageThatCannotBeMadeStopsNothing) {
  fs::create_directories(folder_ / "run/report.html/x");
  const program::Result result =
      program::run(folder_, arguments(" --steps 60").replace(6, 8, ""));  // not quiet
  EXPECT_EQ(result.code, 1);                                              // said in the end
  EXPECT_NE(result.out.find("model: "), std::string::npos);
  EXPECT_NE(result.err.find("warning: " + (folder_ / "run/report.html")), std::string::npos);
}

TEST_F(Stopping, AFullDiskLeavesTheLastGoodFiles) {
  const std::string command = "ulimit -f 64; exec " WAVENET_PROGRAM " " +
                              arguments(" --log-every 1") + " > " + (folder_ / "output") + " 2>&1";
  program::spit(folder_ / "run.sh", "trap '' XFSZ\n" + command + "\n");
  const int status = std::system(("bash " + (folder_ / "run.sh")).c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  const std::string message = program::slurp(folder_ / "output");
  EXPECT_NE(message.find("cannot be written"), std::string::npos) << message;
  EXPECT_EQ(program::run(folder_, "eval " + (folder_ / "run")).code, 0);
}

}  // namespace
