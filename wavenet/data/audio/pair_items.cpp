#include "wavenet/data/audio/pair_items.h"

#include <algorithm>

#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

std::int64_t items_in(const Aligned& train, const PairBatches& how) {
  check(how.outputs >= 1 && how.receptive_field >= 1,
        "pairs: items of {} outputs after a receptive field of {} cannot be made", how.outputs,
        how.receptive_field);
  const std::int64_t items = (std::ssize(train.out) - how.receptive_field + 1) / how.outputs;
  check(items >= how.batch,
        "pairs: {} samples to train on make {} items of {} outputs after a receptive field of {}, "
        "and a minibatch has {}",
        train.out.size(), std::max<std::int64_t>(items, 0), how.outputs, how.receptive_field,
        how.batch);
  return items;
}

}  // namespace

PairItems::PairItems(const Aligned& train, const PairBatches& how, std::uint64_t seed)
    : train_(train),
      how_(how),
      items_(items_in(train, how)),
      epochs_(items_, how.batch, seed, Epochs::Last::dropped) {}

Batch PairItems::shard(std::int64_t step, std::int64_t) const {
  const std::int64_t past = how_.receptive_field - 1;
  Batch batch{{Tensor::empty({how_.batch, past + how_.outputs}), {.past = past}},
              Tensor::empty({how_.batch, how_.outputs})};
  auto* in = batch.inputs.x.data<float>();
  auto* out = batch.targets.data<float>();
  for (const std::int64_t item : epochs_.batch(step)) {
    const std::int64_t first = item * how_.outputs;
    in = std::copy_n(train_.in.begin() + first, past + how_.outputs, in);
    out = std::copy_n(train_.out.begin() + first + past, how_.outputs, out);
  }
  return batch;
}

std::string PairItems::summary() const {
  return fmt::format("{} items of {} samples, {} minibatches an epoch", items_, how_.outputs,
                     epochs_.steps_in_epoch());
}

PairPass::PairPass(const Aligned& all, std::int64_t first, std::int64_t last,
                   const PassOptions& options)
    : all_(all),
      first_(first),
      last_(last),
      past_(options.receptive_field - 1),
      together_(options.together) {
  check(
      together_ >= 1 && past_ >= 0 && 0 <= first && first <= last && last <= std::ssize(all.out),
      "pass: pieces of {} of the targets {} to {} of {}, after a receptive field of {}, cannot be "
      "made",
      together_, first, last, all.out.size(), options.receptive_field);
}

std::int64_t PairPass::pieces() const { return (targets() + together_ - 1) / together_; }

Batch PairPass::piece(std::int64_t i) const {
  check(i >= 0 && i < pieces(), "pass: piece {} of {}", i, pieces());
  const std::int64_t first = first_ + i * together_;
  const std::int64_t count = std::min(together_, last_ - first);
  const std::int64_t silent = std::clamp<std::int64_t>(past_ - first, 0, past_);
  Batch batch{{Tensor::empty({1, past_ + count}), {.past = past_}}, Tensor::empty({1, count})};
  auto* in = std::fill_n(batch.inputs.x.data<float>(), silent, 0.0F);
  std::copy_n(all_.in.begin() + first - past_ + silent, past_ - silent + count, in);
  std::copy_n(all_.out.begin() + first, count, batch.targets.data<float>());
  return batch;
}

}  // namespace wavenet::data
