// Stream (incremental inference, with cached activations): a model run token by token, at a cost that
// does not grow with its receptive field.
//
//   generate::Stream stream(*model);          // after model.before() for ever: the end marker, silence
//   std::span<const float> next = stream.logits();   // [width], of the first token, valid at once
//   stream.push(token);                       // and logits() are those of the one after it
//
// What the model has seen stands in rings, one a layer, outside the model. They begin as they would
// be after that token for ever, which is what sequences begin with in training; never as zeros. A
// stream keeps a copy of the weights, in evaluation mode; training goes on without it. Pushing
// allocates nothing, on any thread; only helpers of UseThreads may, once each. Copies are cheap to
// make and independent. Left out: choosing the token (output/odds.h).
#pragma once

#include <memory>

#include "wavenet/backend/backend.h"
#include "wavenet/generate/steps.h"

namespace wavenet::generate {

// All that a stream has seen, as far as its model looks back, and the logits that follow.
class Past {
 public:
  std::size_t bytes() const {
    return tokens_.size() * sizeof(std::int32_t) + values_.size() * sizeof(float);
  }

 private:
  friend class Stream;
  std::shared_ptr<const Steps> of_;
  std::vector<std::int32_t> tokens_;
  std::vector<float> values_;  // of the rings, then the logits
};

class Stream {
 public:
  // `count` streams side by side, each on its own tokens; one's bits do not depend on the others.
  // `ring_slip` is for tests: a fault that they must find, rings so many rows too long.
  explicit Stream(const models::Model& model, std::int64_t count = 1, std::int64_t ring_slip = 0);
  // New streams over the same copy of the weights.
  Stream fresh(std::int64_t count) const;

  std::int64_t count() const { return state_.count; }
  std::int64_t vocabulary() const { return shared_->steps->vocabulary(); }  // of the tokens, V
  std::int64_t width() const { return shared_->steps->width(); }
  // What the model's output reads: [count, width]; of one stream, [width]. Logits where the output
  // is categorical, and then the width is V.
  std::span<const float> logits() const { return state_.logits; }
  std::span<const float> logits(std::int64_t i) const;

  // One token for each stream. Throws Error for a token outside 0 to V - 1 and for another number
  // of tokens than streams.
  void push(std::span<const std::int32_t> tokens);
  void push(std::int32_t token) { push({&token, 1}); }

  void reset();
  void reset(std::int64_t i);
  // Where stream i is.
  Past past(std::int64_t i = 0) const;
  // Stream i goes on from there. Throws Error for the past of a Stream that this one does not come
  // from by fresh() or by copying, nor that one from this.
  void resume(std::int64_t i, const Past& past);

 private:
  struct Shared {
    std::shared_ptr<const Steps> steps;
    Past steady;  // after model.before() for ever
    std::int64_t ring_slip;
  };
  Stream(std::shared_ptr<const Shared> shared, std::int64_t count);
  static std::shared_ptr<const Shared> share(const models::Model& model, std::int64_t ring_slip);
  static Past past_of(const std::shared_ptr<const Steps>& steps, const State& state,
                      std::int64_t i);

  std::shared_ptr<const Shared> shared_;
  State state_;
  Workspace workspace_;  // of the kernels
};

}  // namespace wavenet::generate
