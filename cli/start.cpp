#include "cli/start.h"

#include <unistd.h>

#include <array>

#include "cli/examine.h"
#include "cli/open.h"
#include "wavenet/base/files.h"
#include "wavenet/base/shell.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/audio/sounds.h"
#include "wavenet/report/report.h"
#include "wavenet/run/changes.h"
#include "wavenet/run/files.h"
#include "wavenet/run/run.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

void require_own_files(const fs::path& folder) {
  run::require_own_files(folder);
  require_own_file(folder / run::kPageFile, "page of this program", report::is_page);
}

FolderLock lock_of(const fs::path& folder) {
  std::optional<FolderLock> lock = FolderLock::take(folder);
  check(lock.has_value(), "{}: another run trains in it; wait for it, or choose another --out",
        folder.string());
  return std::move(*lock);
}

// runs/<recipe>, or the first of runs/<recipe>-2, -3, ... where no run is.
fs::path free_folder(const std::string& recipe) {
  const std::string base = "runs/" + fs::path(recipe).stem().string();
  fs::path folder = base;
  for (int n = 2; !run::run_in(folder).empty() || FolderLock::is_held(folder); ++n) {
    folder = fmt::format("{}-{}", base, n);
  }
  return folder;
}

void require_no_run_in(const fs::path& folder) {
  const fs::path file = run::run_in(folder);
  check(file.empty(),
        "{}: already there; continue it with --resume, replace it with --overwrite, or choose "
        "another --out",
        file.string());
}

std::string recipe_name(const TrainArguments& arguments) {
  return arguments.recipe.empty() ? models::kDefaultRecipe : arguments.recipe;
}

fs::path folder_of(const TrainArguments& arguments) {
  if (arguments.out.empty()) {
    if (arguments.resume) {
      fail_usage("train: --resume needs --out, the run to continue");
    }
    return free_folder(recipe_name(arguments));
  }
  if (arguments.out == "-") {
    fail_usage("train: --out is a folder, and - would be standard output; ./- names a folder");
  }
  if (!arguments.resume && !arguments.overwrite) {
    require_no_run_in(arguments.out);
  }
  return arguments.out;
}

// A flag that sets a key of the recipe.
struct KeyFlag {
  const char* flag;
  std::string key;
  std::string value;   // empty: it was not typed
  const char* unread;  // why nothing may have asked for the key
};

std::array<KeyFlag, 3> key_flags(const TrainArguments& arguments) {
  return {{{"--steps", "train.steps", arguments.steps ? std::to_string(*arguments.steps) : "",
            "a model that counts takes no steps"},
           {"--dedup", "data.dedup", arguments.dedup ? "true" : "",
            "running text has no words to take as one"},
           {"--precision", "train.precision", arguments.precision,
            "a model that counts multiplies no matrices"}}};
}

Config changed(Config recipe, const TrainArguments& arguments) {
  std::vector<std::string> assignments = arguments.set;
  for (const KeyFlag& flag : key_flags(arguments)) {
    if (!flag.value.empty()) {
      assignments.push_back(flag.key + '=' + flag.value);
    }
  }
  recipe.set_each(assignments);
  return recipe;
}

void require_all_read(const Config& recipe, const TrainArguments& arguments) {
  for (const KeyFlag& flag : key_flags(arguments)) {
    if (!flag.value.empty() && !recipe.was_read(flag.key)) {
      fail_usage("{}: {}", flag.flag, flag.unread);
    }
  }
  recipe.require_all_read();
}

// The data; a file that is refused has a verb that says more.
std::shared_ptr<const data::Dataset> data_of(const TrainArguments& arguments,
                                             const std::string& path, const Config& recipe,
                                             std::uint64_t split_seed) {
  try {
    return data::open(recipe, file_of(path), {.split_seed = split_seed});
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    std::error_code ignored;
    const bool of_sound = data::reads_sound(recipe);
    if (!of_sound && fs::is_directory(path, ignored)) {
      fail_as(error.kind(), "{}; of a folder of sound: --recipe wavenet-speech", error.what());
    }
    const bool can_look =
        ::access(path.c_str(), R_OK) == 0 && (of_sound || fs::is_regular_file(path));
    if (!can_look) {
      throw;
    }
    fail_as(error.kind(), "{}; see `{}`", error.what(),
            doctor_command(arguments, path, split_seed));
  }
}

// Throws for a name that a model cannot keep, and for data in the run's own place.
void require_fit_to_keep(const std::string& data, const fs::path& folder) {
  std::string problem;
  decode_utf8_parts(data, problem);
  if (!problem.empty()) {
    fail_usage("--data: '{}': a model keeps the name of its data, which must be UTF-8",
               excerpt(data));
  }
  run::require_apart(data, folder);
}

