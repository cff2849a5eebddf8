// Checkpoint: all of a training run in one safetensors file: weights, running statistics, the state
// of the random numbers and of the optimizer ("train.*"); and in its metadata the recipe, the
// codec, seeds and data.
//
//   train::Checkpoint saved = train::read_checkpoint("runs/a");      // a run folder or a file
//   Rng rng;
//   auto model = models::build(saved.recipe, saved.codec->size(), rng);
//   nn::load_state(*model, saved.tensors);
//
// Left out: building the model, which models/ does.
#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <ostream>
#include <string_view>

#include "wavenet/base/config.h"
#include "wavenet/base/rng.h"
#include "wavenet/data/codec.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::train {

// The model to use; and where that is the best or an average, the last state of training beside it.
inline constexpr const char* kModelFile = "model.safetensors";
inline constexpr const char* kLastFile = "last.safetensors";

// The best evaluation of a run so far.
struct Best {
  double loss = std::numeric_limits<double>::infinity();
  std::int64_t step = 0;
  std::int64_t worse_since = 0;  // evaluations since then, none of them better
};

// The steps since the last line of the log.
struct Window {
  double loss = 0;  // their sum
  std::int64_t steps = 0;
  std::int64_t length = 0;  // steps from line to line, where the user chose them
};

struct Checkpoint {
  Config recipe;
  std::shared_ptr<const data::Codec> codec;
  std::map<std::string, Tensor> tensors{};  // the module's state, by name
  std::int64_t step = 0;                    // steps done
  std::uint64_t seed = 42;
  std::uint64_t split_seed = 42;
  std::string data_source{};  // empty for the embedded names
  std::string data_fingerprint{};
  Rng rng{};  // where training left it
  Best best{};
  Window window{};
  std::int64_t evaluated = 0;  // steps done at the last evaluation whose files were saved
};

// The file of a run folder, or the path itself.
std::filesystem::path model_path(const std::filesystem::path& folder_or_file);

// Throws Error naming the file for anything that is not a whole model of this program.
Checkpoint read_checkpoint(const std::filesystem::path& folder_or_file);
// Whether a file that begins so is a model of this program, whole or not.
bool is_checkpoint(std::string_view beginning);
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
// The same bytes; the caller sees to the stream's state.
void write_checkpoint(std::ostream& stream, const Checkpoint& checkpoint);

}  // namespace wavenet::train
