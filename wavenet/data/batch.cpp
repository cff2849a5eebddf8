#include "wavenet/data/batch.h"

namespace wavenet::data {

std::optional<Rng> BatchSource::rng_after(std::int64_t) const { return std::nullopt; }

std::vector<Batch> minibatch(const BatchSource& source, std::int64_t step) {
  std::vector<Batch> all;
  for (std::int64_t i = 0; i < source.shards(); ++i) {
    all.push_back(source.shard(step, i));
  }
  return all;
}

}  // namespace wavenet::data
