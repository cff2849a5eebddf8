#include "wavenet/run/files.h"

#include <cstdlib>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/io/event_files.h"
#include "wavenet/log/csv.h"
#include "wavenet/log/record_json.h"
#include "wavenet/log/run_info.h"

namespace wavenet::run {

namespace fs = std::filesystem;

namespace {

struct OwnFile {
  const char* name;
  const char* kind;
  bool (*is_own)(std::string_view beginning);
};
constexpr OwnFile kOwnFiles[] = {
    {train::kModelFile, "model of this program", train::is_checkpoint},
    {train::kLastFile, "model of this program", train::is_checkpoint},
    {"metrics.jsonl", "log of this program", logs::begins_a_log},
    {"details.jsonl", "log of this program", logs::begins_a_log},
    {"metrics.csv", "table of this program", logs::begins_a_table},
    {"run.json", "run of this program", begins_a_run_info},
};

std::vector<fs::path> events_in(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder, ignored) ? io::event_files_in(folder) : std::vector<fs::path>();
}

void collect_tensors(State& state, const train::Trainer* trainer) {
  state.saved.tensors.clear();
  for (const auto& [name, tensor] : state.model->state()) {
    state.saved.tensors[name] = tensor;
  }
  if (trainer != nullptr) {
    for (const auto& [name, tensor] : trainer->state()) {
      state.saved.tensors[name] = tensor;
    }
  }
}

// With tensors of its own.
train::Checkpoint copy_of(train::Checkpoint saved) {
  for (auto& [name, tensor] : saved.tensors) {
    tensor = tensor.clone();
  }
  return saved;
}

}  // namespace

void require_own_files(const fs::path& folder) {
  for (const OwnFile& file : kOwnFiles) {
    const fs::path path = folder / file.name;
    std::error_code ignored;
    check_as(
        ErrorKind::io, !fs::is_symlink(path, ignored),
        "{}: is a symbolic link, and what it leads to may be another run's; remove it or choose "
        "another folder",
        path.string());
    require_own_file(path, file.kind, file.is_own);
  }
  for (const char* name : {train::kModelFile, train::kLastFile}) {
    check_as(
        ErrorKind::io, !fs::is_directory(status_of(folder / name)),
        "{}: is a directory, and the run's model goes there; remove it or choose another folder",
        (folder / name).string());
  }
}

fs::path run_in(const fs::path& folder) {
  for (const OwnFile& file : kOwnFiles) {
    if (fs::is_regular_file(status_of(folder / file.name))) {
      return folder / file.name;
    }
  }
  const std::vector<fs::path> events = events_in(folder);
  return events.empty() ? fs::path() : events.front();
}

void require_apart(const fs::path& data, const fs::path& folder) {
  std::vector<fs::path> files = events_in(folder);
  for (const OwnFile& file : kOwnFiles) {
    files.push_back(folder / file.name);
  }
  for (const fs::path& file : files) {
    std::error_code is_no_file;
    check(!fs::equivalent(data, file, is_no_file),
          "{}: the data, which the run would write over; choose another folder", data.string());
  }
}

void RunFiles::require_same_folder() const {
  check(lock_ == nullptr || lock_->is_of(folder_), "{}: was moved, removed or replaced",
        folder_.string());
}

void RunFiles::write(const char* name, const train::Checkpoint& saved) const {
  require_same_folder();
  try {
    train::write_checkpoint(folder_ / name, saved);
  } catch (const Error&) {
    require_same_folder();
    throw;
  }
}

void RunFiles::remember(State& state, const train::Trainer* trainer) {
  collect_tensors(state, trainer);
  begun_ = copy_of(state.saved);
}

// Wherever this is killed the folder holds a model that loads, and --resume goes on with one of the
// two runs: an older model goes only when a state of this run stands beside it.
void RunFiles::begin() {
  const fs::path last = folder_ / train::kLastFile;
  const bool replaces = fs::exists(folder_ / train::kModelFile) || fs::exists(last);
  train::Checkpoint model = *begun_;
  if (apart_) {
    std::erase_if(model.tensors, [](const auto& each) { return each.first.starts_with("train."); });
    model_ = model;
  }
  if (replaces) {
    write(train::kLastFile, *begun_);
  }
  write(train::kModelFile, model);
  if (!apart_) {
    fs::remove(last);
  } else if (!replaces) {
    write(train::kLastFile, *begun_);
  }
  begun_.reset();
  std::error_code ignored;
  for (const char* name : {"run.json", kPageFile}) {
    fs::remove(folder_ / name, ignored);
  }
}

void RunFiles::recall_model() {
  const fs::path path = folder_ / train::kModelFile;
  if (apart_ && fs::exists(path)) {
    model_ = train::read_checkpoint(path);
  }
}

void RunFiles::save_model(State& state) {
  if (!apart_) {
    return;
  }
  collect_tensors(state, nullptr);
  model_ = copy_of(state.saved);
  write(train::kModelFile, *model_);
}

void RunFiles::save_state(State& state, const train::Trainer& trainer) {
  collect_tensors(state, &trainer);
  write(apart_ ? train::kLastFile : train::kModelFile, state.saved);
}

fs::path RunFiles::rescue(State& state, const train::Trainer& trainer) {
  try {
    std::string place = (fs::temp_directory_path() / "wavenet-rescued-XXXXXX").string();
    if (mkdtemp(place.data()) == nullptr) {
      return {};
    }
    RunFiles files(apart_);
    files.open(place, nullptr);
    if (model_) {
      train::write_checkpoint(files.folder_ / train::kModelFile, *model_);
    }
    files.save_state(state, trainer);
    return place;
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace wavenet::run
