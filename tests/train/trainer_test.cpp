#include "wavenet/train/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tests/train/words.h"

namespace wavenet::train {
namespace {

using Losses = std::vector<double>;

Config recipe(const std::string& train) {
  return Config::parse("{\"train\": {" + train + "}}", "recipe");
}

const char* const kSgd = R"("optimizer": "sgd", "schedule": "constant", "learning_rate": 0.5)";
const char* const kAdamW = R"("optimizer": "adamw", "schedule": "constant", "learning_rate": 3e-3,
                              "weight_decay": 0.05, "clip": 1.0, "ema": 0.9)";

// The same batch at every step.
class Always : public data::BatchSource {
 public:
  explicit Always(std::vector<data::Batch> shards) : shards_(std::move(shards)) {}
  std::int64_t shards() const override { return std::ssize(shards_); }
  data::Batch shard(std::int64_t, std::int64_t shard) const override {
    return shards_[static_cast<std::size_t>(shard)];
  }

 private:
  std::vector<data::Batch> shards_;
};

data::Batch batch_of(const std::vector<std::int32_t>& tokens,
                     const std::vector<std::int32_t>& targets, std::int64_t rows) {
  const auto length = static_cast<std::int64_t>(tokens.size()) / rows;
  return {{Tensor::from(tokens, {rows, length})}, Tensor::from(targets, {rows, length})};
}

data::Batch some_batch() {
  return batch_of({0, 4, 9, 1, 0, 0, 0, 3, 3, 10, 2, 7}, {4, 9, 1, 0, -1, -1, 3, 3, 10, 2, 7, 0},
                  2);
}

struct Finished {
  Losses losses;
  Values parameters;
  Values state;
  bool operator==(const Finished&) const = default;
};

Finished trained(const Config& how, double dropout, std::int64_t shards, int threads, int steps) {
  models::WaveNet model = small_wavenet(dropout);
  data::WholeSequences batches(made_up_words(50, 9), {.batch = 13, .shards = shards}, 42);
  Trainer trainer(model, batches, how, {.threads = threads});
  Finished result;
  for (int i = 0; i < steps; ++i) {
    result.losses.push_back(trainer.step());
  }
  EXPECT_EQ(trainer.steps_done(), steps);
  result.parameters = values_of(model.parameters());
  result.state = values_of(trainer.state());
  return result;
}

TEST(Trainer, HasTheSameBitsForAnyThreads) {
  const Finished one = trained(recipe(kAdamW), 0.2, 4, 1, 12);
  for (const int threads : {2, 4, 7}) {
    EXPECT_EQ(trained(recipe(kAdamW), 0.2, 4, threads, 12), one) << threads << " threads";
  }
  EXPECT_NE(trained(recipe(kAdamW), 0.2, 5, 1, 12).losses, one.losses);  // dropout differs
}

// A bf16 has 8 bits: the first losses, near ln 27, differ in the third digit at most.
TEST(Trainer, RoundsOperandsToBf16WhereAsked) {
  const std::string how = std::string(kAdamW) + R"(, "precision": "bf16")";
  const Finished rounded = trained(recipe(how), 0.2, 4, 1, 12);
  const Finished exact = trained(recipe(kAdamW), 0.2, 4, 1, 12);
  for (std::size_t step = 0; step < exact.losses.size(); ++step) {
    EXPECT_NEAR(rounded.losses[step], exact.losses[step], 0.01) << step;
  }
  EXPECT_NE(rounded.losses, exact.losses);
  for (const int threads : {2, 4}) {
    EXPECT_EQ(trained(recipe(how), 0.2, 4, threads, 12), rounded) << threads << " threads";
  }
  EXPECT_EQ(backend().name(), "cpu");  // as before
}

TEST(Trainer, LosesNothingByShards) {
  for (const char* how : {kSgd, kAdamW}) {
    const Losses whole = trained(recipe(how), 0, 1, 1, 20).losses;
    for (const std::int64_t shards : {2, 4, 13}) {
      const Losses sharded = trained(recipe(how), 0, shards, 2, 20).losses;
      for (std::size_t step = 0; step < whole.size(); ++step) {
        EXPECT_NEAR(sharded[step], whole[step], 1e-6 * whole[step])
            << shards << " shards, step " << step;
      }
    }
    EXPECT_LT(whole.back(), whole.front() - 0.01) << "it did not train";
  }
}

TEST(Trainer, BeginsAtTheLogarithmOfTheVocabulary) {
  for (const std::int64_t vocabulary : {2, 27, 1000}) {
    for (const double smoothing : {0.0, 0.1}) {
      Rng rng(1);
      models::WaveNet model(
          {.vocabulary = vocabulary,
           .embedding = 6,
           .residual = 8,
           .skip = 12,
           .dilations = {1, 2},
           .dropout = 0.3,
           .output = std::make_shared<output::Categorical>(vocabulary, smoothing)},
          rng);
      Always batches({batch_of({0, 1, 1, 0, 1, 0}, {1, 1, 0, 1, 0, -1}, 2)});
      Trainer trainer(model, batches, recipe(kSgd));
      EXPECT_NEAR(trainer.step(), std::log(static_cast<double>(vocabulary)), 1e-6);
    }
  }
}

// The gradients of a batch's loss, and the loss itself as "loss".
Values gradients(const data::Batch& batch) {
  models::WaveNet model = small_wavenet();
  randomise(model);
  const Tensor logits = model(batch.inputs.x);
  const Tensor loss =
      cross_entropy(reshape(logits, {-1, logits.size(2)}), reshape(batch.targets, {-1}));
  backward(loss);
  Values all{{"loss", loss.to_vector<float>()}};
  for (const auto& [name, tensor] : model.parameters()) {
    all[name] = grad(tensor).to_vector<float>();
  }
  return all;
}

// Nor a shard of nothing else; a minibatch that has nothing to predict is an error.
TEST(Trainer, DoesNotSeeAShardOfPadding) {
  const data::Batch padding = batch_of({0, 4, 9, 1}, {-1, -1, -1, -1}, 1);
  models::WaveNet with = small_wavenet();
  models::WaveNet without = small_wavenet();
  Always more({some_batch(), padding});
  Always alone({some_batch()});
  Trainer trainer(with, more, recipe(kSgd));
  EXPECT_EQ(trainer.step(), Trainer(without, alone, recipe(kSgd)).step());
  EXPECT_EQ(values_of(with.parameters()), values_of(without.parameters()));
  Always nothing({padding, padding});
  Trainer idle(with, nothing, recipe(kSgd));
  EXPECT_THROW(idle.step(), Error);
}

TEST(Trainer, DoesNotSeePadding) {
  const Values expected = gradients(some_batch());
  EXPECT_EQ(gradients(batch_of({0, 4, 9, 1, 5, 8, 0, 3, 3, 10, 2, 7},
                               {4, 9, 1, 0, -1, -1, 3, 3, 10, 2, 7, 0}, 2)),
            expected)
      << "tokens that predict nothing matter";
  for (const std::int32_t token : {0, 6}) {
    std::vector<std::int32_t> tokens{0, 4, 9, 1, 0, 0, 0, 3, 3, 10, 2, 7};
    std::vector<std::int32_t> targets{4, 9, 1, 0, -1, -1, 3, 3, 10, 2, 7, 0};
    for (const std::ptrdiff_t end : {12, 6}) {  // of each row, the last first
      tokens.insert(tokens.begin() + end, 9, token);
      targets.insert(targets.begin() + end, 9, -1);
    }
    const Values padded = gradients(batch_of(tokens, targets, 2));
    for (const auto& [name, values] : expected) {
      float largest = 0;
      for (const float value : values) {
        largest = std::max(largest, std::abs(value));
      }
      ASSERT_EQ(padded.at(name).size(), values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_NEAR(padded.at(name)[i], values[i], 1e-6F * largest) << name << " at " << i;
      }
    }
  }
}

// What one step of plain gradient descent of rate 1 takes off the parameters.
Values step_of(const std::string& more) {
  models::WaveNet model = small_wavenet();
  randomise(model);
  Values steps = values_of(model.parameters());
  Always batches({some_batch()});
  Trainer trainer(
      model, batches,
      recipe(R"("optimizer": "sgd", "schedule": "constant", "learning_rate": 1)" + more));
  trainer.step();
  for (const auto& [name, after] : values_of(model.parameters())) {
    for (std::size_t i = 0; i < after.size(); ++i) {
      steps[name][i] -= after[i];
    }
  }
  return steps;
}

double length_of(const Values& values) {
  double total = 0;
  for (const auto& [name, each] : values) {
    for (const float value : each) {
      total += static_cast<double>(value) * static_cast<double>(value);
    }
  }
  return std::sqrt(total);
}

TEST(Trainer, ClipsTheGradientToALength) {
  Values whole = gradients(some_batch());
  whole.erase("loss");
  const double norm = length_of(whole);
  ASSERT_GT(norm, 0.2);
  // Values of up to 2, rounded to 24 bits, are off by 1e-7.
  EXPECT_NEAR(length_of(step_of("")), norm, 1e-5);
  EXPECT_EQ(step_of(fmt::format(", \"clip\": {}", 1.01 * norm)), step_of(""));
  for (const double clip : {0.1, 0.5 * norm, 0.99 * norm}) {
    const Values clipped = step_of(fmt::format(", \"clip\": {}", clip));
    EXPECT_LE(length_of(clipped), clip + 1e-5);
    EXPECT_GE(length_of(clipped), clip - 1e-5);
    for (const auto& [name, values] : whole) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_NEAR(clipped.at(name)[i], static_cast<double>(values[i]) * clip / norm, 1e-6);
      }
    }
  }
}

