#include "wavenet/data/text/batches.h"

#include <algorithm>
#include <span>

#include "wavenet/base/check.h"
#include "wavenet/base/python_random.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kColdEvery = 16;  // pieces of text

// Sequences end to end, each read as the tokens before its targets, the first of them the end
// marker.
Batch packed(std::span<const Sequence* const> sequences) {
  std::vector<std::int64_t> starts;
  std::int64_t size = 0;
  for (const Sequence* sequence : sequences) {
    starts.push_back(size);
    size += static_cast<std::int64_t>(sequence->size());
  }
  Batch batch{
      {.x = Tensor::empty({1, size}, DType::i32),
       .rows = {.starts = std::make_shared<const std::vector<std::int64_t>>(std::move(starts))}},
      Tensor::empty({1, size}, DType::i32)};
  auto* token = batch.inputs.x.data<std::int32_t>();
  auto* target = batch.targets.data<std::int32_t>();
  for (const Sequence* sequence : sequences) {
    *token++ = Vocabulary::kEnd;
    token = std::copy(sequence->begin(), sequence->end() - 1, token);
    target = std::copy(sequence->begin(), sequence->end(), target);
  }
  return batch;
}

}  // namespace

std::int64_t longest_piece(std::int64_t size, std::int64_t receptive_field) {
  return std::max<std::int64_t>(0, std::min(size / 2, size - receptive_field));
}

std::int64_t count_pieces(std::int64_t size, const TextBatches& how) {
  check(how.length >= 1 && how.receptive_field >= 1,
        "text: pieces of {} after a receptive field of {} cannot be made", how.length,
        how.receptive_field);
  const std::int64_t needed = std::max(2 * how.length, how.receptive_field + how.length);
  check_intact(
      how.length <= longest_piece(size, how.receptive_field),
      "text: {} characters to train on; pieces of {} after a receptive field of {} need at "
      "least {}",
      size, how.length, how.receptive_field, needed);
  return size / how.length - 1;  // one is kept free, as each epoch shifts all cuts by up to a piece
}

RandomWindows::RandomWindows(Windows windows, std::int64_t batch, const Rng& rng,
                             std::int64_t steps)
    : windows_(std::move(windows)), batch_(batch), first_{rng, steps}, now_(first_) {}

void RandomWindows::go_to(std::int64_t steps) const {
  check(steps >= first_.steps, "windows: step {} lies before {}, where the random numbers begin",
        steps, first_.steps);
  if (steps < now_.steps) {
    now_ = first_;
  }
  for (; now_.steps < steps; ++now_.steps) {
    for (std::int64_t i = 0; i < batch_; ++i) {
      now_.rng.below(static_cast<std::uint64_t>(windows_.size()));
    }
  }
}

Batch RandomWindows::shard(std::int64_t step, std::int64_t) const {
  const std::lock_guard lock(mutex_);
  go_to(step);
  Batch batch = random_batch(windows_, batch_, now_.rng);
  ++now_.steps;
  return batch;
}

std::optional<Rng> RandomWindows::rng_after(std::int64_t steps) const {
  const std::lock_guard lock(mutex_);
  go_to(steps);
  return now_.rng;
}

WholeSequences::WholeSequences(std::vector<Sequence> sequences, SequenceBatches how,
                               std::uint64_t seed)
    : sequences_(std::move(sequences)),
      how_(how),
      epochs_(static_cast<std::int64_t>(sequences_.size()), how.batch, seed) {}

std::int64_t WholeSequences::shards() const { return parts_of(how_.batch, how_.shards); }

Batch WholeSequences::shard(std::int64_t step, std::int64_t shard) const {
  const std::vector<std::int64_t> chosen = epochs_.batch(step);
  const auto [first, last] = shard_of(how_.batch, how_.shards, shard);
  std::vector<const Sequence*> sequences;
  for (std::int64_t i = first; i < last; ++i) {
    sequences.push_back(&sequences_[static_cast<std::size_t>(chosen[static_cast<std::size_t>(i)])]);
  }
  return packed(sequences);
}

TextPieces::TextPieces(Sequence text, TextBatches how, std::uint64_t seed)
    : text_(std::move(text)),
      how_(how),
      seed_(seed),
      epochs_(count_pieces(static_cast<std::int64_t>(text_.size()), how), how.batch, seed) {}

std::int64_t TextPieces::shards() const { return parts_of(how_.batch, how_.shards); }

Batch TextPieces::shard(std::int64_t step, std::int64_t shard) const {
  const std::int64_t epoch = step / epochs_.steps_in_epoch();
  const auto size = static_cast<std::int64_t>(text_.size());
  // Where the first piece of this epoch begins.
  const auto offset = static_cast<std::int64_t>(
      PythonRandom(seed_of(~seed_, epoch)).below(static_cast<std::uint64_t>(how_.length)));
  const std::vector<std::int64_t> chosen = epochs_.batch(step);
  const std::int64_t past = how_.receptive_field - 1;
  const auto [first, last] = shard_of(how_.batch, how_.shards, shard);
  const std::int64_t rows = last - first;
  Batch batch{{Tensor::empty({rows, past + how_.length}, DType::i32), {.past = past}},
              Tensor::empty({rows, how_.length}, DType::i32)};
  auto* token = batch.inputs.x.data<std::int32_t>();
  auto* target = batch.targets.data<std::int32_t>();
  for (std::int64_t i = first; i < last; ++i) {
    const std::int64_t begin = offset + chosen[static_cast<std::size_t>(i)] * how_.length;
    const bool cold = (step * how_.batch + i) % kColdEvery == 0;
    for (std::int64_t t = -past; t < how_.length; ++t) {
      const std::int64_t at = begin + t - 1;  // the token before the target
      const bool outside = at < 0 || at >= size || (cold && t <= 0);
      *token++ = outside ? Vocabulary::kEnd : text_[static_cast<std::size_t>(at)];
      if (t >= 0) {
        *target++ = begin + t >= size ? kNoTarget : text_[static_cast<std::size_t>(begin + t)];
      }
    }
  }
  return batch;
}

}  // namespace wavenet::data
