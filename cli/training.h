// The loop of a training run: steps, the log, evaluations, files.
#pragma once

#include <filesystem>
#include <memory>

#include "wavenet/data/corpus.h"
#include "wavenet/models/model.h"
#include "wavenet/train/checkpoint.h"
#include "wavenet/train/metrics.h"
#include "wavenet/train/trainer.h"

namespace cli {

inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;

struct Run {
  wavenet::train::Checkpoint state;
  std::unique_ptr<wavenet::models::Model> model;
};

// Where a run's minibatches come from. Throws UsageError for a model that cannot be trained.
std::unique_ptr<wavenet::data::BatchSource> batches_for(Run& run,
                                                        const wavenet::data::Corpus& corpus);

// Writes the run's state with the model's tensors and those of `trainer`, which may be null.
void save(const std::filesystem::path& path, Run& run, const wavenet::train::Trainer* trainer);

struct Threads {
  int most;
  bool choose;  // fewer where training is faster with them
};

class Training {
 public:
  // Reads the recipe's keys, and the optimizer's state where the run was saved with one.
  Training(Run& run, const wavenet::data::Corpus& corpus, std::filesystem::path folder,
           Threads threads);
  // Trains to the end, or until patience ends. Returns the seconds that the steps took.
  double run(std::int64_t log_every, bool quiet);

 private:
  // The loss on val, of the averaged parameters where there is an average; logs it and saves.
  double evaluate_and_save(wavenet::train::Metrics& metrics);
  // Keeps count of the best evaluation, where the recipe asks for it.
  void note(double loss);
  void load_trainer_state();

  Run& run_;
  const wavenet::data::Corpus& corpus_;
  std::filesystem::path folder_;
  Threads threads_;
  std::int64_t steps_;
  std::int64_t eval_every_;
  bool keep_best_;
  std::int64_t patience_;  // evaluations without a better one; 0: no end
  std::unique_ptr<wavenet::data::BatchSource> batches_;
  wavenet::train::Trainer trainer_;
  bool apart_;  // the model to use is not the state that training goes on from
};

}  // namespace cli