TEST(Trainer, AveragesItsParameters) {
  models::WaveNet model = small_wavenet();
  Values expected = values_of(model.parameters());
  Always batches({some_batch()});
  Trainer trainer(model, batches, recipe(kAdamW));
  for (int i = 0; i < 90; ++i) {
    trainer.step();
    const auto steps = static_cast<float>(i);
    const float decay = std::min(0.9F, (1 + steps) / (10 + steps));  // 0.9 from step 80 on
    for (const auto& [name, values] : values_of(model.parameters())) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        expected[name][j] = decay * expected[name][j] + (1 - decay) * values[j];
      }
    }
  }
  for (const auto& [name, average] : values_of(trainer.average()->state())) {
    const std::vector<float>& wanted = expected.at(name.substr(std::strlen("ema.")));
    for (std::size_t j = 0; j < average.size(); ++j) {
      ASSERT_NEAR(average[j], wanted[j], 1e-6) << name << " at " << j;
    }
  }
  models::WaveNet plain = small_wavenet();
  EXPECT_EQ(Trainer(plain, batches, recipe(kSgd)).average(), nullptr);
}

TEST(Trainer, KeepsItsParametersWhileTheAverageIsJudged) {
  const auto run = [](bool judge) {
    models::WaveNet model = small_wavenet(0.1);
    data::WholeSequences batches(made_up_words(50, 9), {.batch = 13, .shards = 2}, 42);
    Trainer trainer(model, batches, recipe(kAdamW));
    for (int i = 0; i < 9; ++i) {
      trainer.step();
      if (judge) {
        const Values before = values_of(model.parameters());
        const Values averages = values_of(trainer.average()->state());
        {
          const optim::UseAverage use(*trainer.average());
          model.eval();
          for (const auto& [name, values] : values_of(model.parameters())) {
            EXPECT_EQ(values, averages.at("ema." + name)) << name;
          }
          EXPECT_NE(values_of(model.parameters()), before);
          mean_loss(model, made_up_words(20, 9, 5), 2);
        }
        EXPECT_EQ(values_of(model.parameters()), before);
        EXPECT_EQ(values_of(trainer.average()->state()), averages);
      }
    }
    return std::pair{values_of(model.parameters()), values_of(trainer.state())};
  };
  EXPECT_EQ(run(true), run(false));
}

