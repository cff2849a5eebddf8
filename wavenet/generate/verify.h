// Verify: proofs that a model does what generation relies on, on the model itself.
//
//   for (const generate::Proof& proof : generate::verify(*model)) {
//     print(proof.name, proof.ok, proof.detail);
//   }
//
// The sequences are drawn from the model, so that they are such as it meets. Left out: saving and
// loading, which `wavenet check` proves beside these.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wavenet/generate/stream.h"
#include "wavenet/models/model.h"

namespace wavenet::generate {

struct Proof {
  std::string name;
  bool ok;
  std::string detail;  // the numbers that it rests on
};

// The logits at every position, i32 [B, T] -> [B, T, width]. A test puts a faulty one here.
using Parallel = std::function<Tensor(const Tensor& tokens)>;
// So many streams side by side. A test puts a faulty one here.
using MakeStreams = std::function<Stream(std::int64_t count)>;

// No output changes when a later token does.
Proof verify_causality(const models::Model& model, const Parallel& parallel);
// No output has a gradient in a later token's embedding, and each has one in its own token's. Needs
// a parameter "embedding.weight"; forgets the model's gradients.
Proof verify_gradient(const models::Model& model, const Parallel& parallel);
// A Stream gives the parallel logits at every position, cold and after prompts shorter than the
// receptive field, as long, and longer; within 1e-5 of the largest. `ring_slip`: see Stream.
Proof verify_stream(const models::Model& model, const Parallel& parallel,
                    std::int64_t ring_slip = 0);
// The furthest token that changes an output is the one at the computed receptive field. A counting
// model may see less far: it looks back only where it has counted.
Proof verify_receptive_field(const models::Model& model, const Parallel& parallel);
// A sequence's logits do not depend on what stands in its batch, on their order, on threads, or on
// how many streams run beside it. Without `streams`: a Stream of the model.
Proof verify_independence(const models::Model& model, const Parallel& parallel,
                          const MakeStreams& streams = {});

// All of the above that the model has the parts for, in evaluation mode (the mode is put back
// after).
std::vector<Proof> verify(models::Model& model);

}  // namespace wavenet::generate
