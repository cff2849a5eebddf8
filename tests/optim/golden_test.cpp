// Optimisers, clipping, schedule and the mean of the weights against PyTorch 1.13. The expected
// tensors are made by python/make_wavenet_goldens.py. Trained in f64, its 50 steps end within 1e-6
// of what f32 gives, relative to the largest weight; a setting off by 2 % moves
// them by 8e-5 or more.
#include "tests/nn/golden.h"

namespace {

using namespace wavenet;
using golden::Case;

Case case_of(const std::string& name) {
  static const io::SafeTensors file = golden::read("wavenet");
  return {file, name, 1e-5F};
}

Tensor vector_of(const std::vector<float>& values) {
  return Tensor::from(values, {static_cast<std::int64_t>(values.size())});
}

// What the recipe of the twin's run says of the learning rate.
optim::Schedule cosine_schedule() {
  return optim::Schedule(Config::parse(
      R"({"train": {"steps": 50, "schedule": "cosine", "learning_rate": 3e-3, "warmup": 5}})",
      "cosine"));
}

TEST(OptimGolden, CosineSchedule) {
  const std::vector<double> rates = case_of("train")["rates"].to_vector<double>();
  const optim::Schedule schedule = cosine_schedule();
  for (std::size_t step = 0; step < rates.size(); ++step) {
    EXPECT_NEAR(schedule.rate(static_cast<std::int64_t>(step)), rates[step], 1e-15) << step;
  }
}

// 50 steps over five batches of names: losses, norms of the gradients, weights and their mean.
TEST(OptimGolden, Training) {
  const Case golden = case_of("train");
  Rng rng(1);  // whose weights are replaced at once
  models::WaveNet model({.vocabulary = 27,
                         .embedding = 8,
                         .residual = 12,
                         .skip = 16,
                         .width = 2,
                         .dilations = {1, 2, 4}},
                        rng);
  golden::load(golden, model, "initial/");
  const optim::Schedule schedule = cosine_schedule();
  optim::AdamW optimizer(model.parameters(), {.beta1 = 0.9, .beta2 = 0.99, .decay = 0.05});
  optim::Ema average(model.parameters());
  std::vector<float> losses;
  std::vector<float> norms;
  for (int step = 0; step < 50; ++step) {
    const std::string batch = std::to_string(step % 5);
    const Tensor logits = model(golden["tokens_" + batch]);  // [B, T, V]
    const Tensor loss = cross_entropy(reshape(logits, {-1, logits.size(2)}),
                                      reshape(golden["targets_" + batch], {-1}));
    losses.push_back(static_cast<float>(loss.item()));
    backward(loss);
    const double norm = optim::gradient_norm(model.parameters());
    norms.push_back(static_cast<float>(norm));
    optimizer.step(schedule.rate(step), norm > 1 ? 1 / norm : 1);
    average.update(0.95);
  }
  golden.expect(vector_of(losses), "losses");
  golden.expect(vector_of(norms), "norms");
  for (const auto& [name, tensor] : model.parameters()) {
    golden.expect(tensor, "final/" + name);
  }
  const optim::UseAverage use(average);
  for (const auto& [name, tensor] : model.parameters()) {
    golden.expect(tensor, "ema/" + name);
  }
}

// Five steps of an optimiser on mean((x weight + bias - target)^2).
template <class Optimizer>
void expect_small_steps(const std::string& name, double rate, auto options) {
  const Case golden = case_of(name);
  const Tensor weight = golden.input("weight_0");
  const Tensor bias = golden.input("bias_0");
  Optimizer optimizer(nn::NamedTensors{{"weight", weight}, {"bias", bias}}, options);
  for (const std::string step : {"1", "2", "3", "4", "5"}) {
    const Tensor error = matmul(golden["x"], weight) + bias - golden["target"];
    const Tensor loss = mean(error * error);
    golden.expect(loss, "loss_" + step);
    backward(loss);
    optimizer.step(rate);
    golden.expect(weight, "weight_" + step);
    golden.expect(bias, "bias_" + step);
  }
}

TEST(OptimGolden, SgdWithMomentum) {
  expect_small_steps<optim::Sgd>("sgd", 0.1, optim::SgdOptions{.momentum = 0.9});
}

TEST(OptimGolden, AdamWSparesBiasesFromDecay) {
  expect_small_steps<optim::AdamW>("adamw", 0.05,
                                   optim::AdamWOptions{.beta1 = 0.9, .beta2 = 0.99, .decay = 0.1});
}

}  // namespace
