// The loop of a training run: steps, the log, evaluations, files.
#pragma once

#include "cli/interrupt.h"
#include "cli/observer.h"
#include "wavenet/data/corpus.h"

namespace cli {

inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;

// Where a run's minibatches come from. Throws UsageError for a model that cannot be trained.
std::unique_ptr<wavenet::data::BatchSource> batches_for(Run& run,
                                                        const wavenet::data::Corpus& corpus);

struct Threads {
  int most;
  bool choose;  // fewer where training is faster with them
};

struct TrainingOptions {
  std::optional<std::int64_t> log_every{};  // steps in a window of the log; none: by their number
  std::string command{};                    // for the card of a run that is rescued
  bool quiet = false;                       // no progress
  bool reported = true;                     // see ObserverOptions
};

class Training {
 public:
  // Reads the recipe's keys, and the optimizer's state where the run was saved with one. `marks` is
  // what verdicts hold the run against.
  Training(Run& run, const wavenet::data::Corpus& corpus, const Marks& marks, Threads threads);

  struct Outcome {
    double seconds = 0;  // that the steps took
    bool interrupted = false;
  };
  // Trains to the end, until patience ends, or until an interrupt is asked for. `folder`, locked,
  // holds a model that loads from before the first step on. When it cannot be written any more,
  // what there is goes to a folder that the Error names.
  Outcome run(const std::filesystem::path& folder, const wavenet::FolderLock& lock,
              wavenet::train::RunLog& log, const Interrupt& interrupt,
              const TrainingOptions& options);

 private:
  Outcome run_steps(Observer& observer, const Interrupt& interrupt, const TrainingOptions& options);
  // The loss on val, of the averaged parameters where there is an average; logs it and saves.
  double evaluate_and_save(Observer& observer);
  // Keeps count of the best evaluation, where the recipe asks for it.
  void note(double loss);
  bool evaluation_is_due() const;
  bool patience_ended() const;
  void load_trainer_state();

  Run& run_;
  const wavenet::data::Corpus& corpus_;
  Threads threads_;
  std::int64_t steps_;
  std::int64_t eval_every_;
  bool keep_best_;
  std::int64_t patience_;  // evaluations without a better one; 0: no end
  std::unique_ptr<wavenet::data::BatchSource> batches_;
  wavenet::train::Trainer trainer_;
  RunFiles files_;
  Marks marks_;
};

}  // namespace cli