TEST(Trainer, GoesOnFromItsState) {
  const Config how = recipe(std::string(kAdamW) + R"(, "warmup": 5)");
  const auto copy = [](const nn::NamedTensors& from, const nn::NamedTensors& to) {
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      ASSERT_EQ(from[i].first, to[i].first);
      std::copy_n(from[i].second.data<float>(), from[i].second.numel(), to[i].second.data<float>());
    }
  };
  const Finished whole = trained(how, 0.2, 3, 1, 20);

  models::WaveNet model = small_wavenet(0.2);
  data::WholeSequences batches(made_up_words(50, 9), {.batch = 13, .shards = 3}, 42);
  Trainer first(model, batches, how);
  Finished resumed;
  for (int i = 0; i < 8; ++i) {
    resumed.losses.push_back(first.step());
  }
  models::WaveNet again = small_wavenet(0.2, 1234);
  data::WholeSequences same(made_up_words(50, 9), {.batch = 13, .shards = 3}, 42);
  Trainer second(again, same, how, {.threads = 2, .steps_done = 8});
  copy(model.parameters(), again.parameters());
  copy(first.state(), second.state());
  for (int i = 8; i < 20; ++i) {
    resumed.losses.push_back(second.step());
  }
  resumed.parameters = values_of(again.parameters());
  resumed.state = values_of(second.state());
  EXPECT_EQ(resumed, whole);
}

