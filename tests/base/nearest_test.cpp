#include "wavenet/base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace wavenet {
namespace {

const std::vector<std::string> kNames{"mlp-3", "mlp-8", "tree-22k", "tree-76k", "model.hidden"};

TEST(NearestHint, FindsATypo) {
  EXPECT_EQ(nearest_hint("tre-76k", kNames), "; did you mean 'tree-76k'?");
  EXPECT_EQ(nearest_hint("model.hiden", kNames), "; did you mean 'model.hidden'?");
  EXPECT_EQ(nearest_hint("mpl-8", kNames), "; did you mean 'mlp-8'?");
}

TEST(NearestHint, FindsTheBeginningOfAName) {
  EXPECT_EQ(nearest_hint("tree", kNames), "; did you mean 'tree-22k'?");
  EXPECT_EQ(nearest_hint("model", kNames), "; did you mean 'model.hidden'?");
  const std::vector<std::string> flags{"--help", "--temperature"};  // one letter and 7 letters off
  EXPECT_EQ(nearest_hint("--temp", flags), "; did you mean '--temperature'?");
}

TEST(NearestHint, TakesTheFirstOfEquallyCloseNames) {
  EXPECT_EQ(nearest_hint("mlp-5", kNames), "; did you mean 'mlp-3'?");
}

TEST(NearestHint, StaysSilentWhenNothingIsClose) {
  EXPECT_EQ(nearest_hint("lstm", kNames), "");
  EXPECT_EQ(nearest_hint("", kNames), "");
  EXPECT_EQ(nearest_hint("x", kNames), "");
  EXPECT_EQ(nearest_hint("tree-76k", {}), "");
  EXPECT_EQ(nearest_hint(std::string(100'000, 'm'), kNames), "");
}

}  // namespace
}  // namespace wavenet
