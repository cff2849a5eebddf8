#include "wavenet/generate/words.h"

#include <algorithm>

#include "wavenet/base/rethrow_as_error.h"

namespace wavenet::generate {
namespace {

// Tokens that a stream draws at most for one push, whether or not it then has one to push.
constexpr int kDraws = 32;

const SampleOptions& checked(const SampleOptions& options) {
  check_options(options);
  return options;
}

Stream after(const models::Model& model, const std::vector<std::int32_t>& prompt) {
  Stream stream(model);
  for (const std::int32_t token : prompt) {
    stream.push(token);
  }
  return stream;
}

}  // namespace

Words::Words(const models::Model& model, const SampleOptions& options, std::uint64_t seed,
             std::int64_t count, std::int64_t streams) try
    : Words(after(model, checked(options).prompt), model.output().sampler(options.draws()), options,
            seed, count, streams) {
} catch (...) {
  rethrow_as_error("sample");
}

Words::Words(const Stream& begun, std::unique_ptr<output::Sampler> sampler,
             const SampleOptions& options, std::uint64_t seed, std::int64_t count,
             std::int64_t streams)
    : options_(options),
      seed_(seed),
      count_(count),
      streams_(begun.fresh(std::min(streams, std::max<std::int64_t>(1, count)))),
      sampler_(std::move(sampler)),
      prefixes_(begun, *sampler_, count),
      slots_(static_cast<std::size_t>(streams_.count()), Slot{kNoEnd, Draft(options_, 0, 0)}),
      tokens_(slots_.size()) {}

// Gives the stream the next word to make, if there is one.
bool Words::begin(std::int64_t stream) {
  Slot& slot = slots_[static_cast<std::size_t>(stream)];
  slot.number = kNoEnd;
  if (started_ == count_) {
    return false;
  }
  slot.number = started_++;
  slot.draft = Draft(options_, seed_, static_cast<std::uint64_t>(slot.number));
  slot.prefix = Prefixes::kNothing;
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

// What stream i has to push. As long as its word is a known prefix, its tokens are drawn without
// it; a word that ends gives way to the next one.
std::int32_t Words::draw(std::int64_t i) {
  Slot& slot = slots_[static_cast<std::size_t>(i)];
  for (int draws = 0; draws < kDraws; ++draws) {
    if (slot.number == kNoEnd && !begin(i)) {
      break;
    }
    const bool is_known = slot.prefix != Prefixes::kUnknown;
    const auto token = slot.draft.next(*sampler_, is_known ? prefixes_.prepared(slot.prefix)
                                                           : sampler_->prepare(streams_.logits(i)));
    if (!token) {
      finish(i);
      continue;
    }
    check(*token >= 0 && *token < streams_.vocabulary(), "sample: code {} is outside 0 to {}",
          *token, streams_.vocabulary() - 1);
    if (!is_known) {
      return *token;
    }
    const Prefixes::Node longer = prefixes_.after(slot.prefix, *token);
    if (longer == Prefixes::kUnknown) {
      streams_.resume(i, prefixes_.past(slot.prefix));
      slot.shorter = slot.prefix;
      slot.prefix = longer;
      return *token;
    }
    slot.prefix = longer;
  }
  return 0;
}

void Words::step() {
  for (std::int64_t i = 0; i < streams_.count(); ++i) {
    tokens_[static_cast<std::size_t>(i)] = draw(i);
  }
  streams_.push(tokens_);
  for (std::int64_t i = 0; i < streams_.count(); ++i) {
    Slot& slot = slots_[static_cast<std::size_t>(i)];
    if (slot.shorter != Prefixes::kUnknown) {
      slot.prefix =
          prefixes_.add(slot.shorter, tokens_[static_cast<std::size_t>(i)], streams_, i, *sampler_);
      slot.shorter = Prefixes::kUnknown;
    }
  }
}

Word Words::next(const Between& between) try {
  check(given_ < count_, "sample: all {} words have been given", count_);
  while (ready_.empty() || !ready_.front()) {
    if (between) {
      between(static_cast<double>(given_) / static_cast<double>(count_));
    }
    step();
  }
  Word word = std::move(*ready_.front());
  ready_.pop_front();
  ++given_;
  return word;
} catch (...) {
  rethrow_as_error("sample");
}

}  // namespace wavenet::generate