TEST(Trainer, NamesItsState) {
  models::WaveNet model = small_wavenet();
  Always batches({some_batch()});
  const Values adamw = values_of(Trainer(model, batches, recipe(kAdamW)).state());
  EXPECT_EQ(adamw.size(), 3 * model.parameters().size());
  for (const auto& [name, tensor] : model.parameters()) {
    EXPECT_TRUE(adamw.contains("train.adamw.mean." + name));
    EXPECT_TRUE(adamw.contains("train.adamw.square." + name));
    EXPECT_TRUE(adamw.contains("train.ema." + name));
  }
  EXPECT_TRUE(Trainer(model, batches, recipe(kSgd)).state().empty());
}

TEST(Trainer, SaysThatItDivergedAndChangesNothing) {
  for (const std::int64_t shards : {1, 4}) {
    models::WaveNet model = small_wavenet();
    for (const auto& [name, tensor] : model.parameters()) {
      if (name == "post.weight") {  // after one step of that rate, more than a float holds
        std::fill_n(tensor.data<float>(), tensor.numel(), 1e20F);
      }
    }
    data::WholeSequences batches(made_up_words(50, 9), {.batch = 13, .shards = shards}, 42);
    Trainer trainer(model, batches,
                    recipe(R"("optimizer": "sgd", "schedule": "constant", "learning_rate": 1e6)"));
    Values before;
    std::string problem;
    for (int step = 0; step < 50 && problem.empty(); ++step) {
      before = values_of(model.parameters());
      try {
        trainer.step();
      } catch (const Error& error) {
        problem = error.what();
      }
    }
    EXPECT_EQ(
        problem.rfind(
            fmt::format("training diverged: the loss of step {} is ", trainer.steps_done()), 0),
        0U)
        << problem;
    EXPECT_NE(problem.find("at a learning rate of 1e+06"), std::string::npos) << problem;
    for (const auto& [name, tensor] : model.parameters()) {
      EXPECT_FALSE(grad(tensor).defined()) << name;
    }
    const Values after = values_of(model.parameters());
    for (const auto& [name, values] : before) {  // some are NaN, which equals nothing
      EXPECT_EQ(std::memcmp(values.data(), after.at(name).data(), values.size() * sizeof(float)),
                0);
    }
  }
}

