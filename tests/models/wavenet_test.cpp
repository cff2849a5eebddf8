// The WaveNet's geometry and parameters, and the models that a recipe can ask for.
#include "wavenet/wavenet.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace wavenet::models {
namespace {

std::string kind_and_problem_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const UsageError& error) {
    return std::string("usage: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

WaveNetOptions options(std::int64_t width, std::vector<std::int64_t> dilations) {
  return {.vocabulary = 5,
          .embedding = 3,
          .residual = 4,
          .skip = 6,
          .width = width,
          .dilations = std::move(dilations)};
}

struct Schedule {
  std::int64_t width;
  std::vector<std::int64_t> dilations;
  std::int64_t field;
};

// Widths and dilations, and by hand how many tokens an answer sees.
std::vector<Schedule> schedules() {
  std::vector<std::int64_t> thrice;  // the paper's: 1 to 512, three times over
  for (int i = 0; i < 30; ++i) {
    thrice.push_back(std::int64_t{1} << (i % 10));
  }
  return {
      {2, {1}, 3},        {2, {1, 2, 4, 8}, 17}, {2, {8, 4, 2, 1}, 17}, {2, {1, 2, 4, 1, 2, 4}, 16},
      {2, {1, 4}, 7},     {2, {4, 1}, 7},        {2, {4, 1, 1}, 8},     {2, {9, 1, 2, 3}, 17},
      {3, {1, 3, 9}, 29}, {3, {9, 1, 3}, 29},    {3, {1, 2, 4, 8}, 33}, {3, {1, 6}, 17},
      {1, {1, 2, 4}, 1},  {4, {5}, 19},          {2, thrice, 3071}};
}

TEST(WaveNet, SeesAsFarAsItsDilationsReach) {
  for (const Schedule& schedule : schedules()) {
    EXPECT_EQ(receptive_field(options(schedule.width, schedule.dilations)), schedule.field)
        << schedule.width << " x " << fmt::format("{}", fmt::join(schedule.dilations, ","));
  }
}

// The places of the past that move the last answer, counted back from 0, the present.
std::set<std::int64_t> places_seen(const Schedule& schedule, std::int64_t length) {
  const NoGrad guard;
  Rng rng(2);
  WaveNet model(options(schedule.width, schedule.dilations), rng);
  // Small weights leave the gates open, large biases the ReLUs.
  for (const auto& [name, tensor] : model.parameters()) {
    rng.fill_normal(std::span(tensor.data<float>(), static_cast<std::size_t>(tensor.numel())));
    const float bias = name.ends_with("skip.bias") || name == "post.bias" ? 4 : 0;
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      tensor.data<float>()[i] = 0.5F * tensor.data<float>()[i] + bias;
    }
  }
  const auto answer = [&](const std::vector<std::int32_t>& tokens) {
    return index(model(Tensor::from(tokens, {1, length})), {{}, {.start = -1}}).to_vector<float>();
  };
  const std::vector<std::int32_t> tokens(static_cast<std::size_t>(length), 1);
  const std::vector<float> before = answer(tokens);
  std::set<std::int64_t> seen;
  for (std::int64_t back = 0; back < length; ++back) {
    std::vector<std::int32_t> changed = tokens;
    changed[static_cast<std::size_t>(length - 1 - back)] = 2;
    if (answer(changed) != before) {
      seen.insert(back);
    }
  }
  return seen;
}

std::string skipped(const WaveNetOptions& options) {
  Rng rng;
  return skipped_samples(stack_of(WaveNet(options, rng).wiring()));
}

TEST(WaveNet, IsMovedByItsReceptiveFieldAndNothingElse) {
  for (const Schedule& schedule : schedules()) {
    if (schedule.field > 100) {
      continue;  // the same, slowly
    }
    const std::set<std::int64_t> seen = places_seen(schedule, schedule.field + 5);
    EXPECT_EQ(*seen.begin(), 0);
    EXPECT_EQ(*seen.rbegin(), schedule.field - 1);
    const bool all = static_cast<std::int64_t>(seen.size()) == schedule.field;
    EXPECT_EQ(skipped(options(schedule.width, schedule.dilations)).empty(), all)
        << schedule.width << " x " << fmt::format("{}", fmt::join(schedule.dilations, ","));
  }
}

TEST(WaveNet, WarnsOfADilationThatSkipsCharacters) {
  const auto warning = [](std::int64_t width, std::vector<std::int64_t> dilations) {
    return skipped(options(width, std::move(dilations)));
  };
  const std::string what =
      "model.dilations: dilation {} skips characters, as the layers of "
      "smaller ones see only {}";
  EXPECT_EQ(warning(2, {1, 4}), fmt::format(fmt::runtime(what), 4, 3));
  EXPECT_EQ(warning(2, {4}), fmt::format(fmt::runtime(what), 4, 2));
  EXPECT_EQ(warning(2, {1, 2, 4, 16, 64}), fmt::format(fmt::runtime(what), 16, 9));
  EXPECT_EQ(warning(3, {1, 6}), fmt::format(fmt::runtime(what), 6, 5));
  EXPECT_EQ(warning(2, {9, 1, 3}), fmt::format(fmt::runtime(what), 9, 6));
  EXPECT_EQ(warning(2, {1, 2, 4, 8}), "");
  EXPECT_EQ(warning(2, {8, 4, 2, 1}), "");
  EXPECT_EQ(warning(1, {7}), "");
  EXPECT_EQ(warning(2, {2, 4, 8}), "");  // the input layer has dilation 1
  EXPECT_EQ(warning(3, {1, 3, 9}), "");
  EXPECT_EQ(warning(3, {3, 9, 27}), "");
  EXPECT_EQ(warning(2, {1, 2, 4, 1, 2, 4}), "");
}

TEST(WaveNet, HasNoResidualInTheLastBlock) {
  Rng rng(1);
  const WaveNet model(options(2, {1, 2}), rng);
  std::vector<std::string> names;
  std::int64_t numbers = 0;
  for (const auto& [name, tensor] : model.parameters()) {
    names.push_back(name);
    numbers += tensor.numel();
  }
  EXPECT_EQ(names, (std::vector<std::string>{"embedding.weight",
                                             "input.weight",
                                             "input.bias",
                                             "blocks.0.filter.weight",
                                             "blocks.0.filter.bias",
                                             "blocks.0.gate.weight",
                                             "blocks.0.gate.bias",
                                             "blocks.0.residual.weight",
                                             "blocks.0.residual.bias",
                                             "blocks.0.skip.weight",
                                             "blocks.0.skip.bias",
                                             "blocks.1.filter.weight",
                                             "blocks.1.filter.bias",
                                             "blocks.1.gate.weight",
                                             "blocks.1.gate.bias",
                                             "blocks.1.skip.weight",
                                             "blocks.1.skip.bias",
                                             "post.weight",
                                             "post.bias",
                                             "head.weight",
                                             "head.bias"}));
  const std::int64_t conv = 2 * 4 * 4 + 4;
  EXPECT_EQ(numbers, 5 * 3 + (2 * 3 * 4 + 4) + 2 * (2 * conv + 4 * 6 + 6) + (4 * 4 + 4) +
                         (6 * 6 + 6) + (6 * 5 + 5));
  EXPECT_EQ(model.parameter_count(), numbers);
}

TEST(WaveNet, BeginsWithEvenOdds) {
  Rng rng(1);
  WaveNet model(options(2, {1, 2}), rng);
  const Tensor logits = model(Tensor::from<std::int32_t>({0, 1, 2, 0, 4, 3}, {2, 3}));
  EXPECT_EQ(logits.shape(), (Shape{2, 3, 5}));
  EXPECT_EQ(logits.to_vector<float>(), std::vector<float>(30, 0));
}

// Fewer than the article's best network has.
// The last rows alone, to the last bit; and so are the parameters' gradients, as far as sums of
// fewer terms round.
TEST(WaveNet, AfterAPastGivesTheSameRows) {
  Rng rng(8);
  WaveNet model({.vocabulary = 7,
                 .embedding = 3,
                 .residual = 6,
                 .skip = 5,
                 .width = 3,
                 .dilations = {1, 4, 2}},
                rng);
  for (const auto& [name, p] : model.parameters()) {
    const Tensor values = affine(randn(p.shape(), rng), 0.3, 0.1);
    backend().copy(values, p);
  }
  const Tensor tokens = Tensor::from<std::int32_t>(
      {1, 2, 3, 4, 5, 6, 0, 1, 3, 5, 0, 2, 4, 6, 1, 1, 2, 2, 5, 5, 4, 3, 2, 1}, {2, 12});
  for (const std::int64_t past : {1, 2, 5, 11}) {
    const auto gradients = [&](const Tensor& logits) {
      backward(sum(logits * logits));
      std::vector<double> all;
      for (const auto& [name, p] : model.parameters()) {
        const std::vector<float> values = grad(p).to_vector<float>();
        all.insert(all.end(), values.begin(), values.end());
        zero_grad(p);
      }
      return all;
    };
    const Tensor all = contiguous(index(model(tokens), {{}, {.start = past}}));
    const Tensor last = model.raw({tokens, {.past = past}});
    EXPECT_EQ(last.shape(), all.shape());
    EXPECT_EQ(last.to_vector<float>(), all.to_vector<float>()) << past;
    const std::vector<double> expected = gradients(all);
    const std::vector<double> got = gradients(last);
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_NEAR(got[i], expected[i], 1e-5 * (1 + std::abs(expected[i]))) << past << ", " << i;
    }
  }
}

