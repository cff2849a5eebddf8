// RunFiles: the files that a training run leaves in its folder, and what becomes of them when the
// folder fails.
//
//   RunFiles files(/*apart=*/true);
//   files.open("runs/a", &lock);
//   files.remember(state, &trainer);     // before the first step; until begin() an older run stays
//   files.begin();                       // after it
//   files.save_model(state);             // model.safetensors, the one to use
//   files.save_state(state, trainer);    // last.safetensors, or the same file: training goes on here
//
// Each file is replaced whole or not at all (base/files.h). Left out: the log.
#pragma once

#include <filesystem>
#include <optional>

#include "wavenet/base/folder_lock.h"
#include "wavenet/run/open.h"
#include "wavenet/train/trainer.h"

namespace wavenet::run {

// The page that a listener may write there.
inline constexpr const char* kPageFile = "report.html";

class RunFiles {
 public:
  // `apart`: the model to use is not the state that training goes on from, but the best or an
  // average.
  explicit RunFiles(bool apart) : apart_(apart) {}

  // Where the files go from now on; what is saved is an Error where that is no more the folder that
  // `lock`, which may be null, is of.
  void open(std::filesystem::path folder, const FolderLock* lock) {
    folder_ = std::move(folder);
    lock_ = lock;
  }

  const std::filesystem::path& folder() const { return folder_; }

  // Of a run that begins: copies it, for begin(). `trainer` may be null.
  void remember(State& state, const train::Trainer* trainer);
  // The folder becomes this run's: it gets the run as it was remembered, a model that loads and
  // that can be gone on from, and loses what told of an older run. The log is the caller's.
  void begin();
  // Of a run that goes on: the model that its folder holds, so that it can be rescued.
  void recall_model();
  // With the parameters that the model has now. Only where they are apart.
  void save_model(State& state);
  void save_state(State& state, const train::Trainer& trainer);
  // Writes both to a new folder for temporary files, the model as it was last saved. Returns where,
  // or an empty path when that fails too.
  std::filesystem::path rescue(State& state, const train::Trainer& trainer);

 private:
  void require_same_folder() const;
  // Writes one of the files; where the folder has gone meanwhile, that is what the Error says.
  void write(const char* name, const train::Checkpoint& saved) const;

  std::filesystem::path folder_;
  const FolderLock* lock_ = nullptr;
  bool apart_;
  std::optional<train::Checkpoint> begun_;  // what remember() copied
  std::optional<train::Checkpoint> model_;  // a copy of what save_model() wrote last
};

// Throws Error where one of the files that a run writes stands in the folder and is not empty or of
// the same kind.
void require_own_files(const std::filesystem::path& folder);
// The first of them that stands in the folder; empty where none does.
std::filesystem::path run_in(const std::filesystem::path& folder);
// Throws Error where the data is one of them.
void require_apart(const std::filesystem::path& data, const std::filesystem::path& folder);

}  // namespace wavenet::run
