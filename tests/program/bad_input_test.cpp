// Every kind of bad input ends in one clear line, exit 1 or 2, and leaves files as they were.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "tests/program/run.h"

namespace {

using program::expect_one_line;
using program::Folder;
using program::Result;
using program::run;
using program::slurp;
using program::spit;

class BadInput : public testing::Test {
 protected:
  // Trains on `text` as the list of words.
  Result train_on(const std::string& text) {
    spit(folder_ / "words.txt", text);
    return run(folder_,
               "train --steps 2 --data " + (folder_ / "words.txt") + " --out " + (folder_ / "out"));
  }
  std::string model() {
    const Result trained =
        run(folder_, "train --recipe mlp-3 --steps 2 --quiet --out " + (folder_ / "m"));
    EXPECT_EQ(trained.code, 0) << trained.err;
    return folder_ / "m/model.safetensors";
  }
  Folder folder_;
};

TEST_F(BadInput, NoSuchFile) {
  expect_one_line(run(folder_, "train --data " + (folder_ / "none.txt")), 1, "no such file");
  expect_one_line(run(folder_, "eval " + (folder_ / "none.safetensors")), 1, "no such file");
}

TEST_F(BadInput, Directory) {
  expect_one_line(run(folder_, "train --data " + (folder_ / "")), 1, "directory");
}

TEST_F(BadInput, EmptyFile) { expect_one_line(train_on(""), 1, "words.txt"); }
TEST_F(BadInput, OneLine) { expect_one_line(train_on("emma\n"), 1, "words.txt: 1 word"); }

TEST_F(BadInput, TenMegabyteLine) {
  expect_one_line(train_on("emma\n" + std::string(10 << 20, 'a') + "\n"), 1, "line 2");
}

TEST_F(BadInput, BinaryBytes) {
  expect_one_line(train_on(std::string("em\0ma\nava\n", 10)), 1, "line 1");
}

TEST_F(BadInput, InvalidUtf8) {
  expect_one_line(train_on("emma\nav\xff"
                           "a\n"),
                  1, "line 2");
}

TEST_F(BadInput, WordLongerThanAnyContext) {
  expect_one_line(train_on("emma\nava\n" + std::string(1001, 'a') + "\n"), 1, "1001");
}

TEST_F(BadInput, UnknownRecipeHintsAtTheNearest) {
  expect_one_line(run(folder_, "train --recipe tree-76"), 2, "tree-76k");
}

TEST_F(BadInput, MisspeltFlagHintsAtTheNearest) {
  expect_one_line(run(folder_, "train --stesp 3"), 2, "--steps");
  expect_one_line(run(folder_, "sample m --temp 0.8"), 2, "did you mean '--temperature'?");
}

TEST_F(BadInput, WhatStandsWithOrWithoutAFlagElsewhere) {
  expect_one_line(run(folder_, "train names.txt"), 2, "a file of data goes with --data");
  expect_one_line(run(folder_, "train --steps 5 --set train.steps=6"), 2,
                  "train.steps is given twice");
  expect_one_line(run(folder_, "--quiet train"), 2, "'--quiet'; it stands behind the verb");
  expect_one_line(run(folder_, "inspect --set model.hidden=3 --set model.hidden=4"), 2,
                  "model.hidden is given twice");
  expect_one_line(run(folder_, "doctor --data names.txt"), 2, "DATA stands without a flag");
  expect_one_line(run(folder_, "eval --model=runs/a"), 2, "MODEL stands without a flag");
}

TEST_F(BadInput, HelpNamesTheFlagsThatAreRequired) {
  const program::Result help = run(folder_, "convert --help");
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("wavenet convert [OPTIONS] --to convolution|nam MODEL"),
            std::string::npos)
      << help.out;
  EXPECT_NE(help.out.find("an amplifier a .nam file (required)"), std::string::npos) << help.out;
}

TEST_F(BadInput, MisspeltKeyHintsAtTheNearest) {
  expect_one_line(run(folder_, "train --set model.hiden=3 --out " + (folder_ / "out")), 2,
                  "model.hidden");
}

