#include "wavenet/run/loop.h"

#include <chrono>
#include <cmath>

#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/optim/ema.h"

namespace wavenet::run {

using Clock = std::chrono::steady_clock;

Loop::Loop(Parts& parts, Listener& listener, const Stop& stop)
    : parts_(parts),
      saved_(parts.state.saved),
      steps_(*parts.steps),
      listener_(listener),
      stop_(stop),
      observer_(parts.state, *parts.data, parts.marks(),
                {.folder = parts.files.folder(),
                 .steps = steps_.of_run,
                 .keeps_best = steps_.keeps_best,
                 .looks = parts.options.looks},
                listener, stop, parts.log) {}

Outcome Loop::run() {
  try {
    const Outcome outcome = run_steps();
    parts_.verdicts = observer_.verdicts();
    return outcome;
  } catch (const UsageError&) {
    throw;
  } catch (const train::Diverged& error) {  // what was saved is all there is to keep
    observer_.judge_diverged();
    throw failed(error, {});
  } catch (const std::exception& error) {
    throw failed(error, parts_.rescued());
  }
}

Outcome Loop::run_steps() {
  try {
    if (evaluation_is_due() && saved_.evaluated < saved_.step) {  // stopped before it
      evaluate();
    }
    while (saved_.step < steps_.of_run && !patience_ended()) {
      stop_.check();
      step();
    }
    return saved_.step < steps_.of_run ? Outcome::out_of_patience : Outcome::finished;
  } catch (const Stopped&) {
    if (parts_.log) {
      parts_.save_state();
    }
    return Outcome::stopped;
  }
}

void Loop::step() {
  const auto from = Clock::now();
  const double rate = steps_.trainer.rate();
  std::optional<train::Watch> watch = observer_.watch();
  const double loss = steps_.trainer.step(watch ? &*watch : nullptr);
  train::Window& window = saved_.window;
  window.loss += loss;
  const double mean = window.loss / static_cast<double>(++window.steps);
  const std::int64_t done = saved_.step = steps_.trainer.steps_done();
  parts_.seconds += std::chrono::duration<double>(Clock::now() - from).count();
  // From here on the state is that of `done` steps, whatever cannot be written.
  if (!parts_.has_begun) {
    stop_.check();  // asked before a step was done, so that the folder stays as it is
  }
  parts_.begin();
  if (watch) {
    observer_.watched(*watch);
  }
  listener_.progress({.step = done, .steps = steps_.of_run, .loss = mean, .rate = rate});
  if (done % steps_.log_every == 0 || done == steps_.of_run) {
    window = {.length = window.length};
    observer_.tell(WindowRecord{done, mean, rate});
  }
  if (evaluation_is_due()) {
    evaluate();
  }
}

void Loop::evaluate() {
  evaluate_and_save();
  observer_.judge(saved_.step == steps_.of_run || patience_ended());
  listener_.evaluated();
}

void Loop::evaluate_and_save() {
  if (steps_.trainer.average() != nullptr) {
    const optim::UseAverage use(*steps_.trainer.average());
    judge_and_keep();
  } else {
    judge_and_keep();
  }
  if (parts_.is_kept()) {
    parts_.save_state();
  }
}

void Loop::judge_and_keep() {
  parts_.state.model->eval();
  const double loss = parts_.judge(*parts_.state.model, "val", listener_, stop_);
  // Before the files: a run killed in between is resumed from older ones, and judges again.
  observer_.evaluation(loss);
  if (!std::isfinite(loss)) {
    throw train::Diverged(
        fmt::format("training diverged: the loss on val after step {} is not finite, at a "
                    "learning rate of {:g}; try a lower train.learning_rate",
                    saved_.step, steps_.trainer.rate()));
  }
  saved_.evaluated = saved_.step;
  const bool wanted = !steps_.keeps_best || loss < saved_.best.loss;
  note(loss);
  if (wanted && parts_.is_kept()) {
    parts_.note_random_numbers();
    parts_.files.save_model(parts_.state);
  }
}

void Loop::note(double loss) {
  train::Best& best = saved_.best;
  if (!steps_.keeps_best && steps_.patience == 0) {
    return;
  }
  ++best.worse_since;
  if (loss < best.loss) {
    best = {loss, saved_.step, 0};
  }
}

bool Loop::evaluation_is_due() const {
  const std::int64_t done = saved_.step;
  return done > 0 && (done % steps_.eval_every == 0 || done == steps_.of_run);
}

bool Loop::patience_ended() const {
  return steps_.patience > 0 && saved_.best.worse_since >= steps_.patience;
}

Failed Loop::failed(const std::exception& error, const std::filesystem::path& rescued) const {
  std::string what = message_of(error);
  std::filesystem::path folder = rescued;
  if (!rescued.empty()) {
    what += fmt::format("; the run is saved in {}, up to step {}", rescued.string(), saved_.step);
  } else if (parts_.log) {
    folder = parts_.files.folder();
  } else if (saved_.step == parts_.first) {
    what += "; nothing was written";
  }
  const auto* known = dynamic_cast<const Error*>(&error);
  const ErrorKind kind = known != nullptr ? known->kind() : ErrorKind::io;
  return Failed(kind, what,
                {.steps = saved_.step - parts_.first,
                 .model = folder.empty() ? folder : folder / train::kModelFile,
                 .verdicts = observer_.verdicts()});
}

}  // namespace wavenet::run
