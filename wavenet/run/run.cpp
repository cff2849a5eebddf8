#include "wavenet/run/run.h"

#include <algorithm>

#include "wavenet/base/files.h"
#include "wavenet/log/history.h"
#include "wavenet/run/loop.h"
#include "wavenet/run/work.h"

namespace wavenet::run {
namespace {

namespace fs = std::filesystem;

FolderLock lock_of(const fs::path& folder) {
  std::optional<FolderLock> lock = FolderLock::take(folder);
  check(lock.has_value(), "{}: another run trains in it", folder.string());
  return std::move(*lock);
}

bool has_judged_train(const History& history, std::int64_t step) {
  return std::any_of(history.evaluations.begin(), history.evaluations.end(),
                     [&](const Evaluation& evaluation) {
                       return evaluation.split == "train" && evaluation.step == step;
                     });
}

}  // namespace

State left_in(const fs::path& folder) {
  const fs::path last = folder / train::kLastFile;
  State state = open(fs::exists(last) ? last : folder);
  check(state.model->takes_steps(), "{}: a counting model has nothing to resume", folder.string());
  check(state.saved.step == 0 || fs::exists(last) || !keeps_state_apart(state.saved.recipe),
        "{}: no such file, and training goes on from it; {} beside it, the best model or an "
        "average, can be used, but the run begins anew, in its place or in another folder",
        last.string(), train::kModelFile);
  return state;
}

void require_the_same_data(const fs::path& folder, const data::Dataset& data,
                           const train::Checkpoint& begun) {
  const std::string before = begun.data_source.empty() ? "the embedded names" : begun.data_source;
  check(begun.data_fingerprint == data.fingerprint() || before != data.source(),
        "{}: {} has changed since the run was begun", folder.string(), before);
  check(begun.data_fingerprint == data.fingerprint(), "{}: was begun with other data ({}) than {}",
        folder.string(), before, data.source());
}

State new_state(Config recipe, const data::Dataset& data, Origin origin) {
  State state{{.recipe = std::move(recipe),
               .codec = data.codec(),
               .seed = origin.seed,
               .split_seed = origin.split_seed,
               .data_source = std::move(origin.data),
               .data_fingerprint = data.fingerprint(),
               .rng = Rng(origin.seed)},
              nullptr};
  state.model = models::build(state.saved.recipe, codes_of(*state.saved.codec), state.saved.rng);
  return state;
}

Run Run::begin(Config recipe, std::shared_ptr<const data::Dataset> data, Origin origin,
               Options options) {
  State state = new_state(std::move(recipe), *data, std::move(origin));
  return {std::move(state), std::move(data), std::move(options)};
}

Run Run::resume(const fs::path& folder, std::shared_ptr<const data::Dataset> data,
                Options options) {
  FolderLock lock = lock_of(folder);
  State state = left_in(folder);
  require_the_same_data(folder, *data, state.saved);
  Run run(std::move(state), std::move(data), std::move(options));
  run.keep_in(folder, std::move(lock));
  return run;
}

Run::Run(State state, std::shared_ptr<const data::Dataset> data, Options options)
    : parts_(std::make_unique<Parts>(std::move(state), std::move(data), std::move(options))) {}
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;
Run::~Run() = default;

void Run::keep_in(const fs::path& folder, bool replace) {
  const fs::path before = run_in(folder);
  check(before.empty() || replace, "{}: already there; a run is replaced only where that is asked",
        before.string());
  require_own_files(folder);
  require_writable_directory(folder);
  keep_in(folder, lock_of(folder));
}

void Run::keep_in(const fs::path& folder, FolderLock lock) {
  check(!parts_->is_prepared, "{}: a run that has begun cannot be kept from now on",
        folder.string());
  parts_->lock = std::move(lock);
  parts_->files.open(folder, &*parts_->lock);
}

Outcome Run::train(Listener& listener, const Stop& stop) {
  if (parts_->steps) {
    parts_->prepare();
    return Loop(*parts_, listener, stop).run();
  }
  parts_->state.model->fit(parts_->data->sequences("train"));
  parts_->prepare();
  parts_->begin();
  return Outcome::finished;
}

double Run::step() {
  check(parts_->steps.has_value(), "run: a model that counts takes no steps");
  parts_->prepare();
  train::Checkpoint& saved = parts_->state.saved;
  const double loss = parts_->steps->trainer.step();
  saved.step = parts_->steps->trainer.steps_done();
  saved.window.loss += loss;
  ++saved.window.steps;
  parts_->begin();
  return loss;
}

double Run::judge(const std::string& part, Listener& listener, const Stop& stop) {
  const nn::UseMode evaluating(*parts_->state.model, nn::Mode::evaluation);
  return parts_->judge(*parts_->state.model, part, listener, stop);
}

void Run::save() {
  check(parts_->is_kept() && parts_->steps && parts_->has_begun,
        "run: nothing to save before a first step of a run that is kept in a folder");
  parts_->save_state();
}

Conclusion Run::conclude(Listener& listener, const Stop& stop) {
  check(parts_->is_kept() && parts_->log, "run: only one that is kept in a folder is concluded");
  const fs::path& folder = parts_->files.folder();
  History history;
  try {
    history = read_history(folder);
  } catch (const Error& error) {  // somebody took the log away; the model is there
    listener.warning(error.what());
  }
  State kept = open(folder);
  const double train = parts_->judge(*kept.model, "train", listener, stop);
  const double val = parts_->judge(*kept.model, "val", listener, stop);
  const std::int64_t step = kept.saved.step;
  if (!has_judged_train(history, step)) {  // a resumed run that had ended has
    parts_->log->write(Evaluation{step, "train", train});
    if (!parts_->steps) {  // training logs its last val itself
      parts_->log->write(Evaluation{step, "val", val});
    }
    parts_->log_losses_by_name(*kept.model, step, listener, stop);
    parts_->log_answer(*kept.model, step, listener, stop);
  }
  Work work("judging val by what stands in train", listener, stop);
  std::optional<Leak> leak =
      leak_of(*kept.model, *parts_->data, "val", parts_->options.threads.most, work.between());
  return {std::move(kept), train, val, leak};
}

const State& Run::state() const { return parts_->state; }
models::Model& Run::model() { return *parts_->state.model; }
const data::Dataset& Run::data() const { return *parts_->data; }
const Marks& Run::marks() { return parts_->marks(); }
std::int64_t Run::steps() const { return parts_->steps ? parts_->steps->of_run : 0; }
std::string Run::minibatches() const {
  return parts_->steps ? parts_->steps->batches->summary() : "";
}
const std::vector<Verdict>& Run::verdicts() const { return parts_->verdicts; }
const fs::path& Run::folder() const { return parts_->files.folder(); }
bool Run::has_begun() const { return parts_->has_begun; }
double Run::seconds() const { return parts_->seconds; }

}  // namespace wavenet::run
