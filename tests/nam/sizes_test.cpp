#include "wavenet/nam/sizes.h"

#include "tests/folder.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/reference.h"
#include "wavenet/nam/shapes.h"

namespace wavenet::nam {
namespace {

TEST(NamSizes, AContainerGivesTheFirstThatIsLargeEnough) {
  const auto a = std::make_shared<const Model>(Model{.net = Linear{{1}}});
  const auto b = std::make_shared<const Model>(Model{.net = Linear{{2}}});
  const Container container{{{0.5, a}, {1, b}}};
  EXPECT_EQ(&chosen(container, 0), a.get());
  EXPECT_EQ(&chosen(container, 0.49), a.get());
  EXPECT_EQ(&chosen(container, 0.5), b.get());
  EXPECT_EQ(&chosen(container, 1), b.get());
  EXPECT_EQ(problem_of([&] { chosen(container, 1.5); }), "a model's size is in [0, 1], got 1.5");
}

// Weights of the first 3 channels, and elsewhere numbers that would show.
Model slimmable() {
  Model small{.net = a2_lite()};
  std::vector<float> weights(static_cast<std::size_t>(weight_count(small)));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = 0.3F * static_cast<float>(i % 7) - 0.9F;
  }
  set_weights(small, weights);
  WaveNet wide = a2_full();
  const std::vector<const Convolution*> from =
      file_order(std::as_const(std::get<WaveNet>(small.net)));
  const std::vector<Convolution*> to = file_order(wide);
  for (std::size_t c = 0; c < to.size(); ++c) {
    for (std::int64_t o = 0; o < to[c]->out; ++o) {
      for (std::int64_t i = 0; i < to[c]->in; ++i) {
        for (std::int64_t k = 0; k < to[c]->kernel; ++k) {
          const bool kept = o < from[c]->out && i < from[c]->in;
          to[c]->weight[static_cast<std::size_t>((o * to[c]->in + i) * to[c]->kernel + k)] =
              kept ? from[c]->weight[static_cast<std::size_t>(
                         (o * from[c]->in + i) * from[c]->kernel + k)]
                   : 99;
        }
      }
      if (to[c]->has_bias) {
        to[c]->bias[static_cast<std::size_t>(o)] =
            o < from[c]->out ? from[c]->bias[static_cast<std::size_t>(o)] : 99;
      }
    }
  }
  wide.head_scale = std::get<WaveNet>(small.net).head_scale;
  wide.arrays[0].slices = Slices{{3, 8}};
  return {.net = wide};
}

TEST(NamSizes, ASliceIsTheNetOfTheFirstChannels) {
  Model small{.net = a2_lite()};
  std::vector<float> weights(static_cast<std::size_t>(weight_count(small)));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = 0.3F * static_cast<float>(i % 7) - 0.9F;
  }
  for (const double size : {0.0, 0.49}) {
    EXPECT_EQ(weights_of(at_size(slimmable(), size)), weights) << size;
  }
  for (const double size : {0.5, 1.0}) {
    EXPECT_EQ(weights_of(at_size(slimmable(), size)), weights_of(slimmable())) << size;
  }
}

TEST(NamSizes, ArraysThatAreSlicedStillFit) {
  WaveNet net = standard();
  net.arrays[0].slices = Slices{{4, 16}};
  net.arrays[1].slices = Slices{{2, 8}};
  const WaveNet small = sliced(net, 0);
  // As nano but for the dilations of its arrays: 4 channels, then 2.
  EXPECT_EQ(small.arrays[0].rechannel.weight.size(), 4);
  EXPECT_EQ(small.arrays[0].head.weight.size(), 8);
  EXPECT_EQ(small.arrays[1].rechannel.weight.size(), 8);
  EXPECT_EQ(small.arrays[1].head.weight.size(), 2);
  EXPECT_EQ(answer({.net = small}, std::vector<float>(10)), std::vector<double>(10));
}

TEST(NamSizes, WhatHasNoRuleIsNotSliced) {
  WaveNet net = std::get<WaveNet>(slimmable().net);
  net.arrays[0].layers[2].films[0].emplace();
  EXPECT_EQ(problem_of([&] { sliced(net, 0); }),
            "a net whose layers have FiLM or a head1x1 cannot be sliced");
  EXPECT_EQ(problem_of([&] { sliced(net, 1); }), "none");
}

}  // namespace
}  // namespace wavenet::nam
