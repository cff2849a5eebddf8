#include "wavenet/generate/stream.h"

#include <algorithm>

#include "wavenet/base/rethrow_as_error.h"

namespace wavenet::generate {
namespace {

std::int64_t at_least_one(std::int64_t count) {
  check(count >= 1, "stream: needs at least 1 stream, got {}", count);
  return count;
}

// One stream as it is after `before` for ever. When the rings before a layer hold what they would
// then hold, a step gives the layer what it would read; so every pass makes one more ring right, that
// of the tokens being right at once, and one more pass the logits.
State steady_state(const Steps& steps, std::int32_t before, std::int64_t ring_slip) {
  State state = steps.blank(1, ring_slip);
  state.tokens.fill(0, std::vector<std::int32_t>{before});
  for (std::size_t pass = 0; pass <= state.rings.size(); ++pass) {
    steps.step({&before, 1}, state);
    for (Ring<float>& ring : state.rings) {
      const std::vector<float> row(ring.present(), ring.present() + ring.channels());
      ring.fill(0, row);
    }
    state.forget_ahead();
  }
  return state;
}

}  // namespace

std::shared_ptr<const Stream::Shared> Stream::share(const models::Model& model,
                                                    std::int64_t ring_slip) {
  const std::shared_ptr<const Steps> steps = steps_of(model);
  Past steady = past_of(steps, steady_state(*steps, model.before(), ring_slip), 0);
  return std::make_shared<const Shared>(Shared{steps, std::move(steady), ring_slip});
}

Stream::Stream(const models::Model& model, std::int64_t count, std::int64_t ring_slip) try
    : Stream(share(model, ring_slip), count) {
} catch (...) {
  rethrow_as_error("stream");
}

Stream::Stream(std::shared_ptr<const Shared> shared, std::int64_t count)
    : shared_(std::move(shared)),
      state_(shared_->steps->blank(at_least_one(count), shared_->ring_slip)) {
  // Once around, so that the workspace has all its memory before the first push.
  const UseWorkspace use(workspace_);
  shared_->steps->step(std::vector<std::int32_t>(static_cast<std::size_t>(count)), state_);
  reset();
}

Stream Stream::fresh(std::int64_t count) const { return {shared_, count}; }

std::span<const float> Stream::logits(std::int64_t i) const {
  check(i >= 0 && i < count(), "stream: {} is none of the {} streams", i, count());
  return logits().subspan(static_cast<std::size_t>(i * width()), static_cast<std::size_t>(width()));
}

void Stream::push(std::span<const std::int32_t> tokens) {
  check(static_cast<std::int64_t>(tokens.size()) == count(), "stream: {} tokens for {} streams",
        tokens.size(), count());
  for (const std::int32_t token : tokens) {
    check(token >= 0 && token < vocabulary(), "stream: token {} is outside 0 to {}", token,
          vocabulary() - 1);
  }
  const UseWorkspace use(workspace_);
  shared_->steps->step(tokens, state_);
  state_.advance();
}

Past Stream::past_of(const std::shared_ptr<const Steps>& steps, const State& state,
                     std::int64_t i) {
  Past past;
  past.of_ = steps;
  past.tokens_.resize(static_cast<std::size_t>(state.tokens.rows() * state.tokens.channels()));
  state.tokens.save(i, past.tokens_.data());
  std::int64_t floats = steps->width();
  for (const Ring<float>& ring : state.rings) {
    floats += ring.rows() * ring.channels();
  }
  past.values_.resize(static_cast<std::size_t>(floats));
  float* to = past.values_.data();
  for (const Ring<float>& ring : state.rings) {
    to = ring.save(i, to);
  }
  std::copy_n(state.logits.begin() + i * steps->width(), steps->width(), to);
  return past;
}

Past Stream::past(std::int64_t i) const {
  check(i >= 0 && i < count(), "stream: {} is none of the {} streams", i, count());
  return past_of(shared_->steps, state_, i);
}

void Stream::resume(std::int64_t i, const Past& past) {
  check(i >= 0 && i < count(), "stream: {} is none of the {} streams", i, count());
  check(past.of_ == shared_->steps, "stream: resumes only from the past of the same weights");
  state_.tokens.restore(i, past.tokens_.data());
  const float* from = past.values_.data();
  for (Ring<float>& ring : state_.rings) {
    from = ring.restore(i, from);
  }
  state_.forget_ahead();
  std::copy_n(from, width(), state_.logits.begin() + i * width());
}

void Stream::reset(std::int64_t i) { resume(i, shared_->steady); }

void Stream::reset() {
  for (std::int64_t i = 0; i < count(); ++i) {
    reset(i);
  }
}

}  // namespace wavenet::generate
