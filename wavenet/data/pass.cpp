#include "wavenet/data/pass.h"

#include <algorithm>
#include <tuple>

namespace wavenet::data {

template <class Code>
CodesPass<Code>::CodesPass(const std::vector<Codes>& sequences, const PassOptions& options)
    : before_(options.before) {
  check(options.together >= 1 && options.receptive_field >= 1,
        "pass: pieces of {} targets after a receptive field of {} cannot be made", options.together,
        options.receptive_field);
  for (const Codes sequence : sequences) {
    const auto size = static_cast<std::int64_t>(sequence.size());
    targets_ += size;
    for (std::int64_t first = 0; first < size; first += options.together) {
      stretches_.push_back({sequence, first, std::min(options.together, size - first),
                            std::min(first, options.receptive_field - 1)});
    }
  }
  std::stable_sort(stretches_.begin(), stretches_.end(), [](const Stretch& a, const Stretch& b) {
    return std::tie(a.count, a.past) < std::tie(b.count, b.past);
  });
  begins_.push_back(0);
  std::int64_t together = 0;
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    const Stretch& head = stretches_[begins_.back()];
    const bool alike = stretches_[i].count == head.count && stretches_[i].past == head.past;
    if (!alike || together + stretches_[i].count > options.together) {
      begins_.push_back(i);
      together = 0;
    }
    together += stretches_[i].count;
  }
  if (!stretches_.empty()) {
    begins_.push_back(stretches_.size());
  }
}

template <class Code>
Batch CodesPass<Code>::piece(std::int64_t i) const {
  const std::size_t begin = begins_.at(static_cast<std::size_t>(i));
  const std::size_t end = begins_.at(static_cast<std::size_t>(i) + 1);
  const Stretch& head = stretches_[begin];
  const auto rows = static_cast<std::int64_t>(end - begin);
  Batch batch{{Tensor::empty({rows, head.past + head.count}, DType::i32), {.past = head.past}},
              Tensor::empty({rows, head.count}, DType::i32)};
  auto* code = batch.inputs.x.data<std::int32_t>();
  auto* target = batch.targets.data<std::int32_t>();
  for (std::size_t n = begin; n < end; ++n) {
    const Stretch& stretch = stretches_[n];
    const Code* from = stretch.sequence.data();
    for (std::int64_t at = stretch.first - stretch.past - 1; at < stretch.first + stretch.count - 1;
         ++at) {
      *code++ = at < 0 ? before_ : from[at];
    }
    target = std::copy_n(from + stretch.first, stretch.count, target);
  }
  return batch;
}

template class CodesPass<std::int32_t>;
template class CodesPass<std::uint8_t>;

}  // namespace wavenet::data