// A batch norm, whose weight is x, and two linear layers of weights 0 and 1e4, for half of the
// tokens: all logits are 0, whatever x is, yet gradients grow with it.
class Fragile : public models::Chain {
 public:
  explicit Fragile(float x) : Chain({models::Reads::sequences, 1, kVocabulary}, nullptr) {
    Rng rng(5);
    add("embedding", nn::Embedding(kVocabulary, 4, rng));
    add("norm", nn::BatchNorm1d(4));
    add("low", nn::Linear(4, 4, rng));
    add("high", nn::Linear(4, kVocabulary, rng));
    for (const auto& [name, tensor] : parameters()) {
      for (std::int64_t i = 0; i < tensor.numel() && name != "embedding.weight"; ++i) {
        tensor.data<float>()[i] = name == "norm.weight"                 ? x
                                  : name == "high.weight" && i % 2 == 0 ? 1e4F
                                                                        : 0.0F;
      }
    }
  }
  std::string kind() const override { return "Fragile"; }
};

// Of a step that fails nothing stays, whatever stopped it: neither running statistics nor
// gradients.
TEST(Trainer, AFailedStepLeavesAllAsItWas) {
  const data::Batch good = some_batch();
  data::Batch bad = good;
  bad.inputs.x = Tensor::from<std::int32_t>({1, kVocabulary, 2}, {1, 3});  // no such token
  bad.targets = Tensor::from<std::int32_t>({1, 2, 3}, {1, 3});
  const float infinity = std::numeric_limits<float>::infinity();
  const std::string clipped = R"("optimizer": "sgd", "schedule": "constant", "learning_rate": 0.1,
                                 "momentum": 0.9, "clip": 1)";
  struct Case {
    float x;  // scales what the norm gives
    data::Batch batch;
    std::string problem;
  };
  for (const Case& c :
       {Case{infinity, good, "the loss of step 0 is not finite"},
        Case{1e38F, good, "the gradient of step 0 is not finite"}, Case{1, bad, "token"}}) {
    Fragile model(c.x);
    Always batches({c.batch});
    Trainer trainer(model, batches, recipe(clipped));
    const Values before = values_of(model.state());
    try {
      trainer.step();
      ADD_FAILURE() << c.problem;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(c.problem), std::string::npos) << error.what();
      EXPECT_EQ(error.kind() == ErrorKind::diverged, c.x != 1);
    }
    EXPECT_EQ(values_of(model.state()), before) << c.problem;
    for (const auto& [name, tensor] : trainer.state()) {
      EXPECT_EQ(tensor.to_vector<float>(),
                std::vector<float>(static_cast<std::size_t>(tensor.numel()), 0))
          << name;
    }
    for (const auto& [name, tensor] : model.parameters()) {
      EXPECT_FALSE(grad(tensor).defined()) << name << ": " << c.problem;
    }
    EXPECT_EQ(trainer.steps_done(), 0);
  }
}

// What one step frees the next one takes. (How much shards on several threads need together depends
// on when they meet, so that is not counted here.)
TEST(Trainer, AllocatesNothingAfterItsFirstSteps) {
  const auto asked_of_system = [](Trainer& trainer, int steps) {
    const std::int64_t before = storage_statistics().system_allocations;
    for (int i = 0; i < steps; ++i) {
      trainer.step();
    }
    return storage_statistics().system_allocations - before;
  };
  for (const int threads : {1, 3}) {
    Rng rng(7);
    models::Tree tree({.vocabulary = kVocabulary, .block_size = 8, .embedding = 6, .hidden = 70},
                      rng);
    data::RandomWindows windows(data::make_windows(made_up_words(50, 9), 8), 32, rng, 0);
    Trainer trainer(tree, windows, recipe(kSgd), {.threads = threads});
    asked_of_system(trainer, 2);
    EXPECT_EQ(asked_of_system(trainer, 20), 0) << threads;
  }
  models::WaveNet wavenet = small_wavenet(0.1);
  Always sequences({some_batch(), some_batch(), some_batch()});
  Trainer trainer(wavenet, sequences, recipe(kAdamW));
  asked_of_system(trainer, 2);
  EXPECT_EQ(asked_of_system(trainer, 20), 0);
}

}  // namespace
}  // namespace wavenet::train
