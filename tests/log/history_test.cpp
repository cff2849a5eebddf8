#include "wavenet/log/history.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/folder.h"
#include "tests/program/run.h"
#include "wavenet/base/check.h"
#include "wavenet/log/fields.h"
#include "wavenet/log/record_json.h"

namespace wavenet {
namespace {

History lines(const std::string& text) {
  History records;
  add_lines(text, "m.jsonl", records);
  return records;
}

TEST(History, ReadsEveryKind) {
  const History run = lines(
      R"({"steps_done":10,"loss":3.25,"lr":0.1})"
      "\n"
      R"({"steps_done":10,"split":"val","loss":2.5})"
      "\n"
      R"({"steps_done":10,"layer":"a.tanh","kind":"Tanh","activation":{"low":-1,"high":1,"counts":[3,4],)"
      R"("mean":0.5,"std":0.25},"gradient":{"low":-2,"high":2,"counts":[1],"mean":0,"std":1},)"
      R"("saturated":0.03,"dead":0.5})"
      "\n"
      R"({"steps_done":10,"parameter":"a.weight","std":0.3,"gradient_std":0.02,"update_ratio":-3.1})"
      "\n"
      R"({"steps_done":10,"norm":"a.norm","mean":[-1,0,1],"variance":[0.5,1,2]})"
      "\n"
      R"({"steps_done":10,"samples":[{"text":"emma","known":true},{"text":"zoë"}]})"
      "\n"
      R"({"steps_done":10,"sound":"val/a.wav","rate":16000,"codes":"gP8A"})"
      "\n"
      R"({"steps_done":10,"files":[{"name":"a.wav","loss":2.5,"samples":8000}],"of":"val"})"
      "\n"
      R"({"steps_done":10,"counts":[3,0,7],"of":"train"})"
      "\n"
      R"({"steps_done":10,"verdict":"dead","because":"b","try":"t"})"
      "\n");
  ASSERT_EQ(run.windows.size(), 1U);
  EXPECT_EQ(run.windows[0].step, 10);
  EXPECT_EQ(run.windows[0].loss, 3.25);
  EXPECT_EQ(run.windows[0].rate, 0.1);
  ASSERT_EQ(run.evaluations.size(), 1U);
  EXPECT_EQ(run.evaluations[0].split, "val");
  ASSERT_EQ(run.layers.size(), 1U);
  EXPECT_EQ(run.layers[0].name, "a.tanh");
  EXPECT_EQ(run.layers[0].activation.counts, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(run.layers[0].gradient->high, 2);
  EXPECT_EQ(run.layers[0].saturated, 0.03);
  EXPECT_EQ(run.layers[0].dead, 0.5);
  ASSERT_EQ(run.parameters.size(), 1U);
  EXPECT_EQ(run.parameters[0].update_ratio, -3.1);
  ASSERT_EQ(run.norms.size(), 1U);
  EXPECT_EQ(run.norms[0].variance, (Spread{0.5, 1, 2}));
  ASSERT_EQ(run.samples.size(), 1U);
  EXPECT_EQ(run.samples[0].samples[0].known, true);
  EXPECT_EQ(run.samples[0].samples[1].text, "zoë");
  EXPECT_FALSE(run.samples[0].samples[1].known.has_value());
  ASSERT_EQ(run.sounds.size(), 1U);
  EXPECT_EQ(run.sounds[0].name, "val/a.wav");
  EXPECT_FALSE(run.sounds[0].drawn());
  EXPECT_EQ(run.sounds[0].rate, 16'000);
  EXPECT_EQ(run.sounds[0].codes, std::string("\x80\xff\0", 3));
  ASSERT_EQ(run.file_losses.size(), 1U);
  EXPECT_EQ(run.file_losses[0].split, "val");
  EXPECT_EQ(run.file_losses[0].files.at(0).name, "a.wav");
  EXPECT_EQ(run.file_losses[0].files[0].loss, 2.5);
  EXPECT_EQ(run.file_losses[0].files[0].samples, 8000);
  ASSERT_EQ(run.codes.size(), 1U);
  EXPECT_EQ(run.codes[0].of, "train");
  EXPECT_EQ(run.codes[0].counts, (std::vector<std::int64_t>{3, 0, 7}));
  ASSERT_EQ(run.verdicts.size(), 1U);
  EXPECT_EQ(run.verdicts[0].advice, "t");
  EXPECT_EQ(run.steps_done(), 10);
}

TEST(History, AWindowIsReadAlikeHoweverItIsSpelt) {
  const History quick = lines("{\"steps_done\":200000,\"loss\":1.7690282,\"lr\":1e-06}\n");
  const History slow = lines("{\"lr\": 1e-06, \"loss\": 1.7690282, \"step\": 199999 }\n");
  for (const History& run : {quick, slow}) {
    ASSERT_EQ(run.windows.size(), 1U);
    EXPECT_EQ(run.windows[0].step, 200'000);
    EXPECT_EQ(run.windows[0].loss, 1.7690282);
    EXPECT_EQ(run.windows[0].rate, 1e-6);
  }
}

TEST(History, DropsALineCutShortAndSkipsUnknownKinds) {
  const History run = lines(
      "{\"step\":0,\"loss\":3,\"lr\":1}\n{\"step\":1,\"weather\":\"fair\"}\n{\"step\":1,\"lo");
  EXPECT_EQ(run.windows.size(), 1U);
  EXPECT_EQ(run.steps_done(), 1);
}

TEST(History, WhatF32CannotHoldIsNoNumber) {
  const History run =
      lines("{\"step\":0,\"loss\":null,\"lr\":1}\n{\"step\":1,\"loss\":1e300,\"lr\":1}\n");
  EXPECT_TRUE(std::isnan(run.windows.at(0).loss));
  EXPECT_TRUE(std::isnan(run.windows.at(1).loss));
}

TEST(History, NamesFileLineAndRule) {
  const std::string good = "{\"step\":0,\"loss\":3,\"lr\":1}\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"[1]", "must be a JSON object, got a list"},
      {"",
       "no JSON: syntax error while parsing value - unexpected end of input; expected '[', '{', or "
       "a literal"},
      {R"({"step":-1,"loss":1,"lr":1})", R"("step" must be 0 to 1125899906842624, got -1)"},
      {R"({"step":18446744073709551615,"loss":1,"lr":1})",
       R"("step" must be 0 to 1125899906842624, got 18446744073709551615)"},
      {R"({"step":1.5,"loss":1,"lr":1})", R"("step" must be an integer, got a number)"},
      {R"({"step":1,"loss":"x","lr":1})", R"("loss" must be a number, got text)"},
      {R"({"step":1,"loss":1})", R"("lr" is missing)"},
      {R"({"step":1,"split":["val"],"loss":1})", R"("split" must be text, got a list)"},
      {R"({"step":1,"layer":"a","kind":"Tanh","activation":3})",
       R"("activation" must be an object, got a number)"},
      {R"({"step":1,"layer":"a","kind":"T","activation":{"low":0,"high":1,"counts":[-1]}})",
       R"("counts" must be 0 to 1125899906842624, got -1)"},
      {R"({"step":1,"norm":"n","mean":[1,2],"variance":[1,2,3]})",
       R"("mean" must hold lowest, median and highest, got 2 numbers)"},
      {R"({"step":1,"samples":["emma"]})", R"("samples" must be a list of objects, got text)"},
      {R"({"step":1,"samples":[{"text":"a","known":1}]})",
       R"("known" must be true or false, got a number)"},
      {R"({"step":1,"sound":"s","rate":8000,"codes":"gP8"})",
       R"("codes": base64 comes in fours, got 3 characters)"},
      {R"({"step":1,"sound":"s","rate":8000,"codes":"gP8-"})",
       R"("codes": "-" at character 4 is no base64)"},
      {R"({"step":1,"sound":"s","rate":0,"codes":""})",
       R"("rate" must be 1 to 1048576 samples a second, got 0)"},
      {R"({"step":1,"sound":"s","codes":""})", R"("rate" is missing)"},
      {R"({"step":1,"sound":"s","rate":8000,"codes":")" + std::string(1'024'004, 'A') + R"("})",
       "a sound of 768003 bytes; a record has at most 768000, and 1 to a sample"},
      {R"({"step":1,"files":[3],"of":"val"})",
       R"("files" must be a list of objects, got a number)"},
      {R"({"step":1,"files":[{"name":"a","loss":1}],"of":"val"})", R"("samples" is missing)"},
      {R"({"step":1,"files":[]})", R"("of" is missing)"},
      {R"({"step":1,"counts":[-1],"of":"train"})",
       R"("counts" must be 0 to 1125899906842624, got -1)"},
      {std::string("{\"step\":1,\"loss\":1,\"lr\":1}\0", 27),
       "holds a zero byte, so it is no JSON"},
      {"{\"layer\":\"" + std::string(1001, 'x') + "\",\"step\":1}",
       R"("layer" has 1001 bytes, a name at most 1000)"},
  };
  for (const auto& [line, rule] : cases) {
    EXPECT_EQ(problem_of([&, text = good + line + "\n"] { lines(text); }),
              "m.jsonl: line 2: " + rule);
  }
}

TEST(History, HoldsTheCaps) {
  EXPECT_EQ(problem_of([&] { lines(std::string(logs::kMaxLineBytes + 1, ' ') + "\n"); }),
            "m.jsonl: line 1: 1048577 bytes, a record has at most 1048576");
  std::string counts = "0";
  for (std::size_t i = 0; i < logs::kMaxList; ++i) {
    counts += ",0";
  }
  EXPECT_EQ(
      problem_of([&] {
        lines(R"({"step":1,"layer":"a","kind":"T","activation":{"low":0,"high":1,"counts":[)" +
              counts + "]}}\n");
      }),
      R"(m.jsonl: line 1: "counts" holds 10001 values, at most 10000 are read)");
  // Brackets without end cost no stack.
  const std::string deep = std::string(500'000, '[') + "\n";
  EXPECT_NE(problem_of([&] { lines(deep); }).find("m.jsonl: line 1: no JSON"), std::string::npos);
}

TEST(History, ReadsRunInItsOrder) {
  const RunInfo info = parse_run_info(
      R"({"version":"1","command":"wavenet train","recipe":{"model":{"kind":"tree"},"data":{},)"
      R"("train":{"steps":500}},"seed":7,"parameters":76579,"receptive_field":8,"layers":)"
      R"([{"name":"a","kind":"Linear","shape":[4,8,24],"parameters":648}],"dilations":[1,2,4],)"
      R"("width":2,"data":{"words":32033,"source":"names.txt","zeros":1.5,"test":3},)"
      R"("marks":{"uniform":3.2958,"ngram":1.974,"order":6}})",
      "run.json");
  EXPECT_EQ(info.steps, 500);
  EXPECT_EQ(info.seed, 7U);
  EXPECT_LT(info.recipe.find("\"model\""), info.recipe.find("\"data\""));
  EXPECT_EQ(info.layers.at(0).shape, (std::vector<std::int64_t>{4, 8, 24}));
  EXPECT_EQ(info.dilations, (std::vector<std::int64_t>{1, 2, 4}));
  ASSERT_EQ(info.data.size(), 4U);
  EXPECT_EQ(std::get<std::string>(info.data[0].value), "names.txt");
  EXPECT_EQ(std::get<std::int64_t>(info.data[1].value), 32'033);
  EXPECT_EQ(std::get<std::string>(info.data[3].value), "1.5");
  EXPECT_EQ(info.marks.ngram, 1.974);
  EXPECT_TRUE(std::isnan(info.marks.unigram));
  EXPECT_EQ(problem_of([] { parse_run_info(R"({"layers":[3]})", "run.json"); }),
            R"(run.json: "layers" must be a list of objects, got a number)");
  EXPECT_EQ(problem_of([] {
              parse_run_info("{\"recipe\":" + std::string(17, '[') + std::string(17, ']') + "}",
                             "r");
            }),
            R"(r: "recipe" must be an object, got a list)");
}

TEST(History, RunInfoGoesBothWays) {
  const std::string text = text_of({.version = "1",
                                    .command = "wavenet train",
                                    .recipe = R"({"train": {"steps": 500}})",
                                    .seed = 7,
                                    .split_seed = std::uint64_t{1} << 63,
                                    .parameters = 76579,
                                    .receptive_field = 8,
                                    .vocabulary = 27,
                                    .layers = {{"a", "Linear", {4, 8, 24}, 648}},
                                    .dilations = {1, 2, 4},
                                    .width = 2,
                                    .data = {{"source", "names.txt"}, {"words", 32033}},
                                    .marks = {.uniform = 3.2958, .ngram = 1.974, .order = 6}});
  EXPECT_EQ(text.find("linear_prediction"), std::string::npos) << text;
  EXPECT_NE(text.find("\"split_seed\": 9223372036854775808,"), std::string::npos) << text;
  EXPECT_TRUE(begins_a_run_info(text));
  const RunInfo read = parse_run_info(text, "run.json");
  EXPECT_EQ(read.version, "1");
  EXPECT_EQ(read.steps, 500);
  EXPECT_EQ(read.seed, 7U);
  EXPECT_EQ(read.layers.at(0).shape, (std::vector<std::int64_t>{4, 8, 24}));
  EXPECT_EQ(read.width, 2);
  EXPECT_EQ(read.dilations, (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_EQ(read.data.at(1), (Fact{"words", 32033}));
  EXPECT_EQ(read.marks.order, 6);
  EXPECT_EQ(read.marks.uniform, 3.2958);
  EXPECT_TRUE(std::isnan(read.marks.unigram));
}

TEST(History, TheMarkOfLinearPredictionGoesBothWays) {
  RunInfo info;
  info.recipe = "{}";
  info.marks.linear_prediction = 2.75;
  EXPECT_EQ(parse_run_info(text_of(info), "run.json").marks.linear_prediction, 2.75);
}

TEST(History, AFolderWithoutRunJsonIsAnOldRun) {
  const program::Folder folder;
  program::spit(folder / "metrics.jsonl", "{\"step\":0,\"loss\":3,\"lr\":1}\n");
  const History run = read_history(folder / "");
  EXPECT_EQ(run.windows.size(), 1U);
  EXPECT_TRUE(run.finished());
  EXPECT_EQ(problem_of([&] { read_history(folder / "none"); }),
            folder / "none/metrics.jsonl" + std::string(": no such file"));
}

TEST(History, ARunIsFinishedAtItsLastStepOrWhereItsTrainLossStands) {
  History run = lines("{\"step\":99,\"loss\":3,\"lr\":1}\n");
  run.info.steps = 200;
  EXPECT_FALSE(run.finished());
  run.evaluations.push_back({100, "train", 2.0});
  EXPECT_TRUE(run.finished());  // stopped early, by patience
  run.windows.push_back({150, 3, 1});
  EXPECT_FALSE(run.finished());  // and resumed
  run.windows.push_back({200, 3, 1});
  EXPECT_TRUE(run.finished());
}

}  // namespace
}  // namespace wavenet
