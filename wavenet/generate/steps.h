// Steps: what a model computes for one more token of every stream, given their past.
//
//   std::unique_ptr<const Steps> steps = steps_of(*model);   // weights copied, norms folded in
//   State state = steps->blank(count);
//   steps->step(tokens, state);   // tokens: i32 [count]; reads the rings, writes state.logits
//   state.advance();
//
// The embedding and the first convolution become one table of rows for each tap, so the first layer
// costs K additions of rows. Left out: what stands before the first token (stream.h).
#pragma once

#include <memory>

#include "wavenet/generate/ahead.h"
#include "wavenet/generate/ring.h"
#include "wavenet/models/model.h"

namespace wavenet::generate {

// Everything that changes from step to step.
struct State {
  std::int64_t count;                       // streams
  Ring<std::int32_t> tokens;                // the first convolution's past
  std::vector<Ring<float>> rings;           // the others', first to last
  std::vector<Ahead> ahead;                 // of each of these, what follows from it
  std::vector<std::vector<float>> scratch;  // of one step
  std::vector<float> logits;                // [count, width]
  std::vector<std::int32_t> history{};      // of a counting model: the tokens it looks up
  std::vector<double> odds{};               // of a counting model: [V]

  void advance() {
    tokens.advance();
    for (Ring<float>& ring : rings) {
      ring.advance();
    }
    for (Ahead& each : ahead) {
      each.advance();
    }
  }
  // After another past was written into the rings.
  void forget_ahead() {
    for (Ahead& each : ahead) {
      each.forget();
    }
  }
};

class Steps {
 public:
  virtual ~Steps() = default;
  virtual std::int64_t vocabulary() const = 0;  // of the tokens that it reads
  virtual std::int64_t width() const = 0;       // of the raw numbers that it gives
  // All zero, of the right sizes; `slip` goes to the rings.
  virtual State blank(std::int64_t count, std::int64_t slip = 0) const = 0;
  // Leaves the rings where they are; the caller advances them.
  virtual void step(std::span<const std::int32_t> tokens, State& state) const = 0;
};

// By the model's wiring, or by what it has counted. Throws Error for a model that has neither.
std::unique_ptr<const Steps> steps_of(const models::Model& model);

}  // namespace wavenet::generate
