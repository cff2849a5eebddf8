#include "wavenet/run/parts.h"

#include <array>

#include "wavenet/backend/backend.h"
#include "wavenet/base/files.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/log/window.h"
#include "wavenet/run/card.h"
#include "wavenet/run/work.h"
#include "wavenet/sound/wav_bytes.h"
#include "wavenet/train/evaluate.h"

namespace wavenet::run {
namespace {

namespace fs = std::filesystem;

bool keeps_best(const Config& recipe) {
  const std::array<std::string, 2> known{"last", "best"};
  return recipe.choice_or("train.keep", known[0], known) == known[1];
}

State with_steps(State state, std::optional<std::int64_t> steps) {
  if (steps) {
    state.saved.recipe.set(fmt::format("train.steps={}", *steps));
  }
  return state;
}

void load_trainer(const train::Trainer& trainer, const std::map<std::string, Tensor>& tensors) {
  for (const auto& [name, tensor] : trainer.state()) {
    const auto saved = tensors.find(name);
    check(saved != tensors.end() && saved->second.shape() == tensor.shape() &&
              saved->second.dtype() == tensor.dtype(),
          "the run cannot be resumed: its tensor {} is missing or of another shape", name);
    backend().copy(saved->second, tensor);
  }
}

}  // namespace

bool keeps_state_apart(const Config& recipe) {
  return keeps_best(recipe) || recipe.number_or("train.ema", 0, 0, 1) > 0;
}

std::unique_ptr<data::BatchSource> batches_for(const State& state, const data::Dataset& data) {
  if (!state.model->takes_steps()) {
    fail_usage("recipe: a model that counts takes no steps");
  }
  if (const std::string why = state.model->why_not_trained(); !why.empty()) {
    fail_usage("recipe: {}", why);
  }
  return data.batches(state.saved.recipe,
                      {.receptive_field = state.model->receptive_field(),
                       .windows = state.model->reads() == models::Reads::windows,
                       .seed = state.saved.seed,
                       .rng = state.saved.rng,
                       .steps_done = state.saved.step});
}

Steps::Steps(State& state, const data::Dataset& data, const Options& options)
    : of_run(state.saved.recipe.integer("train.steps", 1, kMaxSteps)),
      eval_every(state.saved.recipe.integer_or("train.eval_every", 10'000, 1, kMaxSteps)),
      keeps_best(run::keeps_best(state.saved.recipe)),
      patience(state.saved.recipe.integer_or("train.patience", 0, 0, kMaxSteps)),
      batches(batches_for(state, data)),
      trainer(*state.model, *batches, state.saved.recipe,
              {.seed = state.saved.seed,
               .threads = options.threads.most,
               .choose_threads = options.threads.choose,
               .steps_done = state.saved.step}) {
  train::Window& window = state.saved.window;
  window.length = options.log_every.value_or(window.length);
  log_every = window.length > 0 ? window.length : logs::window_for(of_run);
  if (state.saved.step > 0) {
    load_trainer(trainer, state.saved.tensors);
  }
}

Parts::Parts(State of, std::shared_ptr<const data::Dataset> from, Options how)
    : state(with_steps(std::move(of), how.steps)),
      data(std::move(from)),
      options(std::move(how)),
      first(state.saved.step),
      files(keeps_state_apart(state.saved.recipe)) {
  if (state.model->takes_steps()) {
    steps.emplace(state, *data, options);
  }
}

const Marks& Parts::marks() {
  if (!known_marks) {
    known_marks = data->marks(data->judged("val"));
  }
  return *known_marks;
}

void Parts::prepare() {
  if (is_prepared) {
    return;
  }
  is_prepared = true;
  if (is_kept() && first == 0) {
    files.remember(state, steps ? &steps->trainer : nullptr);
  } else if (is_kept()) {
    files.recall_model();
    open_log();
    has_begun = true;
  }
}

void Parts::begin() {
  if (has_begun) {
    return;
  }
  if (is_kept()) {
    files.begin();
    open_log();
  }
  has_begun = true;
}

void Parts::open_log() {
  log.emplace(files.folder(), first);
  if (first == 0 && options.looks) {
    for (const Record& record : data->shown()) {
      log->write(record);
    }
  }
  write_card(files.folder());
}

void Parts::write_card(const fs::path& folder) {
  write_file_atomically(folder / "run.json",
                        text_of(info_of(state, *data, marks(), options.command)));
}

void Parts::note_random_numbers() {
  if (const std::optional<Rng> rng = steps->batches->rng_after(state.saved.step)) {
    state.saved.rng = *rng;
  }
}

void Parts::save_state() {
  note_random_numbers();
  files.save_state(state, steps->trainer);
}

fs::path Parts::rescued() {
  if (state.saved.step == first || !is_kept()) {
    return {};
  }
  note_random_numbers();
  fs::path place = files.rescue(state, steps->trainer);
  try {
    if (!place.empty()) {
      write_card(place);
    }
  } catch (const std::exception&) {  // the state is what matters
  }
  return place;
}

double Parts::judge(models::Model& model, const std::string& part, Listener& listener,
                    const Stop& stop) const {
  Work work("judging " + part, listener, stop);
  return loss_of(model, *data, data->judged(part), options.threads.most, work.between());
}

void Parts::log_losses_by_name(models::Model& model, std::int64_t step, Listener& listener,
                               const Stop& stop) {
  Work work("judging val by file", listener, stop);
  std::vector<FileLossRecord::File> losses =
      losses_by_name(model, *data, data->judged("val"), options.threads.most, work.between());
  if (!losses.empty()) {
    log->write(FileLossRecord{step, "val", std::move(losses)});
  }
}

void Parts::log_answer(models::Model& model, std::int64_t step, Listener& listener,
                       const Stop& stop) {
  const std::unique_ptr<data::Pass> heard = data->heard(train::pass_options(model));
  if (!options.looks || heard == nullptr) {
    return;
  }
  Work work("playing val", listener, stop);
  const std::vector<float> answer =
      train::answers(model, *heard, options.threads.most, work.between());
  log->write(SoundRecord{.step = step,
                         .name = "model",
                         .rate = data::sample_codec_of(*data->codec())->rate(),
                         .codes = sound::pcm16_of(answer),
                         .bits = 16});
}

}  // namespace wavenet::run