TEST_F(BadInput, ValuesThatNoFlagTakes) {
  const std::string steps = "must be a whole number from 1 to 1099511627776, got '";
  const std::string seed = "must be a whole number from 0 to 18446744073709551615, got '";
  for (const auto& [arguments, told] : std::vector<std::pair<std::string, std::string>>{
           {"train --steps -1", "--steps: " + steps + "-1'"},
           {"train --steps 0", "--steps: " + steps + "0'"},
           {"train --steps 3.5", "--steps: " + steps + "3.5'"},
           {"train --steps 1e3", "--steps: " + steps + "1e3'"},
           {"train --steps ''", "--steps: " + steps + "'"},
           {"train --log-every x", "--log-every: " + steps + "x'"},
           {"sample m -n ' 5'", "-n: " + steps + " 5'"},
           {"train --seed -1", "--seed: must be a whole number from 0 to 4294967295, got '-1'"},
           {"train --split-seed -7", "--split-seed: " + seed + "-7'"},
           {"sample m --seed 18446744073709551616", "--seed: " + seed + "18446744073709551616'"},
           {"train --threads 0", "--threads: must be a whole number from 1 to 1024, got '0'"},
           {"sample m --temperature hot", "--temperature: must be a number, got 'hot'"},
           {"sample m --top-p nan", "--top-p: must be a number, got 'nan'"},
           {"bench --seconds inf", "--seconds: must be a number, got 'inf'"},
           {"train --steps", "--steps: needs a value"},
           {"train --steps 5 --steps 5", "--steps: given more than once"},
           {"train --seed 1 --seed 2", "--seed: given more than once"},
           {"train --data ''", "--data: must not be empty"},
           {"train --out ''", "--out: must not be empty"},
           {"train --recipe ''", "--recipe: must not be empty"},
           {"doctor ''", "DATA: must not be empty"},
           {"eval ''", "MODEL: must not be empty"},
           {"report m --figures ''", "--figures: must not be empty"},
           {"report m ''", "DIR: must not be empty"},
           {"sample m --stop ''", "--stop: must not be empty"},
           {"", "no verb given; `wavenet --help` lists them"},
           {"train --resume --overwrite --out m", "--resume excludes --overwrite"},
           {"train --resume", "--resume needs --out"}}) {
    expect_one_line(run(folder_, arguments), 2, told);
  }
}

TEST_F(BadInput, FlagsOfEveryVerbAreSetOrNot) {
  for (const std::string verb : {"train", "eval m", "sample m", "score m", "inspect", "check m",
                                 "convert m --to convolution", "bench", "play m", "report m",
                                 "doctor", "study", "recipes", "capture signal"}) {
    for (const std::string flag : {"--quiet", "--json"}) {
      expect_one_line(run(folder_, verb + " " + flag + "=x"), 2,
                      "Could not convert: " + flag + " = x");
    }
  }
  const std::string novel = "sample " + model() + " -n 1 --novel --quiet";
  EXPECT_EQ(run(folder_, novel + "=true").err, "");
  EXPECT_NE(run(folder_, novel + "=false").err.find("left out: "), std::string::npos);
}

