// From a recording to a model, to a .nam file, to sound, as a user goes.
#include "tests/amplifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/program/run.h"
#include "wavenet/base/base64.h"
#include "wavenet/base/split_mix.h"
#include "wavenet/sound/read.h"
#include "wavenet/sound/wav_bytes.h"
#include "wavenet/sound/write.h"

namespace {

using namespace wavenet;
using nlohmann::json;
using program::Result;

class TrainedAmplifier : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<float> in;
    for (std::size_t i = 0; i < 96'000; ++i) {
      in.push_back(static_cast<float>(unit_interval(split_mix(i)) - 0.5));
    }
    sound::write_wav(folder_ / "in.wav", in, 48'000, sound::Sample::int24);
    sound::write_wav(folder_ / "out.wav", amplified(in, 48'000), 48'000, sound::Sample::int24);
    run_ = folder_ / "run";
  }
  Result run(const std::string& arguments) { return program::run(folder_, arguments); }
  std::string train(const std::string& recipe, int steps) const {
    return "train --quiet --recipe " + recipe + " --steps " + std::to_string(steps) + " --data " +
           (folder_ / "in.wav") + "," + (folder_ / "out.wav") +
           " --set data.latency=0 --set data.outputs=4096 --set train.batch_size=4 "
           "--set train.eval_every=2 --out " +
           run_;
  }

  program::Folder folder_;
  std::string run_;
};

TEST_F(TrainedAmplifier, BecomesAFileThatPlays) {
  const Result trained = run(train("amp-nano", 4));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.out.find("(ESR: "), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("best linear filter"), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("wavenet convert "), std::string::npos) << trained.out;

  const Result converted = run("convert " + run_ + " --to nam");
  ASSERT_EQ(converted.code, 0) << converted.err;
  EXPECT_NE(converted.out.find("model.nam: 841 parameters, 4093 samples seen"), std::string::npos)
      << converted.out;
  program::expect_one_line(run("convert " + run_ + " --to nam"), 1, "already there");
  program::expect_one_line(run("convert " + run_ + " --to convolution"), 2, "only a tree");

  const std::string out = folder_ / "heard.wav";
  const Result played =
      run("play " + run_ + "/model.nam " + (folder_ / "in.wav") + " --out " + out);
  ASSERT_EQ(played.code, 0) << played.err;
  const std::vector<float> answer = sound::read_all(out);
  ASSERT_EQ(answer.size(), 96'000U);

  // What the report lets hear is what the file plays: of val, its last tenth, at the level of training.
  const std::string scale = json::parse(program::slurp(run_ + "/run.json"))["data"]["scale"];
  std::vector<float> heard;
  std::istringstream log(program::slurp(run_ + "/details.jsonl"));
  for (std::string line; std::getline(log, line);) {
    const json record = json::parse(line);
    if (record.value("sound", "") == "model") {
      heard = sound::levels_of(from_base64(record["codes"].get<std::string>(), "codes"), 16);
    }
  }
  ASSERT_EQ(heard.size(), 9'600U);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    ASSERT_NEAR(heard[i], answer[86'400 + i] * std::stof(scale), 0.5 / 32'768 + 1e-5) << i;
  }
}

TEST_F(TrainedAmplifier, IsJudgedAndGoesOnToTheSameBits) {
  const std::string constant = " --set train.final_learning_rate=0.004";  // whatever the steps
  ASSERT_EQ(run(train("amp-nano", 4) + constant).code, 0);
  const std::string whole = program::slurp(run_ + "/model.safetensors");
  const Result judged = run("eval " + run_ + " --split val --json");
  ASSERT_EQ(judged.code, 0) << judged.err;
  EXPECT_GT(json::parse(judged.out)["loss"].get<double>(), 0);
  const Result bench = run("bench --seconds 0.02 --threads 1 " + run_);
  EXPECT_EQ(bench.code, 0) << bench.err;
  EXPECT_EQ(bench.out.find("% of the peak"), std::string::npos)
      << bench.out;  // which nobody counts

  run_ = folder_ / "parts";
  ASSERT_EQ(run(train("amp-nano", 2) + constant).code, 0);
  const Result resumed = run("train --quiet --resume --steps 4 --out " + run_);
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(program::slurp(run_ + "/model.safetensors"), whole);
}

TEST_F(TrainedAmplifier, OfTwoWidthsHoldsBoth) {
  const Result trained = run(train("amp-a2", 2));
  ASSERT_EQ(trained.code, 0) << trained.err;
  ASSERT_EQ(run("convert " + run_ + " --to nam").code, 0);
  const Result told = run("inspect " + run_ + "/model.nam");
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.out.find("1871"), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("12146"), std::string::npos) << told.out;
}

TEST_F(TrainedAmplifier, IsRefusedWhereWordsAreMeant) {
  ASSERT_EQ(run(train("amp-nano", 2)).code, 0);
  for (const std::string verb : {"sample", "score", "check"}) {
    const Result refused = run(verb + " " + run_ + (verb == "score" ? " emma" : ""));
    EXPECT_NE(refused.code, 0) << verb;
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << verb << refused.err;
  }
}

}  // namespace
