// Proofs of a model's file: those of its model (generate/verify.h), of its codes, and of its bytes.
//
//   for (const generate::Proof& proof : run::prove("runs/a")) {
//     print(proof.name, proof.ok, proof.detail);
//   }
//
// Left out: whether the model is any good (run/judge.h).
#pragma once

#include "wavenet/generate/verify.h"
#include "wavenet/run/open.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::run {

// What decodes a code of sound. A test puts a faulty one here.
using Decode = float (*)(std::uint8_t code);

// Every code of sound is coded again as itself, and also when its level has been rounded to 16 bits.
generate::Proof verify_codec(Decode decode = sound::level_of);
// The codec's rate is what it was saved with, and what the recipe says where it says one. Throws Error
// for a codec that is none of sound.
generate::Proof verify_rate(const train::Checkpoint& saved);
// Written again to a temporary file, the model has the same bytes.
generate::Proof verify_file(const std::filesystem::path& folder_or_file);

// All that fit the model. Throws Error where the file is none.
std::vector<generate::Proof> prove(const std::filesystem::path& folder_or_file);

}  // namespace wavenet::run
