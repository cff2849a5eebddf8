#include "wavenet/run/run_log.h"

#include <algorithm>

#include "tests/folder.h"
#include "wavenet/io/tfrecord.h"

namespace wavenet::run {
namespace {

namespace fs = std::filesystem;

class RunLogs : public InFolder {
 protected:
  // All event files' records, one after the other.
  std::string events() const {
    std::string all;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().extension() == ".wavenet") {
        const std::string bytes = content_of(entry.path());
        std::string_view rest = bytes;
        for (auto data = io::front_tfrecord(rest); data; data = io::front_tfrecord(rest)) {
          all += std::string(*data) + '\n';
          rest.remove_prefix(data->size() + io::kTfrecordFrame);
        }
        EXPECT_TRUE(rest.empty());
      }
    }
    return all;
  }
};

// Field 2 of the event, then the summary of a value whose tag and number are given.
std::string scalar_event(char steps, const std::string& tag, float number) {
  std::string value = {'\x0a', static_cast<char>(tag.size())};
  value += tag + '\x15';
  value.append(reinterpret_cast<const char*>(&number), sizeof number);
  return std::string{'\x10', steps,
                     '\x2a', static_cast<char>(value.size() + 2),
                     '\x0a', static_cast<char>(value.size())} +
         value;
}

TEST_F(RunLogs, TellALossInThreePlaces) {
  RunLog log(folder_, 0);
  log.write(WindowRecord{10, 2.5, 0.1});
  log.write(Evaluation{10, "val", 2.25});
  EXPECT_EQ(content_of(folder_ / "metrics.jsonl"),
            "{\"steps_done\":10,\"loss\":2.5,\"lr\":0.1}\n"
            "{\"steps_done\":10,\"split\":\"val\",\"loss\":2.25}\n");
  EXPECT_EQ(content_of(folder_ / "metrics.csv"),
            "steps_done,split,loss,lr\r\n10,,2.5,0.1\r\n10,val,2.25,\r\n");
  for (const std::string& event :
       {scalar_event(10, "loss/minibatches", 2.5F), scalar_event(10, "learning_rate", 0.1F),
        scalar_event(10, "loss/val", 2.25F)}) {
    EXPECT_NE(events().find(event), std::string::npos) << event;
  }
}

TEST_F(RunLogs, TellWhatIsWatchedToTheLogAndTheEvents) {
  RunLog log(folder_, 0);
  const Histogram histogram{-1, 1, {3, 7}, 0.25, 0.5};
  log.write(LayerRecord{.step = 10,
                        .name = "tanh",
                        .kind = "Tanh",
                        .activation = histogram,
                        .gradient = histogram,
                        .saturated = 0.5,
                        .dead = 0.25});
  log.write(ParameterRecord{10, "w", 0.5, 0.125, -3});
  log.write(NormRecord{10, "norm", {-1, 0, 1}, {0.5, 1, 9}});
  log.write(SampleRecord{10, {{"emma", true}, {"a\nb", {}}}});
  log.write(SoundRecord{10, "sample 1", 8000, "\xff"});
  log.write(FileLossRecord{10, "val", {{"a.wav", 2.5, 8000}}});
  log.write(CodesRecord{10, "train", {3, 7}});
  log.write(Verdict{10, "saturated", "half of tanh is", "smaller weights"});
  EXPECT_EQ(content_of(folder_ / "metrics.jsonl"), "");
  const std::string lines = content_of(folder_ / "details.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 8);
  EXPECT_EQ(content_of(folder_ / "metrics.csv"), "steps_done,split,loss,lr\r\n");
  const std::string told = events();
  for (const std::string& event :
       {scalar_event(10, "saturated/tanh", 0.5F), scalar_event(10, "dead/tanh", 0.25F),
        scalar_event(10, "std/w", 0.5F), scalar_event(10, "gradient_std/w", 0.125F),
        scalar_event(10, "update_ratio/w", -3), scalar_event(10, "running_mean/norm/lowest", -1),
        scalar_event(10, "running_mean/norm/highest", 1),
        scalar_event(10, "running_variance/norm/median", 1),
        scalar_event(10, "running_variance/norm/highest", 9)}) {
    EXPECT_NE(told.find(event), std::string::npos) << event;
  }
  for (const char* text : {"activations/tanh", "gradients/tanh", "audio/sample 1", "WAVEfmt ",
                           "    emma\n\n(in the training data)", "    a\n    b",
                           "**saturated**: half of tanh is. Try smaller weights."}) {
    EXPECT_NE(told.find(text), std::string::npos) << text;
  }
}

TEST_F(RunLogs, AgreeAfterARunWasResumed) {
  const auto to_thirty = [](RunLog& log, std::int64_t from) {
    for (std::int64_t steps = from + 10; steps <= 30; steps += 10) {
      log.write(WindowRecord{steps, 1.0 / static_cast<double>(steps), 0.1});
      log.write(Evaluation{steps, "val", 2.0 / static_cast<double>(steps)});
    }
  };
  {
    RunLog log(folder_, 0);
    to_thirty(log, 0);
  }
  const std::string metrics = content_of(folder_ / "metrics.jsonl");
  const std::string table = content_of(folder_ / "metrics.csv");
  {
    RunLog log(folder_, 20);
    to_thirty(log, 20);
  }
  EXPECT_EQ(content_of(folder_ / "metrics.jsonl"), metrics);
  EXPECT_EQ(content_of(folder_ / "metrics.csv"), table);
  const std::string told = events();
  for (char steps : {'\x0a', '\x14', '\x1e'}) {
    const std::string event = scalar_event(steps, "loss/val", 2.0F / static_cast<float>(steps));
    EXPECT_NE(told.find(event), std::string::npos);
    EXPECT_EQ(told.find(event), told.rfind(event)) << "stands twice";
  }
}

}  // namespace
}  // namespace wavenet::run
