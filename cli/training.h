// The loop of a training run: steps, the log, evaluations, files.
#pragma once

#include <set>

#include "cli/interrupt.h"
#include "cli/judge.h"
#include "cli/run_files.h"
#include "wavenet/data/corpus.h"
#include "wavenet/train/run_log.h"
#include "wavenet/train/verdict.h"

namespace cli {

inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;

// Where a run's minibatches come from. Throws UsageError for a model that cannot be trained.
std::unique_ptr<wavenet::data::BatchSource> batches_for(Run& run,
                                                        const wavenet::data::Corpus& corpus);

struct Threads {
  int most;
  bool choose;  // fewer where training is faster with them
};

class Training {
 public:
  // Reads the recipe's keys, and the optimizer's state where the run was saved with one. `marks` is
  // what verdicts hold the run against.
  Training(Run& run, const wavenet::data::Corpus& corpus, const Marks& marks,
           std::filesystem::path folder, Threads threads);

  struct Outcome {
    double seconds = 0;  // that the steps took
    bool interrupted = false;
  };
  // Trains to the end, until patience ends, or until an interrupt is asked for. The folder holds a
  // model that loads from before the first step on. When it cannot be written any more, what there
  // is goes to a folder that the Error names.
  Outcome run(wavenet::train::RunLog& log, const Interrupt& interrupt, std::int64_t log_every,
              bool quiet);

 private:
  Outcome run_steps(wavenet::train::RunLog& log, const Interrupt& interrupt, std::int64_t log_every,
                    bool quiet);
  // One step, watched now and then; what it showed goes to the log.
  double step(wavenet::train::RunLog& log);
  // The loss on val, of the averaged parameters where there is an average; logs it and saves.
  double evaluate_and_save(wavenet::train::RunLog& log);
  void log_samples(wavenet::train::RunLog& log);
  // Tells each verdict once: to the log and to the user.
  void judge(wavenet::train::RunLog& log);
  // What the log of a run to go on with has told already.
  void recall();
  void watched(std::int64_t step, const wavenet::train::Watch& watch, wavenet::train::RunLog& log);
  // Keeps count of the best evaluation, where the recipe asks for it.
  void note(double loss);
  bool patience_ended() const;
  void load_trainer_state();

  Run& run_;
  const wavenet::data::Corpus& corpus_;
  Threads threads_;
  std::int64_t steps_;
  std::int64_t eval_every_;
  std::int64_t watch_every_;
  bool keep_best_;
  std::int64_t patience_;  // evaluations without a better one; 0: no end
  std::unique_ptr<wavenet::data::BatchSource> batches_;
  wavenet::train::Trainer trainer_;
  RunFiles files_;
  wavenet::train::Verdicts verdicts_;
  std::set<std::string> told_;  // names of verdicts
  std::set<wavenet::data::Sequence>
      known_;  // the words of train, without the marker that ends them
};

}  // namespace cli
