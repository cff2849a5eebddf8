#include "wavenet/generate/words.h"

#include <algorithm>

namespace wavenet::generate {

Words::Words(const models::Model& model, SampleOptions options, std::uint64_t seed,
             std::int64_t count, std::int64_t streams)
    : options_(std::move(options)),
      seed_(seed),
      count_(count),
      begun_(model),
      streams_(begun_.fresh(std::min(streams, std::max<std::int64_t>(1, count)))),
      odds_(options_, begun_.vocabulary()),
      slots_(static_cast<std::size_t>(streams_.count()), Slot{kNoEnd, Draft(options_, 0, 0)}),
      tokens_(slots_.size()) {
  for (const std::int32_t token : options_.prompt) {
    begun_.push(token);
  }
}

// Gives the stream the next word to make, if there is one.
bool Words::begin(std::int64_t stream) {
  Slot& slot = slots_[static_cast<std::size_t>(stream)];
  slot.number = kNoEnd;
  if (started_ == count_) {
    return false;
  }
  slot.number = started_++;
  slot.draft = Draft(options_, seed_, static_cast<std::uint64_t>(slot.number));
  streams_.take(stream, begun_);
  return true;
}

void Words::finish(std::int64_t stream) {
  Slot& slot = slots_[static_cast<std::size_t>(stream)];
  const auto place = static_cast<std::size_t>(slot.number - given_);
  if (ready_.size() <= place) {
    ready_.resize(place + 1);
  }
  ready_[place] = slot.draft.take();
  slot.number = kNoEnd;
}

// One token more for every stream. A word that ends gives way to the next one, whose first token is
// drawn at once; should that word be empty, the stream waits for the next step.
void Words::step() {
  for (std::int64_t i = 0; i < streams_.count(); ++i) {
    Slot& slot = slots_[static_cast<std::size_t>(i)];
    std::int32_t& token = tokens_[static_cast<std::size_t>(i)];
    token = 0;
    for (int words = 0; words < 2; ++words) {
      if (slot.number == kNoEnd && !begin(i)) {
        break;
      }
      if (const auto drawn = slot.draft.next(odds_, streams_.logits(i))) {
        token = *drawn;
        break;
      }
      finish(i);
    }
  }
  streams_.push(tokens_);
}

Word Words::next() {
  check(given_ < count_, "sample: all {} words have been given", count_);
  while (ready_.empty() || !ready_.front()) {
    step();
  }
  Word word = std::move(*ready_.front());
  ready_.pop_front();
  ++given_;
  return word;
}

}  // namespace wavenet::generate
