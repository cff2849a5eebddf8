#include "wavenet/run/open.h"

#include "wavenet/base/check.h"

namespace wavenet::run {

models::Codes codes_of(const data::Codec& codec) { return {codec.size(), codec.before()}; }

State open(const std::filesystem::path& folder_or_file) {
  State state{train::read_checkpoint(folder_or_file), nullptr};
  Rng unused;
  state.model = models::build(state.saved.recipe, codes_of(*state.saved.codec), unused);
  try {
    state.model->load(state.saved.tensors);
  } catch (const Error& error) {
    fail_as(error.kind(), "{}: {}", train::model_path(folder_or_file).string(), error.what());
  }
  state.model->eval();
  return state;
}

}  // namespace wavenet::run
