// Probes: what a model is run on, and how its answers are compared, where it is proved (verify.h).
//
//   const Tokens tokens = drawn(model, some_past(model, 8), seed);
//   const Tensor logits = answers(parallel, tokens);                 // [1, T, width]
//   if (!same(at(logits, 0, t), at(others, 0, t))) { ... }
//
// Left out: what is proved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/base/rng.h"
#include "wavenet/generate/verify.h"

namespace wavenet::generate {

using Tokens = std::vector<std::int32_t>;

inline constexpr std::int64_t kMostPositions = 1 << 15;  // tokens of one sequence
inline constexpr std::int64_t kBeyond = 8;  // tokens of the past further back than the field

// Begins with model.before(), as all sequences do; then `length - 1` tokens drawn from the model.
Tokens drawn(const models::Model& model, std::int64_t length, std::uint64_t seed);
// One that is not `token`.
std::int32_t another(std::int32_t token, std::int64_t vocabulary, Rng& rng);

// The logits of one sequence, [1, T, width], unrecorded.
Tensor answers(const Parallel& parallel, const Tokens& tokens);
// Of one position, [width].
std::span<const float> at(const Tensor& logits, std::int64_t row, std::int64_t position);
bool same(std::span<const float> a, std::span<const float> b);

// Undefined where the model has none.
Tensor embedding_of(const models::Model& model);
// Forgets what the last walk back has left.
void forget_gradients(const models::Model& model);

// As long as the field and some tokens more, but no longer than a proof can be.
std::int64_t some_past(const models::Model& model, std::int64_t more);
// How often that many positions may be computed, from `least` to `most` times.
std::int64_t affordable(const models::Model& model, std::int64_t positions, std::int64_t least,
                        std::int64_t most);

}  // namespace wavenet::generate
