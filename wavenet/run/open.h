// State: a model with all that its file says of it, as training keeps it and as a file gives it.
//
//   run::State state = run::open("runs/a");   // a run folder or a file
//   Tensor logits = state.model->logits(tokens);
//
// Left out: the data.
#pragma once

#include <filesystem>
#include <memory>

#include "wavenet/models/model.h"
#include "wavenet/train/checkpoint.h"

namespace wavenet::run {

struct State {
  train::Checkpoint saved;  // its tensors are up to date when it was read or written
  std::unique_ptr<models::Model> model;
};

// What a model is to read that is trained on such codes.
models::Codes codes_of(const data::Codec& codec);

// Reads the file, builds its recipe's model and loads the weights; the model is in evaluation mode.
// Throws Error that names the file.
State open(const std::filesystem::path& folder_or_file);

}  // namespace wavenet::run
