#include "wavenet/log/jsonl.h"

#include <cmath>

#include "tests/folder.h"
#include "wavenet/base/utf8.h"
#include "wavenet/log/history.h"

namespace wavenet::logs {
namespace {

namespace fs = std::filesystem;

using MetricsFile = InFolder;

const char* const kTen = "{\"steps_done\":10,\"loss\":2.5,\"lr\":0.1}\n";
const char* const kTenJudged = "{\"steps_done\":10,\"split\":\"val\",\"loss\":2.25}\n";
const char* const kTwenty = "{\"steps_done\":20,\"loss\":1.5,\"lr\":0.01}\n";

TEST_F(MetricsFile, IsALineARecord) {
  const fs::path path = folder_ / "metrics.jsonl";
  JsonLog metrics(path, 0);
  metrics.write(WindowRecord{10, 2.5, 0.1});
  EXPECT_EQ(content_of(path), kTen);  // written as training goes
  metrics.write(Evaluation{10, "val", 2.25});
  metrics.write(WindowRecord{20, 1.5, 0.01});
  EXPECT_EQ(content_of(path), std::string(kTen) + kTenJudged + kTwenty);
}

TEST_F(MetricsFile, GoesOnWhereARunIsResumed) {
  const fs::path path = folder_ / "metrics.jsonl";
  const std::string whole = std::string(kTen) + kTenJudged + kTwenty;
  const auto kept = [&](std::int64_t steps_done) {
    std::ofstream(path, std::ios::binary) << whole << "{\"step\":2";  // cut short by a kill
    const JsonLog metrics(path, steps_done);
    return content_of(path);
  };
  EXPECT_EQ(kept(0), "");
  EXPECT_EQ(kept(9), "");
  EXPECT_EQ(kept(10), std::string(kTen) + kTenJudged);
  EXPECT_EQ(kept(19), std::string(kTen) + kTenJudged);
  EXPECT_EQ(kept(20), whole);
}

TEST_F(MetricsFile, OfAnotherKindIsRefused) {
  const fs::path path = folder_ / "metrics.jsonl";
  std::ofstream(path, std::ios::binary) << "step,loss\n1,2\n";
  EXPECT_EQ(problem_of([&] { JsonLog(path, 5); }).substr(0, path.string().size() + 18),
            path.string() + ": line 1: no JSON:");
  EXPECT_EQ(content_of(path), "step,loss\n1,2\n");
}

// The records as record_json.h spells them.
const char* const kLayer =
    "{\"steps_done\":10,\"layer\":\"blocks.0.tanh\",\"kind\":\"Tanh\","
    "\"activation\":{\"low\":-1.0,\"high\":1.0,\"counts\":[3,7],\"mean\":0.25,\"std\":0.5},"
    "\"gradient\":{\"low\":0.0,\"high\":0.5,\"counts\":[10],\"mean\":0.125,\"std\":0.0},"
    "\"saturated\":0.03,\"dead\":0.0}\n";
const char* const kParameter =
    "{\"steps_done\":10,\"parameter\":\"head.weight\",\"std\":0.5,\"gradient_std\":0.001,"
    "\"update_ratio\":-3.1}\n";
const char* const kNorm =
    "{\"steps_done\":10,\"norm\":\"blocks.0.norm\",\"mean\":[-1.0,0.0,1.0],\"variance\":[0.5,1.0,9."
    "0]}\n";
const char* const kSamples =
    "{\"steps_done\":10,\"samples\":[{\"text\":\"zoë\",\"known\":true},{\"text\":\"a\\n\\\"b\\\"\"}"
    "]}\n";
const char* const kVerdict =
    "{\"steps_done\":10,\"verdict\":\"not learning\",\"because\":\"the loss is 3.3\","
    "\"try\":\"a higher rate\"}\n";

const char* const kSound =
    "{\"steps_done\":10,\"sound\":\"sample 1\",\"rate\":8000,\"codes\":\"gP8A\"}\n";
const char* const kFiles =
    "{\"steps_done\":10,\"files\":[{\"name\":\"a.wav\",\"loss\":2.5,\"samples\":8000},"
    "{\"name\":\"b/c.wav\",\"loss\":1.25,\"samples\":9}],\"of\":\"val\"}\n";
const char* const kCodes = "{\"steps_done\":10,\"counts\":[3,0,7],\"of\":\"train\"}\n";

void log_every_kind(JsonLog& metrics) {
  const Histogram activation{-1, 1, {3, 7}, 0.25, 0.5};
  const Histogram gradient{0, 0.5, {10}, 0.125, 0};
  metrics.write(LayerRecord{10, "blocks.0.tanh", "Tanh", activation, gradient, 0.03, 0.0});
  metrics.write(ParameterRecord{10, "head.weight", 0.5, 0.001, -3.1});
  metrics.write(NormRecord{10, "blocks.0.norm", {-1, 0, 1}, {0.5, 1, 9}});
  metrics.write(SampleRecord{10, {{"zoë", true}, {"a\n\"b\"", {}}}});
  metrics.write(SoundRecord{10, "sample 1", 8000, std::string("\x80\xff\0", 3)});
  metrics.write(FileLossRecord{10, "val", {{"a.wav", 2.5, 8000}, {"b/c.wav", 1.25, 9}}});
  metrics.write(CodesRecord{10, "train", {3, 0, 7}});
  metrics.write(Verdict{10, "not learning", "the loss is 3.3", "a higher rate"});
}

TEST_F(MetricsFile, HoldsWhatARunTellsBeyondItsLosses) {
  JsonLog metrics(folder_ / "metrics.jsonl", 0);
  log_every_kind(metrics);
  EXPECT_EQ(
      content_of(folder_ / "metrics.jsonl"),
      std::string(kLayer) + kParameter + kNorm + kSamples + kSound + kFiles + kCodes + kVerdict);
}

TEST_F(MetricsFile, LeavesOutWhatALayerDoesNotHave) {
  JsonLog metrics(folder_ / "metrics.jsonl", 0);
  metrics.write(LayerRecord{.name = "head", .kind = "Linear", .activation = {0, 1, {2}, 0.5, 0}});
  EXPECT_EQ(content_of(folder_ / "metrics.jsonl"),
            "{\"steps_done\":0,\"layer\":\"head\",\"kind\":\"Linear\",\"activation\":{\"low\":0.0,"
            "\"high\":1.0,\"counts\":[2],\"mean\":0.5,\"std\":0.0}}\n");
}

TEST_F(MetricsFile, SpellsWhatIsNotFiniteAsNull) {
  JsonLog metrics(folder_ / "metrics.jsonl", 0);
  metrics.write(ParameterRecord{0, "p", 1, 0, -HUGE_VAL});
  EXPECT_EQ(content_of(folder_ / "metrics.jsonl"),
            "{\"steps_done\":0,\"parameter\":\"p\",\"std\":1.0,\"gradient_std\":0.0,"
            "\"update_ratio\":null}\n");
}

TEST_F(MetricsFile, HoldsTheLossesOfManyFilesInLinesThatAreRead) {
  const fs::path path = folder_ / "metrics.jsonl";
  FileLossRecord record{7, "val", {}};
  for (int i = 0; i < 20'000; ++i) {
    record.files.push_back(
        {fmt::format("speaker {}/{}.wav", i, std::string(60, '\xff')), i / 8.0, i});
  }
  JsonLog(path, 0).write(record);
  History read;
  add_lines(content_of(path), "m", read);
  std::vector<FileLossRecord::File> files;
  for (const FileLossRecord& part : read.file_losses) {
    EXPECT_EQ(part.step, 7);
    EXPECT_EQ(part.split, "val");
    files.insert(files.end(), part.files.begin(), part.files.end());
  }
  ASSERT_EQ(files.size(), record.files.size());
  EXPECT_EQ(files[12'345].loss, 12'345 / 8.0);
  EXPECT_TRUE(files.back().name.starts_with("speaker 19999/\xef\xbf\xbd")) << files.back().name;
}

TEST_F(MetricsFile, HoldsTheLongestSoundInALineThatIsRead) {
  const fs::path path = folder_ / "metrics.jsonl";
  SoundRecord sound{0, "val/" + std::string(4000, '\xff'), 16'000,
                    std::string(kMaxSoundBytes, '\x81')};
  JsonLog log(path, 0);
  log.write(sound);
  History read;
  add_lines(content_of(path), "m", read);
  EXPECT_EQ(read.sounds.at(0).codes, sound.codes);
  sound.codes += '\x80';
  EXPECT_EQ(problem_of([&] { log.write(sound); }),
            "record of \"" + excerpt(sound.name, 60) +
                "\": a sound of 768001 bytes; a record has at most 768000, and 1 to a sample");
  sound = {0, "a", 48'000, "\x01\x80\xff", 16};
  EXPECT_EQ(problem_of([&] { log.write(sound); }),
            "record of \"a\": a sound of 3 bytes; a record has at most 768000, and 2 to a sample");
  sound.codes += '\x7f';
  log.write(sound);
  add_lines(content_of(path), "m", read);
  EXPECT_EQ(read.sounds.back().codes, sound.codes);
  EXPECT_EQ(read.sounds.back().bits, 16);
  sound.bits = 24;
  EXPECT_EQ(problem_of([&] { log.write(sound); }),
            "record of \"a\": \"bits\" must be 8 or 16, got 24");
  sound = {0, "b", 0, ""};
  EXPECT_EQ(problem_of([&] { log.write(sound); }),
            "record of \"b\": \"rate\" must be 1 to 1048576 samples a second, got 0");
}

TEST(RecordsUpTo, CountsStepsDoneInEveryKindOfRecord) {
  for (const std::string record :
       {kLayer, kParameter, kNorm, kSamples, kSound, kFiles, kCodes, kVerdict}) {
    EXPECT_EQ(records_up_to(record, 9, "m"), "");
    EXPECT_EQ(records_up_to(record, 10, "m"), record);
  }
}

// Up to version 0.1 a window and a look at layers named their last step, counted from 0.
TEST(RecordsUpTo, ReadsLogsOfVersion01) {
  for (const std::string record :
       {"{\"step\":9,\"loss\":2.5,\"lr\":0.1}\n",
        "{\"step\":9,\"parameter\":\"p\",\"std\":1,\"gradient_std\":1,\"update_ratio\":-3}\n",
        "{\"step\":10,\"split\":\"val\",\"loss\":2.25}\n", "{\"step\":10,\"samples\":[]}\n",
        "{\"step\":10,\"verdict\":\"dead\",\"because\":\"b\",\"try\":\"t\"}\n"}) {
    EXPECT_EQ(records_up_to(record, 9, "m"), "") << record;
    EXPECT_EQ(records_up_to(record, 10, "m"), record);
  }
}

TEST(RecordsUpTo, RefusesWhatIsNoRecord) {
  for (const char* line : {"\n", "3\n", "[]\n", "{}\n", "{\"steps_done\":1.5}\n",
                           "{\"step\":\"1\"}\n", "{\"step\":1\n", "{\"step\":1}}\n", "\xff\n"}) {
    EXPECT_TRUE(problem_of([&] { records_up_to(line, 5, "m"); }).starts_with("m: line 1: "))
        << line;
  }
}

TEST(RecordsUpTo, RefusesALineThatNoRecordNeeds) {
  const std::string line = "{\"step\":1,\"more\":\"" + std::string(1 << 20, 'x') + "\"}\n";
  EXPECT_EQ(problem_of([&] { records_up_to(line, 5, "m"); }),
            "m: line 1: 1048596 bytes, a record has at most 1048576");
}

}  // namespace
}  // namespace wavenet::logs
