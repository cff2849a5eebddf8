#include "wavenet/io/events.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tests/folder.h"
#include "wavenet/io/tfrecord.h"

namespace wavenet::io {
namespace {

namespace fs = std::filesystem;

double two() { return 2.0; }

std::string of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (hex[i] != ' ') {
      bytes += static_cast<char>(std::stoi(std::string(hex.substr(i++, 2)), nullptr, 16));
    }
  }
  return bytes;
}

// The data of the file's records; what follows the last whole one is no part of it.
std::vector<std::string> records_in(const fs::path& file) {
  const std::string bytes = content_of(file);
  std::string_view rest = bytes;
  std::vector<std::string> records;
  for (auto data = front_tfrecord(rest); data; data = front_tfrecord(rest)) {
    records.emplace_back(*data);
    rest.remove_prefix(data->size() + kTfrecordFrame);
  }
  return records;
}

class EventFiles : public InFolder {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::vector<std::string> records(std::size_t file = 0) const {
    return records_in(folder_ / names().at(file));
  }
};

// Every event begins with its time: field 1, a f64, here 2.0.
const std::string kTwo = of_hex("09 00 00 00 00 00 00 00 40");
// Field 2, the step: 0; then field 3, the version.
const std::string kVersion = kTwo + of_hex("10 00 1a 0d") + "brain.Event:2";

TEST_F(EventFiles, BeginWithTheVersion) {
  const EventWriter events(folder_, 0, two);
  EXPECT_EQ(names(), std::vector<std::string>{"events.out.tfevents.0000000002.wavenet"});
  EXPECT_EQ(records(), std::vector<std::string>{kVersion});
}

// The bytes by hand, from the encoding's specification and the messages' field numbers.
TEST_F(EventFiles, HoldAScalarAsASummaryOfOneValue) {
  EventWriter events(folder_, 0, two);
  events.scalar("a", 300, 1.5);
  EXPECT_EQ(records().at(1), kTwo + of_hex("10 ac 02"           // step: 300 = 0x2c + 128 * 2
                                           "2a 0a"              // summary, 10 bytes
                                           "0a 08"              // value, 8 bytes
                                           "0a 01 61"           // tag "a"
                                           "15 00 00 c0 3f"));  // simple_value 1.5f
}

TEST_F(EventFiles, HoldAHistogramAsEdgesAndCounts) {
  EventWriter events(folder_, 0, two);
  events.histogram("h", 1, {.low = -1, .high = 1, .counts = {1, 3}, .mean = 0.5, .std = 0.5});
  EXPECT_EQ(records().at(1),
            kTwo + of_hex("10 01 2a 58 0a 56 0a 01 68"
                          "2a 51"                       // histo, 81 bytes
                          "09 00 00 00 00 00 00 f0 bf"  // min -1
                          "11 00 00 00 00 00 00 f0 3f"  // max 1
                          "19 00 00 00 00 00 00 10 40"  // num 4
                          "21 00 00 00 00 00 00 00 40"  // sum 4 * 0.5
                          "29 00 00 00 00 00 00 00 40"  // 4 * (0.25 + 0.25)
                          "32 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 f0 3f"     // limits 0, 1
                          "3a 10 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 08 40"));  // 1, 3
}

TEST_F(EventFiles, HoldTextAsAStringTensorOfTheTextPlugin) {
  EventWriter events(folder_, 0, two);
  events.text("t", 1, std::array<std::string, 2>{"ab", "c"});
  EXPECT_EQ(records().at(1), kTwo + of_hex("10 01 2a 22 0a 20 0a 01 74"
                                           "42 0f"              // tensor, 15 bytes
                                           "08 07"              // dtype: string
                                           "12 04 12 02 08 02"  // shape: a dim of size 2
                                           "42 02 61 62 42 01 63"
                                           "4a 0a"                    // metadata, 10 bytes
                                           "0a 06 0a 04 74 65 78 74"  // plugin_data: "text"
                                           "20 02"));                 // data_class: tensor
}

TEST_F(EventFiles, HoldSoundAsAStringTensorOfTheAudioPlugin) {
  EventWriter events(folder_, 0, two);
  events.audio("s", 1, "RIFF");
  EXPECT_EQ(records().at(1), kTwo + of_hex("10 01 2a 2a 0a 28 0a 01 73"
                                           "42 14"                          // tensor, 20 bytes
                                           "08 07"                          // dtype: string
                                           "12 08 12 02 08 01 12 02 08 02"  // shape: 1 x 2
                                           "42 04 52 49 46 46 42 00"        // "RIFF", no label
                                           "4a 0d"                          // metadata, 13 bytes
                                           "0a 0b 0a 05 61 75 64 69 6f"     // plugin_data: "audio"
                                           "12 02 10 0b"));                 // encoding: WAV
}

TEST_F(EventFiles, StartAnewWithARun) {
  std::ofstream(folder_ / "events.out.tfevents.1.other") << "kept";
  {
    EventWriter events(folder_, 0, two);
    events.scalar("a", 5, 1);
  }
  const EventWriter events(folder_, 0, [] { return 3.0; });
  EXPECT_EQ(names(), (std::vector<std::string>{"events.out.tfevents.0000000003.wavenet",
                                               "events.out.tfevents.1.other"}));
  EXPECT_EQ(records().size(), 1U);
}

TEST_F(EventFiles, OfARunResumedForgetLaterStepsAndGoOnInAFileThatSortsNext) {
  {
    EventWriter events(folder_, 0, two);
    events.scalar("a", 5, 1);
    events.scalar("a", 300, 2);
    events.scalar("a", 301, 3);
  }
  const std::vector<std::string> before = records();
  EventWriter events(folder_, 300, two);  // within the same second
  ASSERT_EQ(names(), (std::vector<std::string>{"events.out.tfevents.0000000002.wavenet",
                                               "events.out.tfevents.0000000003.wavenet"}));
  EXPECT_EQ(records(0), std::vector<std::string>(before.begin(), before.begin() + 3));
  // A session_log, field 7, with the status START at step 301 = 0x2d + 128 * 2.
  EXPECT_EQ(records(1),
            (std::vector<std::string>{kVersion, kTwo + of_hex("10 ad 02 3a 02 08 01")}));
  events.scalar("a", 301, 4);
  EXPECT_EQ(records(1).size(), 3U);
}

TEST_F(EventFiles, OfARunThatWasKilledLoseWhatWasCutShort) {
  { const EventWriter events(folder_, 0, two); }
  const fs::path file = folder_ / names().at(0);
  const std::string whole = content_of(file);
  std::ofstream(file, std::ios::app | std::ios::binary) << whole.substr(0, whole.size() - 1);
  const EventWriter events(folder_, 1, two);
  EXPECT_EQ(content_of(file), whole);
}

TEST_F(EventFiles, ThatCannotBeWrittenAreAnError) {
  const fs::path missing = folder_ / "missing";
  EXPECT_EQ(problem_of([&] { EventWriter(missing, 0, two); }),
            missing.string() + ": No such file or directory");
}

}  // namespace
}  // namespace wavenet::io
