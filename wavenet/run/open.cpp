#include "wavenet/run/open.h"

#include "wavenet/base/check.h"

namespace wavenet::run {

State open(const std::filesystem::path& folder_or_file) {
  State state{train::read_checkpoint(folder_or_file), nullptr};
  Rng unused;
  state.model = models::build(state.saved.recipe, state.saved.codec->size(), unused);
  try {
    state.model->load(state.saved.tensors);
  } catch (const Error& error) {
    fail_as(error.kind(), "{}: {}", train::model_path(folder_or_file).string(), error.what());
  }
  state.model->eval();
  return state;
}

}  // namespace wavenet::run
