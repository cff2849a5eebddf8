// inspect of a .nam file: what it says of the net and of the amplifier.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/program/run.h"

namespace {

using nlohmann::json;

const std::string kFolder = WAVENET_SOURCE "/tests/golden/nam/";

TEST(InspectAmplifier, TellsWhatTheFileHolds) {
  const program::Folder folder;
  const program::Result result =
      program::run(folder, "inspect --json " + kFolder + "fx2_gated.nam");
  ASSERT_EQ(result.code, 0) << result.err;
  const json facts = json::parse(result.out);
  EXPECT_EQ(facts["architecture"], "WaveNet");
  EXPECT_EQ(facts["weights"], 741);
  EXPECT_EQ(facts["receptive_field"], 1 + 2 * (1 + 2 + 4 + 8) + 16 + 1 + 2);
  EXPECT_EQ(facts["sample_rate"], 48'000);
  EXPECT_EQ(facts["parts"][1]["dilations"], json({16, 1, 2}));
  EXPECT_EQ(facts["metadata"]["name"], "fx2_gated");

  const program::Result text = program::run(folder, "inspect " + kFolder + "fx2_gated.nam");
  EXPECT_NE(text.out.find("receptive_field      50\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("  gating             gated\n"), std::string::npos) << text.out;
}

TEST(InspectAmplifier, RefusesADamagedFileByOneLine) {
  const program::Folder folder;
  std::ofstream(folder / "a.nam") << R"({"version": "0.7.0", "architecture": "WaveNet"})";
  const program::Result result = program::run(folder, "inspect " + (folder / "a.nam"));
  EXPECT_NE(result.code, 0);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("a.nam: the file lacks the key 'config'\n"), std::string::npos)
      << result.err;
}

}  // namespace
