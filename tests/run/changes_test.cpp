// What a run that goes on may be asked for.
#include "wavenet/run/changes.h"

#include "tests/folder.h"
#include "wavenet/base/files.h"

namespace wavenet::run {
namespace {

train::Checkpoint begun(const std::string& schedule) {
  return {
      .recipe = Config::parse(
          R"({"train": {"steps": 30, "clip": 1.0, "schedule": ")" + schedule + R"("}})", "recipe"),
      .codec = nullptr,
      .step = 12};
}

TEST(Changes, AreAllButTheSteps) {
  Config recipe = begun("constant").recipe;
  recipe.set("train.steps=50");
  EXPECT_TRUE(changes(recipe, begun("constant")).empty());
  recipe.set("train.clip=0.5");
  EXPECT_EQ(changes(recipe, begun("constant")),
            std::vector<std::string>{"train.clip is 0.5, was 1"});
}

TEST(Changes, OfStepsFitTheScheduleAndWhatIsDone) {
  require_more_steps("run", 12, begun("constant"));
  require_more_steps("run", 90, begun("constant"));
  require_more_steps("run", 30, begun("cosine"));
  EXPECT_EQ(problem_of([] { require_more_steps("run", 11, begun("constant")); }),
            "run: has 12 steps already, more than the 11 asked for");
  EXPECT_NE(problem_of([] {
              require_more_steps("run", 31, begun("cosine"));
            }).find("its cosine schedule ends at 30 steps"),
            std::string::npos);
}

class CommandOf : public InFolder {};

TEST_F(CommandOf, ARunIsWhatBeganItWithTheStepsItHas) {
  const auto after = [&](const std::string& command) {
    write_file_atomically(folder_ / "run.json", R"({"command": ")" + command +
                                                    R"(", "recipe": {"train": {"steps": 30}}})");
    return command_of(folder_, "typed", 60);
  };
  EXPECT_EQ(command_of(folder_, "typed", 60), "typed");
  EXPECT_EQ(after("wavenet train --out a"), "wavenet train --out a --steps 60");
  EXPECT_EQ(after("wavenet train --steps 30 --out a"), "wavenet train --out a --steps 60");
  EXPECT_EQ(after("wavenet train --steps=30 --out a"), "wavenet train --out a --steps 60");
  write_file_atomically(folder_ / "run.json", "no card");
  EXPECT_EQ(command_of(folder_, "typed", 60), "typed");
}

}  // namespace
}  // namespace wavenet::run