Start anew(const TrainArguments& arguments, const fs::path& folder) {
  require_fit_to_keep(arguments.data, folder);
  const std::uint64_t seed = arguments.seed.value_or(kSeed);
  if (seed > kLargestSeed) {
    fail_usage("--seed: must be at most {}, as the weights' random numbers use 32 bits, got {}",
               kLargestSeed, seed);
  }
  const std::uint64_t split_seed = arguments.split_seed.value_or(kSeed);
  Config recipe = changed(models::load_recipe(recipe_name(arguments)), arguments);
  auto data = data_of(arguments, arguments.data, recipe, split_seed);
  run::State state = run::new_state(
      std::move(recipe), *data, {.seed = seed, .split_seed = split_seed, .data = arguments.data});
  return {std::move(state), std::move(data), folder, arguments.command};
}

// Throws for whatever the command asks for and the run was not begun with.
void require_the_same(const TrainArguments& arguments, const fs::path& folder, const Config& recipe,
                      const train::Checkpoint& begun) {
  std::vector<std::string> changes = run::changes(recipe, begun);
  for (const KeyFlag& flag : key_flags(arguments)) {
    for (std::string& change : changes) {
      if (!flag.value.empty() && change.starts_with(flag.key + ' ')) {
        change.replace(0, flag.key.size(), flag.flag);
      }
    }
  }
  const auto compare = [&](const char* name, std::optional<std::uint64_t> now, std::uint64_t then) {
    if (now && *now != then) {
      changes.push_back(fmt::format("{} is {}, was {}", name, *now, then));
    }
  };
  compare("--seed", arguments.seed, begun.seed);
  compare("--split-seed", arguments.split_seed, begun.split_seed);
  check(changes.empty(), "{}: --resume needs what the run was begun with: {}", folder.string(),
        fmt::join(changes, "; "));
}

// What the command says, and where it says nothing what the run was begun with.
Config recipe_of(const TrainArguments& arguments, const Config& begun) {
  if (arguments.recipe.empty()) {
    return changed(begun, arguments);
  }
  Config recipe = models::load_recipe(arguments.recipe);
  recipe.set(fmt::format("train.steps={}", begun.integer("train.steps", 1, run::kMaxSteps)));
  return changed(std::move(recipe), arguments);
}

Start where_it_was_left(const TrainArguments& arguments, const fs::path& folder) {
  FolderLock lock = lock_of(folder);
  run::State state = run::left_in(folder);
  train::Checkpoint& begun = state.saved;
  const Config recipe = recipe_of(arguments, begun.recipe);
  const std::int64_t steps = recipe.integer("train.steps", 1, run::kMaxSteps);
  run::require_more_steps(folder, steps, begun);
  require_the_same(arguments, folder, recipe, begun);
  if (arguments.data.empty() && begun.data_source == "-") {
    fail_usage("train: the data of {} came by standard input; give it again with --data -",
               folder.string());
  }
  require_fit_to_keep(arguments.data, folder);
  require_data_of_run(arguments.data, begun);
  auto data = data_of(arguments, arguments.data.empty() ? begun.data_source : arguments.data,
                      recipe, begun.split_seed);
  run::require_the_same_data(folder, *data, begun);
  if (!arguments.data.empty() && arguments.data != "-") {
    begun.data_source = arguments.data;  // where it is now
  }
  begun.recipe.set(fmt::format("train.steps={}", steps));
  begun.recipe.share_reads(recipe);
  return {std::move(state), std::move(data), folder,
          run::command_of(folder, arguments.command, steps), std::move(lock)};
}

}  // namespace

Start begin(const TrainArguments& arguments) {
  const fs::path folder = folder_of(arguments);
  return arguments.resume ? where_it_was_left(arguments, folder) : anew(arguments, folder);
}

void take_folder(Start& start, const Config& recipe, const TrainArguments& arguments) {
  require_all_read(recipe, arguments);
  require_own_files(start.folder);
  require_writable_directory(start.folder);
  if (arguments.resume) {
    return;
  }
  if (arguments.out.empty()) {  // another run may have taken the number since
    while (!(start.lock = FolderLock::take(start.folder)) || !run::run_in(start.folder).empty()) {
      start.folder = free_folder(recipe_name(arguments));
      require_own_files(start.folder);
      require_writable_directory(start.folder);
    }
  } else {
    start.lock = lock_of(start.folder);
    if (!arguments.overwrite) {
      require_no_run_in(start.folder);  // of a run that has ended since
    }
  }
}

}  // namespace cli
