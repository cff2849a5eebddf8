// Run: a training run: its model, data, optimizer and, where it is kept in one, its folder.
//
//   const auto names = data::open(recipe, {"names.txt"});
//   run::Run run = run::Run::begin(recipe, names);
//   run.keep_in("runs/a");        // else nothing is written
//   run::Listener listener;       // or one that shows something
//   run.train(listener);
//
//   run::Run more = run::Run::resume("runs/a", names, {.steps = 300'000});
//
// A run that is resumed ends in the bits of one that nothing stopped. One thread at a time may use a
// Run. Left out: what a user reads of it (listener.h).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/base/folder_lock.h"
#include "wavenet/base/stop.h"
#include "wavenet/data/batch.h"
#include "wavenet/data/dataset.h"
#include "wavenet/run/judge.h"
#include "wavenet/run/listener.h"
#include "wavenet/run/open.h"

namespace wavenet::run {

inline constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;

struct Threads {
  int most = 1;
  bool choose = false;  // fewer where training is faster with them
};

struct Options {
  Threads threads{};
  std::optional<std::int64_t> steps{};      // in place of train.steps
  std::optional<std::int64_t> log_every{};  // steps in a window of the log; none: by their number
  std::string command{};                    // that repeats the run; kept in run.json
  bool looks = true;                        // see ObserverOptions
};

// Where a new run comes from.
struct Origin {
  std::uint64_t seed = 42;  // of weights and minibatches
  std::uint64_t split_seed = 42;
  std::string data{};  // where it was read, for those who go on: a path, or "-"
};

enum class Outcome : std::uint8_t { finished, stopped, out_of_patience };

// A run that broke off.
class Failed : public Error {
 public:
  struct Left {
    std::int64_t steps;             // done since the Run was made
    std::filesystem::path model;    // the last good one of the run; empty: there is none
    std::vector<Verdict> verdicts;  // of the whole run
  };
  Failed(ErrorKind kind, const std::string& what, Left left)
      : Error(kind, what), left_(std::move(left)) {}
  const Left& left() const { return left_; }

 private:
  Left left_;
};

// What a run ends with: the model that its folder holds, which is not always the last one trained,
// judged on all of train and val.
struct Conclusion {
  State kept;
  double train;  // nats per character
  double val;
  std::optional<Leak> leak;  // of val
};

struct Parts;  // parts.h

class Run {
 public:
  // Builds the recipe's model. Throws UsageError for a recipe that cannot be trained.
  static Run begin(Config recipe, std::shared_ptr<const data::Dataset> data, Origin origin = {},
                   Options options = {});
  // Goes on, in the folder, where its run was left. Throws Error where another process has the
  // folder, or the data is not what the run was begun with.
  static Run resume(const std::filesystem::path& folder, std::shared_ptr<const data::Dataset> data,
                    Options options = {});
  // From a state at hand, be it new or left_in() a folder.
  Run(State state, std::shared_ptr<const data::Dataset> data, Options options = {});
  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;
  ~Run();

  // Before the first step. The folder is made, locked, and stays as it is until a first step is
  // done; from then on it holds a model of this run that loads. Throws Error where that cannot be,
  // and where the folder holds a run already, unless that is to be replaced.
  void keep_in(const std::filesystem::path& folder, bool replace = false);
  // A folder that the caller has made, locked, and looked into.
  void keep_in(const std::filesystem::path& folder, FolderLock lock);

  // Trains to the end, until patience ends, or until it is asked to stop; a model that counts is
  // fitted. When the folder cannot be written any more, what there is goes to a folder that the
  // error names. Throws Failed.
  Outcome train(Listener& listener, const Stop& stop = {});
  // One minibatch, which nobody is told of: its loss before the update.
  double step();
  // The loss of the model as it is now, on train, val or test. Throws Stopped.
  double judge(const std::string& part, Listener& listener, const Stop& stop = {});
  // What training goes on from, to the folder.
  void save();
  // At the end of a run that is kept in a folder; logs the losses that stand in no log yet. Throws
  // Stopped.
  Conclusion conclude(Listener& listener, const Stop& stop = {});

  const State& state() const;
  models::Model& model();
  const data::Dataset& data() const;
  // What a loss on val is held against; counted when first asked for.
  const Marks& marks();
  std::int64_t steps() const;       // of the whole run
  std::string minibatches() const;  // what is worth knowing of them, in one line; may be empty
  const std::vector<Verdict>& verdicts() const;
  const std::filesystem::path& folder() const;  // empty where the run is not kept in one
  // Whether a step is done that the folder holds.
  bool has_begun() const;
  double seconds() const;  // that the steps took

 private:
  std::unique_ptr<Parts> parts_;
};

// A run at its first step: the recipe's model with random weights.
State new_state(Config recipe, const data::Dataset& data, Origin origin = {});
// The state that training goes on from. Throws Error where the folder holds none.
State left_in(const std::filesystem::path& folder);
// Throws Error, which names the folder, where the run was begun with other data.
void require_the_same_data(const std::filesystem::path& folder, const data::Dataset& data,
                           const train::Checkpoint& begun);

// Where a run's minibatches come from, from the steps on that the state has done. Throws UsageError for
// a model that cannot be trained.
std::unique_ptr<data::BatchSource> batches_for(const State& state, const data::Dataset& data);

// Whether the model to use is another than the last: the best, or an average. Then the state that
// training goes on from has a file of its own.
bool keeps_state_apart(const Config& recipe);

}  // namespace wavenet::run
