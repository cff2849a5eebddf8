#include "wavenet/train/trainer.h"

#include <array>
#include <cmath>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/parallel.h"
#include "wavenet/ops/loss.h"

namespace wavenet::train {
namespace {

constexpr std::int64_t kShard = 1024;  // windows evaluated together; fits the second-level cache

optim::Sgd make_optimizer(const nn::Module& model, const Config& recipe) {
  const std::string kind = recipe.text("train.optimizer");
  const std::array<std::string, 1> kinds{"sgd"};
  if (kind != kinds[0]) {
    fail_usage("recipe: unknown train.optimizer '{}'{}", kind, nearest_hint(kind, kinds));
  }
  return optim::Sgd(model.parameters());
}

}  // namespace

Trainer::Trainer(nn::Module& model, const data::Windows& windows, Rng& rng, const Config& recipe,
                 std::int64_t steps_done)
    : model_(model),
      windows_(windows),
      rng_(rng),
      batch_size_(recipe.integer("train.batch_size", 1, 1 << 20)),
      schedule_(recipe),
      optimizer_(make_optimizer(model, recipe)),
      steps_done_(steps_done) {}

double Trainer::step() {
  model_.train();
  const data::Batch batch = data::random_batch(windows_, batch_size_, rng_);
  const Tensor loss = cross_entropy(model_(batch.contexts), batch.targets);
  const double value = loss.item();
  check(std::isfinite(value),
        "training diverged: the loss of step {} is {}; try a lower "
        "train.learning_rate than {}",
        steps_done_, value, rate());
  backward(loss);
  optimizer_.step(rate());
  ++steps_done_;
  return value;
}

double mean_loss(nn::Module& model, const data::Windows& windows, int threads) {
  const bool was_training = model.training();
  model.eval();
  const std::int64_t shards = (windows.size() + kShard - 1) / kShard;
  std::vector<double> totals(static_cast<std::size_t>(shards));
  parallel_for(shards, threads, [&](std::int64_t shard) {
    const NoGrad guard;
    const std::int64_t start = shard * kShard;
    const std::int64_t stop = std::min(start + kShard, windows.size());
    const data::Batch batch = data::rows(windows, start, stop);
    totals[static_cast<std::size_t>(shard)] =
        cross_entropy(model(batch.contexts), batch.targets).item() *
        static_cast<double>(stop - start);
  });
  model.train(was_training);
  double total = 0;
  for (double part : totals) {
    total += part;
  }
  return total / static_cast<double>(windows.size());
}

}  // namespace wavenet::train
