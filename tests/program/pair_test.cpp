// What to play into an amplifier, and the doctor on what came out.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/amplifier.h"
#include "tests/program/run.h"
#include "wavenet/sound/read.h"
#include "wavenet/sound/test_signal.h"
#include "wavenet/sound/write.h"

namespace {

using namespace wavenet;
using program::Folder;
using program::Result;
using program::run;

class AmplifierFiles : public testing::Test {
 protected:
  std::string file(const char* name) const { return folder_ / name; }
  Folder folder_;
};

TEST_F(AmplifierFiles, TheSignalIsWrittenRecordedAndJudged) {
  const Result captured = run(folder_, "capture signal --out " + file("in.wav"));
  EXPECT_EQ(captured.code, 0) << captured.err;
  EXPECT_NE(captured.out.find("in.wav: 180 s at 48000 samples a second"), std::string::npos);
  const std::vector<float> in = sound::read_all(file("in.wav"));
  EXPECT_EQ(in, sound::test_signal());

  const Result again = run(folder_, "capture signal --out " + file("in.wav"));
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(again.err, "wavenet: " + file("in.wav") +
                           ": already there; replace it with --overwrite, or choose another "
                           "--out\n");

  sound::write_wav(file("out.wav"), later(amplified(in, 48'000), 65), 48'000, sound::Sample::int24);
  const std::string pair = file("in.wav") + "," + file("out.wav");
  const Result looked = run(folder_, "doctor " + pair);
  EXPECT_EQ(looked.code, 0) << looked.err;
  EXPECT_NE(looked.out.find("latency:  64 samples, by blips"), std::string::npos) << looked.out;
  EXPECT_NE(looked.out.find("0 errors, 0 warnings, 0 notes: fit for training"), std::string::npos)
      << looked.out;
  const auto record = nlohmann::json::parse(run(folder_, "doctor --json " + pair).out);
  EXPECT_EQ(record["latency"], 64);
  EXPECT_TRUE(record["findings"].empty());

  sound::write_wav(file("out.wav"), std::span<const float>(in).first(9000), 48'000);
  const Result broken = run(folder_, "doctor " + pair);
  EXPECT_EQ(broken.code, 1);
  EXPECT_NE(broken.out.find("error: the file is 8631000 samples shorter than the input"),
            std::string::npos)
      << broken.out;
}

}  // namespace
