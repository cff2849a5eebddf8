#include "wavenet/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/base/denormals.h"
#include "wavenet/base/parallel.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/nn/dropout.h"

namespace wavenet::train {
namespace {

// Seeds lie 2^40 apart from step to step and 2^20 from shard to shard, so that up to 2^20 shards of
// a step never meet the next step's. Every 2^24 steps the row begins elsewhere.
std::uint64_t dropout_seed(std::uint64_t seed, std::int64_t step, std::size_t shard) {
  const auto steps = static_cast<std::uint64_t>(step);
  return (seed + 1) * 0xd1342543de82ef95U + (steps >> 24U) * 0x9e3779b97f4a7c15U + (steps << 40U) +
         (static_cast<std::uint64_t>(shard) << 20U);
}

Precision precision_of(const Config& recipe) {
  const std::vector<std::string> known{"f32", "bf16"};
  if (recipe.choice_or("train.precision", "f32", known) == "f32") {
    return Precision::f32;
  }
  if (recipe.text_or("model.kind", "") == "amplifier") {
    fail_usage("train.precision: amplifiers are trained in f32 alone, got bf16");
  }
  return Precision::bf16;
}

}  // namespace

Trainer::Trainer(models::Model& model, const data::BatchSource& batches, const Config& recipe,
                 TrainerOptions options)
    : model_(model),
      batches_(batches),
      options_(options),
      choice_(options.threads),
      schedule_(recipe),
      optimizer_(optim::build(recipe, model.parameters(), options.steps_done)),
      precision_(precision_of(recipe)),
      clip_(recipe.number_or("train.clip", 0, 0, 1e9)),
      decay_(recipe.number_or("train.ema", 0, 0, 0.999999)),
      buffers_(model) {
  if (decay_ > 0) {
    average_.emplace(model.parameters());
  }
}

// The loss of one shard, whose gradients count by its `share` of the minibatch's targets.
double Trainer::forward_and_back(const data::Batch& batch, std::size_t shard, double share,
                                 Watch* watch) const {
  const nn::DropoutSeed seed(dropout_seed(options_.seed, steps_done(), shard));
  std::optional<UseBackend> products;
  if (precision_ != Precision::f32) {
    products.emplace(cpu_backend(precision_));
  }
  std::optional<nn::Trace> trace;
  if (watch != nullptr) {
    trace.emplace(model_, watch->visit());
  }
  const Tensor loss = model_.output().loss(model_.raw(batch.inputs), batch.targets);
  const double value = loss.item();
  if (std::isfinite(value)) {
    backward(loss, Tensor::scalar(share));
  }
  return value;
}

// Losses and gradients are added by one binary tree over all shards, a block of which is this
// process's, so that no bit depends on the number of threads or processes.
double Trainer::shards_forward_and_back(const std::vector<data::Batch>& mine, std::int64_t first,
                                        int threads, Watch* watch) const {
  comm::Communicator& processes = *options_.processes;
  const std::size_t count = mine.size();
  std::vector<double> targets;
  double all = 0;
  for (const data::Batch& shard : mine) {
    targets.push_back(static_cast<double>(output::count_targets(shard.targets)));
    all += targets.back();
  }
  all = processes.sum(all);  // whole numbers, exact in any order
  check(all > 0, "training: step {} has nothing to predict", steps_done());
  std::vector<double> losses(count);
  std::vector<GradientSet> gradients(count);
  parallel_for(static_cast<std::int64_t>(count), threads, [&](std::int64_t i) {
    const auto own = static_cast<std::size_t>(i);
    const std::size_t shard = own + static_cast<std::size_t>(first);
    const CollectGradients collect(gradients[own]);
    if (targets[own] == 0) {
      return;
    }
    losses[own] =
        forward_and_back(mine[own], shard, targets[own] / all, shard == 0 ? watch : nullptr) *
        targets[own] / all;
  });
  comm::sum_by_tree(losses, [](double& to, double from) { to += from; });
  const double loss = processes.sum(losses.empty() ? 0 : losses[0]);
  if (std::isfinite(loss)) {
    comm::sum_by_tree(gradients, [](GradientSet& to, GradientSet& from) { to.take(from); });
    if (!gradients.empty()) {
      gradients[0].move_to_parameters();
    }
    add_gradients_of_all();
  }
  return loss;
}

void Trainer::add_gradients_of_all() const {
  if (options_.processes->size() == 1) {
    return;
  }
  for (const auto& [name, parameter] : model_.parameters()) {
    const Tensor mine = grad(parameter);  // undefined in a process that had no shard
    const Tensor sum =
        mine.defined() ? mine.clone() : Tensor::zeros(parameter.shape(), parameter.dtype());
    options_.processes->sum({sum.data<float>(), static_cast<std::size_t>(sum.numel())});
    set_grad(parameter, sum);
  }
}

double Trainer::step(Watch* watch) try {
  const FlushDenormals flush;
  if (!options_.choose_threads || watch != nullptr) {
    return step_on(threads(), watch);
  }
  const auto start = std::chrono::steady_clock::now();
  const double loss = step_on(choice_.next(), nullptr);
  choice_.took(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return loss;
} catch (...) {
  rethrow_as_error("a step of training");
}

void Trainer::require_finite(double value, const char* what) const {
  if (!std::isfinite(value)) {
    throw Diverged(
        fmt::format("training diverged: the {} of step {} is not finite, at a learning rate of "
                    "{:g}; try a lower train.learning_rate",
                    what, steps_done(), rate()));
  }
}

// What gradients are to be multiplied by, so that together they are no longer than train.clip.
double Trainer::clip_scale() const {
  if (clip_ == 0) {
    return 1;
  }
  const double norm = optim::gradient_norm(model_.parameters());
  require_finite(norm, "gradient");
  return std::min(1.0, clip_ / (norm + 1e-6));
}

// So that of a step that failed nothing stays.
void Trainer::undo_pass() {
  buffers_.put_back();
  for (const auto& [name, parameter] : model_.parameters()) {
    zero_grad(parameter);
  }
}

double Trainer::step_on(int threads, Watch* watch) {
  model_.train();
  const std::int64_t shards = batches_.shards();
  const int processes = options_.processes->size();
  if (shards < processes) {
    fail_usage("recipe: train.shards gives {} parts of a minibatch to {} processes", shards,
               processes);
  }
  const comm::Block block = comm::block_of(shards, *options_.processes);
  std::vector<data::Batch> mine;
  for (std::int64_t shard = block.first; shard < block.last; ++shard) {
    mine.push_back(batches_.shard(steps_done(), shard));
  }
  const UseThreads use(threads);  // by the kernels, unless the shards are shared out
  buffers_.keep();
  double loss = 0;
  double scale = 1;
  try {
    loss = shards == 1 ? forward_and_back(mine[0], 0, 1, watch)
                       : shards_forward_and_back(mine, block.first, threads, watch);
    require_finite(loss, "loss");
    scale = clip_scale();
    if (watch != nullptr) {
      watch->before_update();
    }
  } catch (...) {
    undo_pass();
    throw;
  }
  optimizer_->step(rate(), scale);
  if (watch != nullptr) {
    watch->after_update();
  }
  if (average_) {
    average_->update(optim::decay_at(decay_, steps_done()));
  }
  ++options_.steps_done;
  return loss;
}

nn::NamedTensors Trainer::state() const {
  nn::NamedTensors all;
  const auto append = [&all](const nn::NamedTensors& part) {
    for (const auto& [name, tensor] : part) {
      all.emplace_back("train." + name, tensor);
    }
  };
  append(optimizer_->state());
  if (average_) {
    append(average_->state());
  }
  return all;
}

}  // namespace wavenet::train