TEST(Recipes, OfTheWaveNetOnNamesIsSmall) {
  Rng rng(1);
  const auto model = build(load_recipe("wavenet-names"), 27, rng);
  EXPECT_LE(model->parameter_count(), 76'579);
  EXPECT_EQ(model->receptive_field(), 20);
  EXPECT_EQ(model->reads(), Reads::sequences);
  EXPECT_EQ(skipped_samples(stack_of(model->wiring())), "");
}

TEST(Recipes, CanAllBeBuilt) {
  for (const auto& [name, text] : embedded_recipes()) {
    Rng rng(1);
    const auto model = build(load_recipe(name), 27, rng);
    EXPECT_EQ(model->vocabulary(), amplifier_of(*model) == nullptr ? 27 : 1) << name;
  }
}

std::string problem_of_recipe(const std::string& name, const std::vector<std::string>& changes) {
  return kind_and_problem_of([&] {
    Config recipe = load_recipe(name);
    for (const std::string& change : changes) {
      recipe.set(change);
    }
    Rng rng(1);
    build(recipe, 27, rng);
  });
}

TEST(Build, RefusesWhatMakesNoWaveNet) {
  const auto problem = [](const std::string& change) {
    return problem_of_recipe("wavenet-names", {change});
  };
  EXPECT_EQ(problem("model.dilations=1,2,4"), "none");
  EXPECT_EQ(problem("model.dilations=1,0,4"),
            "usage: recipe: key model.dilations must be from 1 to 1048576, got 0");
  EXPECT_EQ(problem("model.dilations=-1"),
            "usage: recipe: key model.dilations must be from 1 to 1048576, got -1");
  EXPECT_EQ(problem("model.dilations=[]"),
            "usage: recipe: model.dilations must name at least one dilation, got []");
  EXPECT_EQ(problem("model.dropout=1"),
            "usage: recipe: key model.dropout must be from 0 to 0.99, got 1");
  EXPECT_EQ(problem("model.dropout=-0.1"),
            "usage: recipe: key model.dropout must be from 0 to 0.99, got -0.1");
  EXPECT_EQ(problem("model.width=0"),
            "usage: recipe: key model.width must be from 1 to 1024, got 0");
  EXPECT_EQ(problem("model.residual=0"),
            "usage: recipe: key model.residual must be from 1 to 65536, got 0");
}

TEST(Build, HintsAtTheKind) {
  const std::string kinds =
      "usage: recipe: model.kind must be 'mlp', 'tree', 'convolution', 'wavenet', 'ngram' or "
      "'amplifier', ";
  EXPECT_EQ(problem_of_recipe("wavenet-names", {"model.kind=wavnet"}),
            kinds + "got 'wavnet'; did you mean 'wavenet'?");
  EXPECT_EQ(problem_of_recipe("wavenet-names", {"model.kind=tre"}),
            kinds + "got 'tre'; did you mean 'tree'?");
  EXPECT_EQ(problem_of_recipe("wavenet-names", {"model.kind=lstm"}), kinds + "got 'lstm'");
  EXPECT_EQ(problem_of_recipe("ngram-6", {"model.order=9"}),
            "usage: recipe: key model.order must be from 1 to 8, got 9");
}

}  // namespace
}  // namespace wavenet::models
