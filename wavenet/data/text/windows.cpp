#include "wavenet/data/text/windows.h"

#include <algorithm>

#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kMaxTokens = std::int64_t{1} << 40;  // of all contexts: 4 TiB

}  // namespace

Windows make_windows(const std::vector<std::u32string>& words, const Vocabulary& vocabulary,
                     std::int64_t block_size) {
  return make_windows(sequences_of(words, vocabulary), block_size);
}

Windows make_windows(const std::vector<Sequence>& sequences, std::int64_t block_size) {
  check(!sequences.empty(), "windows: there are no words");
  const std::int64_t count = token_count(sequences);
  check(block_size >= 1 && block_size <= kMaxTokens / count,
        "windows: {} contexts of {} characters cannot be made", count, block_size);
  Windows windows{Tensor::empty({count, block_size}, DType::i32),
                  Tensor::empty({count}, DType::i32)};
  auto* context = windows.contexts.data<std::int32_t>();
  auto* target = windows.targets.data<std::int32_t>();
  std::vector<std::int32_t> line;  // a sequence after its padding
  for (const Sequence& sequence : sequences) {
    line.assign(static_cast<std::size_t>(block_size), Vocabulary::kEnd);
    line.insert(line.end(), sequence.begin(), sequence.end());
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      context = std::copy_n(line.data() + i, block_size, context);
      *target++ = sequence[i];
    }
  }
  return windows;
}

Batch random_batch(const Windows& windows, std::int64_t batch_size, Rng& rng) {
  check(batch_size >= 1 && batch_size <= kMaxTokens / windows.block_size(),
        "windows: a batch of {} rows cannot be made", batch_size);
  const std::int64_t block_size = windows.block_size();
  Batch batch{{Tensor::empty({batch_size, block_size}, DType::i32)},
              Tensor::empty({batch_size}, DType::i32)};
  const auto* contexts = windows.contexts.data<std::int32_t>();
  const auto* targets = windows.targets.data<std::int32_t>();
  auto* context = batch.inputs.x.data<std::int32_t>();
  auto* target = batch.targets.data<std::int32_t>();
  for (std::int64_t i = 0; i < batch_size; ++i) {
    const auto row =
        static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(windows.size())));
    context = std::copy_n(contexts + row * block_size, block_size, context);
    *target++ = targets[row];
  }
  return batch;
}

Batch rows(const Windows& windows, std::int64_t start, std::int64_t stop) {
  check(start >= 0 && start <= stop && stop <= windows.size(),
        "windows: rows {} to {} are outside 0 to {}", start, stop, windows.size());
  return {{windows.contexts.with_view(sliced(windows.contexts, 0, start, stop, 1))},
          windows.targets.with_view(sliced(windows.targets, 0, start, stop, 1))};
}

}  // namespace wavenet::data
