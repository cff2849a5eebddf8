// What a model of sound computes, as tensors in a safetensors file, for python/check_sound.py to hold
// against PyTorch.
//
//   build/release/bench/sound_dump logits MODEL FILE SECONDS OUT
//   build/release/bench/sound_dump steps RECIPE_OR_MODEL FOLDER STEPS OUT
//
// logits: the codes of the file's first seconds, the logits at every position, once by the layers over
// all of it and once by a stream, code by code, and the loss of each code. steps: weights, minibatches
// and the loss of every step, then the weights and their average, by a new run of a recipe, or of a
// model's recipe from the model's weights. The metadata holds the recipe.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "wavenet/data/audio/takes.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

void write(const std::string& path, const Config& recipe, std::map<std::string, Tensor> tensors) {
  io::write_safetensors(path, {std::move(tensors), {{"recipe", recipe.to_json()}}});
}

void add_parameters(std::map<std::string, Tensor>& tensors, const std::string& prefix,
                    const models::Model& model) {
  for (const auto& [name, tensor] : model.parameters()) {
    tensors[prefix + name] = tensor.detach().clone();
  }
}

std::vector<std::int32_t> codes_of(const std::string& path, const run::State& opened,
                                   double seconds) {
  const std::optional<std::int64_t> rate = opened.saved.codec->sample_rate();
  check(rate.has_value(), "{}: is no model of sound", path);
  const data::Takes takes = data::read_takes(path, {.rate = *rate});
  const data::SoundCodes all = takes.all().front().codes;
  const auto most = static_cast<std::size_t>(seconds * static_cast<double>(*rate));
  const data::SoundCodes codes = all.first(std::min(all.size(), most));
  return {codes.begin(), codes.end()};
}

// [N, width], of a model that is pushed each code once it has said what it expects.
Tensor cached_logits(const models::Model& model, const std::vector<std::int32_t>& codes) {
  generate::Stream stream(model);
  const auto count = static_cast<std::int64_t>(codes.size());
  Tensor logits = Tensor::empty({count, stream.width()}, DType::f32);
  auto* row = logits.data<float>();
  for (const std::int32_t code : codes) {
    row = std::copy(stream.logits().begin(), stream.logits().end(), row);
    stream.push(code);
  }
  return logits;
}

void dump_logits(const std::string& path, const std::string& sound, double seconds,
                 const std::string& out) {
  const run::State opened = run::open(path);
  models::Model& model = *opened.model;
  const std::vector<std::int32_t> codes = codes_of(sound, opened, seconds);
  const auto count = static_cast<std::int64_t>(codes.size());
  std::vector<std::int32_t> read{model.before()};
  read.insert(read.end(), codes.begin(), codes.end() - 1);
  const NoGrad no_grad;
  std::map<std::string, Tensor> tensors;
  const Tensor logits = model.logits(Tensor::from(read, {1, count}));  // [1, N, width]
  tensors["logits"] = reshape(logits, {count, logits.size(2)});
  tensors["cached"] = cached_logits(model, codes);
  tensors["losses"] = Tensor::from(train::losses(model, codes), {count});
  tensors["codes"] = Tensor::from(codes, {count});
  write(out, opened.saved.recipe, std::move(tensors));
}

bool is_model(const std::string& name) {
  return std::filesystem::exists(name) && !name.ends_with(".json");
}

Config recipe_of(const std::string& name) {
  return is_model(name) ? train::read_checkpoint(name).recipe : models::load_recipe(name);
}

run::State beginning(const std::string& name, const data::Dataset& data) {
  run::State state = run::new_state(recipe_of(name), data, {.seed = 42});
  if (is_model(name)) {
    state.model->load(train::read_checkpoint(name).tensors);
  }
  return state;
}

// The minibatch of a step.
void add_batches(std::map<std::string, Tensor>& tensors, const data::BatchSource& batches,
                 std::int64_t step) {
  for (std::int64_t shard = 0; shard < batches.shards(); ++shard) {
    const data::Batch batch = batches.shard(step, shard);
    tensors[fmt::format("inputs/{}/{}", step, shard)] = batch.inputs.x;
    tensors[fmt::format("targets/{}/{}", step, shard)] = batch.targets;
  }
}

void dump_steps(const std::string& name, const std::string& folder, std::int64_t steps,
                const std::string& out) {
  const Config recipe = recipe_of(name);
  const auto data = data::open(recipe, {folder}, {.split_seed = 42});
  const run::State state = beginning(name, *data);
  models::Model& model = *state.model;
  const auto batches = data->batches(
      recipe, {.receptive_field = model.receptive_field(), .windows = false, .seed = 42});
  train::Trainer trainer(model, *batches, recipe, {.seed = 42});
  std::map<std::string, Tensor> tensors;
  add_parameters(tensors, "initial/", model);
  std::vector<double> losses;
  for (std::int64_t step = 0; step < steps; ++step) {
    add_batches(tensors, *batches, step);
    losses.push_back(trainer.step());
  }
  tensors["losses"] = Tensor::from(losses, {steps});
  add_parameters(tensors, "final/", model);
  if (trainer.average() != nullptr) {
    const optim::UseAverage use(*trainer.average());
    add_parameters(tensors, "average/", model);
  }
  write(out, recipe, std::move(tensors));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 5 && arguments[0] == "logits") {
      dump_logits(arguments[1], arguments[2], std::atof(arguments[3].c_str()), arguments[4]);
      return 0;
    }
    if (arguments.size() == 5 && arguments[0] == "steps") {
      dump_steps(arguments[1], arguments[2], std::atoll(arguments[3].c_str()), arguments[4]);
      return 0;
    }
    fmt::print(stderr, "sound_dump: logits MODEL FILE SECONDS OUT, or steps RECIPE FOLDER N OUT\n");
  } catch (const Error& error) {
    fmt::print(stderr, "sound_dump: {}\n", error.what());
  }
  return 1;
}
