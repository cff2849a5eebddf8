#include "wavenet/train/evaluate.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <tuple>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/parallel.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/ops/loss.h"
#include "wavenet/ops/view.h"

namespace wavenet::train {
namespace {

constexpr std::int64_t kShard = 1024;  // tokens predicted together; fits the second-level cache
constexpr std::int64_t kMaxLogits = std::int64_t{1} << 22;  // of them; 16 MiB

// Tokens first to first + count - 1 of a sequence, read after `past` more.
struct Piece {
  const data::Sequence* sequence;
  std::int64_t first;
  std::int64_t count;
  std::int64_t past;
};

// How many tokens are predicted together: fewer where the vocabulary is of many thousands, but not
// fewer than those that a piece reads before them.
std::int64_t shard_for(const Logits& logits, std::int64_t receptive_field) {
  const NoGrad guard;
  const Tensor one = logits(Tensor::from(std::vector<std::int32_t>{0}, {1, 1}));
  return std::clamp(kMaxLogits / one.size(-1), std::min(receptive_field, kShard), kShard);
}

// Pieces of equal form stand together, so that they make a batch without padding.
std::vector<Piece> pieces_of(const std::vector<data::Sequence>& sequences,
                             std::int64_t receptive_field, std::int64_t shard) {
  std::vector<Piece> pieces;
  for (const data::Sequence& sequence : sequences) {
    const auto size = static_cast<std::int64_t>(sequence.size());
    for (std::int64_t first = 0; first < size; first += shard) {
      pieces.push_back(
          {&sequence, first, std::min(shard, size - first), std::min(first, receptive_field - 1)});
    }
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return std::tie(a.count, a.past) < std::tie(b.count, b.past);
  });
  return pieces;
}

// Where batches begin: pieces of one form, together at most `shard` tokens; and at last the end.
std::vector<std::size_t> batches_of(const std::vector<Piece>& pieces, std::int64_t shard) {
  std::vector<std::size_t> begins{0};
  std::int64_t tokens = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& head = pieces[begins.back()];
    const bool alike = pieces[i].count == head.count && pieces[i].past == head.past;
    if (!alike || tokens + pieces[i].count > shard) {
      begins.push_back(i);
      tokens = 0;
    }
    tokens += pieces[i].count;
  }
  begins.push_back(pieces.size());
  return begins;
}

// The summed loss of pieces of one form.
double batch_loss(const Logits& logits, const Piece* begin, const Piece* end) {
  const std::int64_t length = begin->past + begin->count;
  const std::int64_t rows = end - begin;
  const Tensor tokens = Tensor::empty({rows, length}, DType::i32);
  const Tensor targets = Tensor::empty({rows * begin->count}, DType::i32);
  auto* token = tokens.data<std::int32_t>();
  auto* target = targets.data<std::int32_t>();
  for (const Piece* piece = begin; piece != end; ++piece) {
    const std::int32_t* from = piece->sequence->data();
    for (std::int64_t at = piece->first - piece->past - 1; at < piece->first + piece->count - 1;
         ++at) {
      *token++ = at < 0 ? data::Vocabulary::kEnd : from[at];
    }
    target = std::copy_n(from + piece->first, piece->count, target);
  }
  const Tensor all = logits(tokens);
  const Tensor predicted = contiguous(index(all, {{}, {.start = begin->past}}));
  return cross_entropy(reshape(predicted, {-1, all.size(-1)}), targets).item() *
         static_cast<double>(targets.numel());
}

// Sums work(i) for i in [0, jobs), in order.
double parallel_sum(std::int64_t jobs, int threads, const std::function<double(std::int64_t)>& work,
                    const Between& between = {}) {
  std::vector<double> parts(static_cast<std::size_t>(jobs));
  std::atomic<std::int64_t> done = 0;
  parallel_for(jobs, threads, [&](std::int64_t i) {
    if (between) {
      between(static_cast<double>(done) / static_cast<double>(jobs));
    }
    const NoGrad guard;
    parts[static_cast<std::size_t>(i)] = work(i);
    ++done;
  });
  double total = 0;
  for (const double part : parts) {
    total += part;
  }
  return total;
}

}  // namespace

double mean_loss(nn::Module& model, const Logits& logits,
                 const std::vector<data::Sequence>& sequences, std::int64_t receptive_field,
                 int threads, const Between& between) try {
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const std::int64_t shard = shard_for(logits, receptive_field);
  const std::vector<Piece> pieces = pieces_of(sequences, receptive_field, shard);
  check(!pieces.empty(), "mean loss: there is nothing to predict");
  const std::vector<std::size_t> begins = batches_of(pieces, shard);
  const double total = parallel_sum(
      static_cast<std::int64_t>(begins.size()) - 1, threads,
      [&](std::int64_t i) {
        const auto batch = static_cast<std::size_t>(i);
        return batch_loss(logits, pieces.data() + begins[batch], pieces.data() + begins[batch + 1]);
      },
      between);
  return total / static_cast<double>(data::token_count(sequences));
} catch (...) {
  rethrow_as_error("mean loss");
}

double mean_loss(nn::Module& model, const data::Windows& windows, int threads) try {
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const std::int64_t shards = (windows.size() + kShard - 1) / kShard;
  const double total = parallel_sum(shards, threads, [&](std::int64_t shard) {
    const std::int64_t start = shard * kShard;
    const std::int64_t stop = std::min(start + kShard, windows.size());
    const data::Batch batch = data::rows(windows, start, stop);
    return cross_entropy(model(batch.tokens), batch.targets).item() *
           static_cast<double>(stop - start);
  });
  return total / static_cast<double>(windows.size());
} catch (...) {
  rethrow_as_error("mean loss");
}

}  // namespace wavenet::train