// Errors name what was typed, not the key of the recipe that it becomes.
TEST_F(BadInput, FlagsThatTheRecipeHasNoUseFor) {
  spit(folder_ / "text.txt", std::string(20'000, 'a') + "b");
  const std::string text = "train --recipe wavenet-text --data " + (folder_ / "text.txt");
  for (const auto& [arguments, told] : std::vector<std::pair<std::string, std::string>>{
           {"train --recipe ngram-6 --steps 5", "--steps: a model that counts takes no steps"},
           {"train --recipe ngram-6 --log-every 5",
            "--log-every: a model that counts takes no steps"},
           {"train --recipe ngram-6 --set train.steps=5", "reads key 'train.steps'"},
           {text + " --dedup", "--dedup: running text has no words to take as one"},
           {text + " --set data.dedup=true", "reads key 'data.dedup'"}}) {
    expect_one_line(run(folder_, arguments + " --quiet --out " + (folder_ / "out")), 2, told);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
  }
  const std::string on =
      "train --resume --out " + std::filesystem::path(model()).parent_path().string();
  expect_one_line(run(folder_, on + " --dedup"), 1, ": --dedup is true, was not set");
}

// torch.manual_seed reads 32 bits: seeds 2^32 apart would train the same network.
TEST_F(BadInput, SeedsThatWouldTrainTheSameNetwork) {
  const std::string out = " --quiet --out " + (folder_ / "out");
  expect_one_line(run(folder_, "train --recipe mlp-3 --steps 2 --seed 4294967296" + out), 2,
                  "--seed: must be at most 4294967295");
  expect_one_line(run(folder_, "study --quick --seed 4294967338"), 2,
                  "--seed: must be a whole number from 0 to 4294967295, got '4294967338'");
  EXPECT_EQ(run(folder_, "train --recipe mlp-3 --steps 2 --seed 4294967295" + out).code, 0);
}

// Decimal digits, as people mean them, up to the largest.
TEST_F(BadInput, ZerosBeforeANumberMeanNothing) {
  const Result trained = run(folder_,
                             "train --recipe mlp-3 --steps 010 --json --quiet --seed 04294967295 "
                             "--split-seed 18446744073709551615 --out " +
                                 (folder_ / "m"));
  EXPECT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.out.find("\"steps\":10,"), std::string::npos) << trained.out;
}

TEST_F(BadInput, APromptLongerThanTheWord) {
  expect_one_line(run(folder_, "sample " + model() + " --prompt emma --max-length 3"), 2,
                  "a word may have at most 3 characters, and the prompt alone has 4");
}

TEST_F(BadInput, CharactersThatTheModelDoesNotKnow) {
  const std::string path = model();
  expect_one_line(run(folder_, "score " + path + " zoé"), 1,
                  "score: 'zoé': the model has no token for 'é'; the known characters are 'a'");
  spit(folder_ / "other.txt", "zoé\nnoé\n");
  expect_one_line(run(folder_, "eval " + path + " --data " + (folder_ / "other.txt")), 1,
                  "other.txt: nothing is left of all: the model has no token for 'é'; the known");
}

TEST_F(BadInput, MisspeltVerbHintsAtTheNearest) {
  expect_one_line(run(folder_, "trian --steps 2"), 2, "'train'");
}

TEST_F(BadInput, UnwritableOut) {
  spit(folder_ / "file", "kept");
  expect_one_line(run(folder_, "train --steps 2 --quiet --out " + (folder_ / "file/run")), 1,
                  "file/run");
  EXPECT_EQ(slurp(folder_ / "file"), "kept");
}

TEST_F(BadInput, FullDisk) {
  // A file system of 64 KB in a name space of its own; the model needs five times that.
  const std::string mount = "mount -t tmpfs -o size=64k tmpfs " + (folder_ / "disk");
  std::filesystem::create_directory(folder_ / "disk");
  const std::string probe = "unshare -rm sh -c '" + mount + "' 2>/dev/null";
  if (std::system(probe.c_str()) != 0) {
    GTEST_SKIP() << "mounting a small tmpfs is not permitted here";
  }
  const std::string command =
      "unshare -rm sh -c '" + mount + " && echo kept >" + (folder_ / "disk/old") +
      " && { " WAVENET_PROGRAM " train --steps 2 --quiet --out " + (folder_ / "disk") + " 2>" +
      (folder_ / "stderr") + "; echo $? >" + (folder_ / "code") + "; cp " + (folder_ / "disk/old") +
      " " + (folder_ / "old") + "; ls " + (folder_ / "disk") + " >" + (folder_ / "left") + "; }'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  expect_one_line({std::stoi(slurp(folder_ / "code")), "", slurp(folder_ / "stderr")}, 1,
                  "No space left");
  EXPECT_EQ(slurp(folder_ / "old"), "kept\n");
  EXPECT_EQ(slurp(folder_ / "left").find("model.safetensors"), std::string::npos);
}

TEST_F(BadInput, TruncatedOrFlippedModel) {
  const std::string path = model();
  const std::string whole = slurp(path);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1}) {
    spit(folder_ / "cut.safetensors", whole.substr(0, size));
    expect_one_line(run(folder_, "eval " + (folder_ / "cut.safetensors")), 1, "cut.safetensors");
  }
  for (const std::size_t at :
       {std::size_t{3}, std::size_t{40}, whole.size() / 2, whole.size() - 1}) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    spit(folder_ / "flip.safetensors", flipped);
    expect_one_line(run(folder_, "sample " + (folder_ / "flip.safetensors")), 1,
                    "flip.safetensors");
  }
}

TEST_F(BadInput, HeaderClaimingMoreThanTheFile) {
  std::string header(8, '\0');
  header[7] = 0x10;  // 2^60, little endian
  spit(folder_ / "huge.safetensors", header + "{}");
  expect_one_line(run(folder_, "eval " + (folder_ / "huge.safetensors")), 1, "1152921504606846976");
  spit(folder_ / "pointer.safetensors",
       "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n");
  expect_one_line(run(folder_, "eval " + (folder_ / "pointer.safetensors")), 1, "Git LFS pointer");
}

TEST_F(BadInput, PromptOutsideTheVocabulary) {
  const std::string path = model();
  expect_one_line(run(folder_, "sample " + path + " --prompt Æ"), 1, "--prompt: ");
  expect_one_line(run(folder_, "sample " + path + " --prompt Æ"), 1, "'Æ'");
  expect_one_line(run(folder_, "sample " + path + " --prompt a\xff"), 1, "--prompt: not UTF-8");
}

TEST_F(BadInput, SamplingOptionsOutOfRange) {
  const std::string path = model();
  expect_one_line(run(folder_, "sample " + path + " --temperature -1"), 2, "temperature");
  expect_one_line(run(folder_, "sample " + path + " --top-p 0"), 2, "top-p");
}

TEST_F(BadInput, AFinishedModelIsNotOverwritten) {
  const std::string path = model();
  const std::string before = slurp(path);
  expect_one_line(run(folder_, "train --recipe mlp-3 --steps 3 --quiet --out " + (folder_ / "m")),
                  1, "--resume");
  EXPECT_EQ(slurp(path), before);
}

}  // namespace
