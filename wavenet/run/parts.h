// Parts: what a Run is made of. Only run/ uses it.
#pragma once

#include <memory>
#include <optional>

#include "wavenet/run/files.h"
#include "wavenet/run/run.h"
#include "wavenet/run/run_log.h"

namespace wavenet::run {

// The minibatches, the optimizer and all that depends on them, of a model that takes steps. What
// they refer to must stay where it is.
struct Steps {
  // Loads what the state has of the optimizer, where the run was saved with one.
  Steps(State& state, const data::Dataset& data, const Options& options);

  std::int64_t of_run;
  std::int64_t eval_every;
  std::int64_t log_every;
  bool keeps_best;
  std::int64_t patience;  // evaluations without a better one; 0: no end
  std::unique_ptr<data::BatchSource> batches;
  train::Trainer trainer;
};

struct Parts {
  Parts(State of, std::shared_ptr<const data::Dataset> from, Options how);

  bool is_kept() const { return !files.folder().empty(); }
  const Marks& marks();
  // Before the first step, or before more of a run that goes on: what is to be remembered is.
  void prepare();
  // After the first step: from now on the folder is this run's.
  void begin();
  // Before the state is saved: the random numbers that the next step draws from.
  void note_random_numbers();
  void save_state();
  // The folder of a run that took a step and could not save it; empty where that failed too.
  std::filesystem::path rescued();
  // The loss of a model, which evaluates, on a part of the data. Throws Stopped.
  double judge(models::Model& model, const std::string& part, Listener& listener,
               const Stop& stop) const;
  // Those of val; nothing for data that is not known by names.
  void log_losses_by_name(models::Model& model, std::int64_t step, Listener& listener,
                          const Stop& stop);
  // What a model of an amplifier makes of the sound that the log has of val.
  void log_answer(models::Model& model, std::int64_t step, Listener& listener, const Stop& stop);

  State state;
  std::shared_ptr<const data::Dataset> data;
  Options options;
  std::int64_t first;  // steps that were done before
  RunFiles files;
  std::optional<FolderLock> lock{};
  std::optional<Steps> steps{};  // nothing for a model that counts
  std::optional<RunLog> log{};
  std::optional<Marks> known_marks{};
  std::vector<Verdict> verdicts{};
  double seconds = 0;
  bool is_prepared = false;
  bool has_begun = false;

 private:
  void open_log();
  void write_card(const std::filesystem::path& folder);
};

}  // namespace wavenet::run
