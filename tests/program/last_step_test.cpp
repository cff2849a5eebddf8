// What follows the last step - judging, samples, results - is shown, and can be stopped.
#include <gtest/gtest.h>

#include "tests/program/child.h"
#include "tests/program/made_up.h"

namespace {

namespace fs = std::filesystem;
using program::Child;
using program::json;
using program::slurp;

// Steps are small beside judging.
class LastStep : public testing::Test {
 protected:
  std::string training(const std::string& out) const {
    program::spit(folder_ / "words.txt", program::made_up_words(2500));
    return "train --quiet --json --threads 1 --recipe mlp-3 --steps 5 --log-every 1 "
           "--set model.hidden=8000 --set train.batch_size=4 --data " +
           (folder_ / "words.txt") + " --out " + (folder_ / out);
  }
  std::string log(const std::string& out) const {
    return slurp(folder_ / (out + "/metrics.jsonl"));
  }

  program::Folder folder_;
};

TEST_F(LastStep, IsFollowedByNothingThatCannotBeStopped) {
  const program::Result whole = program::run(folder_, training("whole"));
  ASSERT_EQ(whole.code, 0) << whole.err;
  // As val is judged, and as train is.
  for (const std::string moment : {"{\"steps_done\":5,", "\"split\":\"val\""}) {
    Child child(training("run") + " --overwrite", folder_ / "output");
    ASSERT_TRUE(child.lived_until([&] { return log("run").find(moment) != std::string::npos; }));
    child.send(SIGTERM);
    EXPECT_EQ(child.wait(), 130);
    const std::string go_on = "wavenet train --resume --out " + (folder_ / "run");
    EXPECT_EQ(slurp(folder_ / "output"),
              "wavenet: stopped after step 5; `" + go_on + "` goes on\n");
    EXPECT_EQ(log("run").find("\"split\":\"train\""), std::string::npos);
    const program::Result rest =
        program::run(folder_, "train --resume --quiet --json --out " + (folder_ / "run"));
    ASSERT_EQ(rest.code, 0) << rest.err;
    EXPECT_EQ(json::parse(rest.out)["steps"], 0);
    EXPECT_EQ(json::parse(rest.out)["train"], json::parse(whole.out)["train"]);
    EXPECT_EQ(json::parse(rest.out)["val"], json::parse(whole.out)["val"]);
    for (const char* name : {"/model.safetensors", "/metrics.jsonl", "/details.jsonl"}) {
      EXPECT_TRUE(slurp(folder_ / ("run" + std::string(name))) ==
                  slurp(folder_ / ("whole" + std::string(name))))
          << name;
    }
    fs::remove_all(folder_ / "run");
  }
}

}  // namespace
