#include "wavenet/nam/shapes.h"

#include <gtest/gtest.h>

#include <memory>

#include "wavenet/nam/file_order.h"

namespace wavenet::nam {
namespace {

struct Known {
  const char* name;
  WaveNet (*make)();
  std::int64_t weights;
  std::int64_t field;
};

// The counts of the files that trainers write.
const Known kKnown[]{
    {"standard", standard, 13'802, 4'093}, {"lite", lite, 6'554, 4'093},
    {"feather", feather, 3'026, 4'093},    {"nano", nano, 842, 4'093},
    {"a2_lite", a2_lite, 1'871, 6'347},    {"a2_full", a2_full, 12'146, 6'347},
};

TEST(NamShapes, HaveTheWeightsAndTheFieldThatAreKnown) {
  for (const Known& known : kKnown) {
    const Model model{.net = known.make()};
    EXPECT_EQ(weight_count(model), known.weights) << known.name;
    EXPECT_EQ(weights_of(model).size(), known.weights) << known.name;
    EXPECT_EQ(receptive_field(model), known.field) << known.name;
    EXPECT_EQ(settling(model), known.field) << known.name;
    EXPECT_EQ(inputs(model), 1);
    EXPECT_EQ(outputs(model), 1);
  }
}

TEST(NamShapes, FieldsOfWhatHoldsOthersAddUp) {
  const auto linear = std::make_shared<const Model>(Model{.net = Linear{.impulse{1, 2, 3}}});
  const auto net = std::make_shared<const Model>(Model{.net = nano()});
  EXPECT_EQ(receptive_field({.net = Sequential{{linear, net, linear}}}), 4'093 + 2 + 2);
  EXPECT_EQ(receptive_field({.net = Container{{{0.5, net}, {1, linear}}}}), 3);
  WaveNet conditioned = nano();
  conditioned.condition = linear;
  EXPECT_EQ(receptive_field({.net = conditioned}), 4'093 + 2);
}

TEST(NamShapes, AnLstmRemembersForEver) {
  const Model lstm{.sample_rate = 44'100, .net = Lstm{.layers{LstmLayer{}}}};
  EXPECT_EQ(receptive_field(lstm), 0);
  EXPECT_EQ(settling(lstm), 22'051);
}

}  // namespace
}  // namespace wavenet::nam
