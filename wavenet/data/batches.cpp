#include "wavenet/data/batches.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "wavenet/base/check.h"
#include "wavenet/base/python_random.h"

namespace wavenet::data {
namespace {

constexpr std::int32_t kNothing = -1;    // no target, as cross_entropy has it
constexpr std::int64_t kColdEvery = 16;  // pieces of text

// Calls make(first, last) for `shards` nearly equal pieces of `count`.
template <class Make>
std::vector<Batch> in_shards(std::int64_t count, std::int64_t shards, const Make& make) {
  const std::int64_t pieces = std::clamp<std::int64_t>(shards, 1, count);
  std::vector<Batch> batches;
  for (std::int64_t i = 0; i < pieces; ++i) {
    batches.push_back(make(count * i / pieces, count * (i + 1) / pieces));
  }
  return batches;
}

std::uint64_t seed_of(std::uint64_t seed, std::int64_t number) {
  return seed * 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(number);
}

// Sequences end to end, each read as the tokens before its targets, the first of them the end
// marker.
Batch packed(std::span<const Sequence* const> sequences) {
  std::vector<std::int64_t> starts;
  std::int64_t size = 0;
  for (const Sequence* sequence : sequences) {
    starts.push_back(size);
    size += static_cast<std::int64_t>(sequence->size());
  }
  Batch batch{Tensor::empty({1, size}, DType::i32), Tensor::empty({1, size}, DType::i32), 0,
              std::make_shared<const std::vector<std::int64_t>>(std::move(starts))};
  auto* token = batch.tokens.data<std::int32_t>();
  auto* target = batch.targets.data<std::int32_t>();
  for (const Sequence* sequence : sequences) {
    *token++ = Vocabulary::kEnd;
    token = std::copy(sequence->begin(), sequence->end() - 1, token);
    target = std::copy(sequence->begin(), sequence->end(), target);
  }
  return batch;
}

std::int64_t steps_for(std::int64_t count, std::int64_t batch) {
  check(count >= 1, "batches: there is nothing to draw from");
  check(batch >= 1, "batches: a minibatch of {} cannot be made", batch);
  return (count + batch - 1) / batch;
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

std::vector<Batch> RandomWindows::next(std::int64_t) {
  return {random_batch(windows_, batch_, rng_)};
}

Epochs::Epochs(std::int64_t count, std::int64_t batch, std::uint64_t seed)
    : batch_(batch),
      seed_(seed),
      steps_in_epoch_(steps_for(count, batch)),
      order_(static_cast<std::size_t>(count)) {}

std::vector<std::int64_t> Epochs::batch(std::int64_t step) {
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

WholeSequences::WholeSequences(std::vector<Sequence> sequences, SequenceBatches how,
                               std::uint64_t seed)
    : sequences_(std::move(sequences)),
      how_(how),
      epochs_(static_cast<std::int64_t>(sequences_.size()), how.batch, seed) {}

std::vector<Batch> WholeSequences::next(std::int64_t step) {
  std::vector<const Sequence*> chosen;
  for (const std::int64_t i : epochs_.batch(step)) {
    chosen.push_back(&sequences_[static_cast<std::size_t>(i)]);
  }
  return in_shards(how_.batch, how_.shards, [&](std::int64_t first, std::int64_t last) {
    return packed({chosen.begin() + first, chosen.begin() + last});
  });
}

TextPieces::TextPieces(Sequence text, TextBatches how, std::uint64_t seed)
    : text_(std::move(text)),
      how_(how),
      seed_(seed),
      epochs_(count_pieces(static_cast<std::int64_t>(text_.size()), how), how.batch, seed) {}

std::vector<Batch> TextPieces::next(std::int64_t step) {
  const std::int64_t epoch = step / epochs_.steps_in_epoch();
  const auto size = static_cast<std::int64_t>(text_.size());
  // Where the first piece of this epoch begins.
  const auto offset = static_cast<std::int64_t>(
      PythonRandom(seed_of(~seed_, epoch)).below(static_cast<std::uint64_t>(how_.length)));
  const std::vector<std::int64_t> chosen = epochs_.batch(step);
  const std::int64_t past = how_.receptive_field - 1;
  return in_shards(how_.batch, how_.shards, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t rows = last - first;
    Batch batch{Tensor::empty({rows, past + how_.length}, DType::i32),
                Tensor::empty({rows, how_.length}, DType::i32), past};
    auto* token = batch.tokens.data<std::int32_t>();
    auto* target = batch.targets.data<std::int32_t>();
    for (std::int64_t i = first; i < last; ++i) {
      const std::int64_t begin = offset + chosen[static_cast<std::size_t>(i)] * how_.length;
      const bool cold = (step * how_.batch + i) % kColdEvery == 0;
      for (std::int64_t t = -past; t < how_.length; ++t) {
        const std::int64_t at = begin + t - 1;  // the token before the target
        const bool outside = at < 0 || at >= size || (cold && t <= 0);
        *token++ = outside ? Vocabulary::kEnd : text_[static_cast<std::size_t>(at)];
        if (t >= 0) {
          *target++ = begin + t >= size ? kNothing : text_[static_cast<std::size_t>(begin + t)];
        }
      }
    }
    return batch;
  });
}

}  // namespace wavenet::data
