// The loop of a training run: steps, the log, evaluations, files.
#pragma once

#include "cli/observer.h"
#include "cli/progress.h"
#include "wavenet/base/stop.h"
#include "wavenet/data/corpus.h"

namespace cli {

inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;

// Where a run's minibatches come from. Throws UsageError for a model that cannot be trained.
std::unique_ptr<wavenet::data::BatchSource> batches_for(Run& run,
                                                        const wavenet::data::Corpus& corpus);

// Whether the model to use is another than the last: the best, or an average. Then the state that
// training goes on from has a file of its own.
bool keeps_state_apart(const wavenet::Config& recipe);

struct Threads {
  int most;
  bool choose;  // fewer where training is faster with them
};

struct TrainingOptions {
  Threads threads;
  std::optional<std::int64_t> log_every{};  // steps in a window of the log; none: by their number
  std::string command{};                    // for the run's card
  bool quiet = false;                       // no progress
  bool reported = true;                     // see ObserverOptions
};

// A run that broke off.
class Failed : public wavenet::Error {
 public:
  struct Left {
    std::int64_t steps;                      // done since the program was started
    std::filesystem::path model;             // the last good one of the run; empty: there is none
    std::vector<wavenet::Verdict> verdicts;  // of the whole run
  };
  Failed(const std::string& what, Left left) : Error(what), left_(std::move(left)) {}
  const Left& left() const { return left_; }

 private:
  Left left_;
};

class Training {
 public:
  // Reads the recipe's keys, and the optimizer's state where the run was saved with one. `marks` is
  // what verdicts hold the run against.
  Training(Run& run, const wavenet::data::Corpus& corpus, const wavenet::Marks& marks,
           const wavenet::Stop& stop, TrainingOptions options);

  enum class Outcome { ended, stopped };
  // Trains to the end, until patience ends, or until it is asked to stop. `folder`, locked, stays
  // as it is until a first step is done; from then on it holds a model of this run that loads. When
  // it cannot be written any more, what there is goes to a folder that the error names. Throws
  // Failed.
  Outcome run(const std::filesystem::path& folder, const wavenet::FolderLock& lock);

  double seconds() const { return seconds_; }  // that the steps took
  // None as long as the folder is not this run's.
  std::optional<wavenet::run::RunLog>& log() { return log_; }

 private:
  Outcome run_steps(Observer& observer);
  // These throw Stopped between two pieces of their work.
  void step(Observer& observer, Progress& progress);
  // Judges, saves, and tells what there is to tell.
  void evaluate(Observer& observer, Progress& progress);
  // The loss on val, of the averaged parameters where there is an average; logs it and saves.
  double evaluate_and_save(Observer& observer);
  void begin_in_folder();
  std::filesystem::path rescued();
  Failed failed(const std::exception& error, const std::filesystem::path& rescued,
                const Observer& observer) const;
  // Keeps count of the best evaluation, where the recipe asks for it.
  void note(double loss);
  bool evaluation_is_due() const;
  bool patience_ended() const;
  void load_trainer_state();

  Run& run_;
  const wavenet::data::Corpus& corpus_;
  wavenet::Marks marks_;
  const wavenet::Stop& stop_;
  TrainingOptions options_;
  std::int64_t first_;  // steps that were done before
  std::int64_t steps_;
  std::int64_t eval_every_;
  std::int64_t log_every_;
  bool keep_best_;
  std::int64_t patience_;  // evaluations without a better one; 0: no end
  std::unique_ptr<wavenet::data::BatchSource> batches_;
  wavenet::train::Trainer trainer_;
  RunFiles files_;
  std::optional<wavenet::run::RunLog> log_;
  double seconds_ = 0;
};

}  // namespace cli
