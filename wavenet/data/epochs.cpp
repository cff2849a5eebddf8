#include "wavenet/data/epochs.h"

#include <algorithm>
#include <numeric>

#include "wavenet/base/check.h"
#include "wavenet/base/python_random.h"

namespace wavenet::data {
namespace {

std::int64_t steps_for(std::int64_t count, std::int64_t batch, Epochs::Last last) {
  check(count >= 1, "batches: there is nothing to draw from");
  check(batch >= 1, "batches: a minibatch of {} cannot be made", batch);
  if (last == Epochs::Last::dropped) {
    check(count >= batch, "batches: {} things make no minibatch of {}", count, batch);
    return count / batch;
  }
  return (count + batch - 1) / batch;
}

}  // namespace

std::uint64_t seed_of(std::uint64_t seed, std::int64_t number) {
  return seed * 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(number);
}

std::int64_t parts_of(std::int64_t count, std::int64_t shards) {
  return std::clamp<std::int64_t>(shards, 1, count);
}

std::pair<std::int64_t, std::int64_t> shard_of(std::int64_t count, std::int64_t shards,
                                               std::int64_t shard) {
  const std::int64_t parts = parts_of(count, shards);
  return {count * shard / parts, count * (shard + 1) / parts};
}

Epochs::Epochs(std::int64_t count, std::int64_t batch, std::uint64_t seed, Last last)
    : batch_(batch),
      seed_(seed),
      steps_in_epoch_(steps_for(count, batch, last)),
      order_(static_cast<std::size_t>(count)) {}

std::vector<std::int64_t> Epochs::batch(std::int64_t step) const {
  const std::lock_guard lock(mutex_);
  const std::int64_t epoch = step / steps_in_epoch_;
  if (epoch != epoch_) {
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
    PythonRandom(seed_of(seed_, epoch)).shuffle(order_);
    epoch_ = epoch;
  }
  std::vector<std::int64_t> chosen;
  const std::int64_t first = step % steps_in_epoch_ * batch_;
  for (std::int64_t i = first; i < first + batch_; ++i) {
    chosen.push_back(order_[static_cast<std::size_t>(i) % order_.size()]);
  }
  return chosen;
}

}  // namespace wavenet::data
