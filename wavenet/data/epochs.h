// Epochs: which of many things stand in the minibatch of a step, each once an epoch.
//
//   const data::Epochs epochs(/*count=*/1000, /*batch=*/32, seed);
//   for (const std::int64_t which : epochs.batch(step)) { ... }
//
// Left out: what the things are.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace wavenet::data {

class Epochs {
 public:
  // What becomes of a last batch that is not full: it is filled up from the epoch's beginning, or left out.
  enum class Last : std::uint8_t { filled, dropped };
  // Throws Error when either number is below 1, and when all would be left out.
  Epochs(std::int64_t count, std::int64_t batch, std::uint64_t seed, Last last = Last::filled);
  // Any thread may ask.
  std::vector<std::int64_t> batch(std::int64_t step) const;
  std::int64_t steps_in_epoch() const { return steps_in_epoch_; }

 private:
  std::int64_t batch_;
  std::uint64_t seed_;
  std::int64_t steps_in_epoch_;
  mutable std::mutex mutex_;
  mutable std::int64_t epoch_ = -1;  // whose order this is
  mutable std::vector<std::int64_t> order_;
};

// What one shard of a minibatch of `count` has, of so many: [first, last). At least 1 each.
std::pair<std::int64_t, std::int64_t> shard_of(std::int64_t count, std::int64_t shards,
                                               std::int64_t shard);
// How many shards that makes: no more than there are things.
std::int64_t parts_of(std::int64_t count, std::int64_t shards);

// The seed of a part of a seed's work.
std::uint64_t seed_of(std::uint64_t seed, std::int64_t number);

}  // namespace wavenet::data
