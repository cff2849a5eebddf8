#include "cli/examine.h"

#include <filesystem>
#include <functional>

#include "cli/open.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sound_doctor.h"
#include "wavenet/base/files.h"
#include "wavenet/base/shell.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/sounds.h"
#include "wavenet/data/text/embedded.h"
#include "wavenet/data/text/text.h"

namespace cli {

using namespace wavenet;

namespace {

constexpr std::uintmax_t kLargest = std::uintmax_t{1} << 24;  // bytes, of what `train` looks at

// The bytes as they stand, and what to call them.
std::pair<std::string, std::string> bytes_of(const std::string& path) {
  if (path.empty()) {
    return {std::string(data::kEmbeddedNames), "the embedded names"};
  }
  data::File file = file_of(path);
  return {file.bytes ? *std::move(file.bytes) : read_file(path, data::kMaxTextBytes), file.path};
}

// Of the file that the doctor's commands write, which must not be there: somebody may need it.
std::string free_name() {
  std::string name = "fixed.txt";
  for (int number = 2; std::filesystem::exists(status_of(name)); ++number) {
    name = fmt::format("fixed-{}.txt", number);
  }
  return name;
}

}  // namespace

data::Diagnosis examine(const std::string& path, const Config& recipe, const models::Model& model,
                        std::uint64_t split_seed) {
  const data::Format format = data::format_of(recipe);
  const bool pieces = format == data::Format::text && model.reads() == models::Reads::sequences;
  const auto [bytes, source] = bytes_of(path);
  Phase phase("looking at " + source);  // a signal ends the process at once, as nothing is lost
  return data::diagnose(
      bytes, source,
      {.format = format,
       .split_seed = split_seed,
       .dedup = format == data::Format::lines && recipe.boolean_or("data.dedup", false),
       .val_share = recipe.number_or("data.val_share", 0.1, 0, 1),
       .receptive_field = model.receptive_field(),
       .piece = pieces ? recipe.integer_or("data.piece", 0, 0, std::int64_t{1} << 20) : 0,
       .fixed = free_name()},
      std::ref(phase));
}

namespace {

// Whether looking takes less than a second or two.
bool is_small(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) {
    return std::filesystem::file_size(path, ignored) <= kLargest;
  }
  std::uintmax_t size = 0;
  std::error_code unreadable;
  std::filesystem::recursive_directory_iterator entry(path, unreadable);
  for (; !unreadable && entry != end(entry) && size <= kLargest; entry.increment(unreadable)) {
    size += entry->is_regular_file(ignored) ? entry->file_size(ignored) : 0;
  }
  return !unreadable && size > 0 && size <= kLargest;
}

template <class Where>
bool warn_of(const std::string& path, const std::vector<data::FindingAt<Where>>& findings) {
  bool any = false;
  for (const data::FindingAt<Where>& finding : findings) {
    if (finding.severity != data::Severity::note) {
      const std::string where = finding.where.empty() ? "" : ": " + finding.where.text();
      say::warning(fmt::format("{}: {}{}", path, finding.what, where));
      any = true;
    }
  }
  return any;
}

}  // namespace

bool warn_of_faults(const std::string& path, const Config& recipe, const models::Model& model,
                    std::uint64_t split_seed) {
  std::error_code ignored;
  if (data::reads_sound(recipe)) {
    const std::vector<std::string> paths = data::paths_of(path);
    return !path.empty() && std::all_of(paths.begin(), paths.end(), is_small) &&
           warn_of(path, examine_sound(path, recipe, model).findings);
  }
  return path != "-" && std::filesystem::is_regular_file(path, ignored) && is_small(path) &&
         warn_of(path, examine(path, recipe, model, split_seed).findings);
}

std::string doctor_command(const TrainArguments& arguments, const std::string& path,
                           std::uint64_t split_seed) {
  const std::string& recipe = arguments.recipe;
  std::string command = "wavenet doctor " + shell_word(path);
  if (!recipe.empty() && recipe != models::kDefaultRecipe) {
    command += " --recipe " + shell_word(recipe);
  }
  for (const std::string& assignment : arguments.set) {
    if (!assignment.starts_with("train.")) {
      command += " --set " + shell_word(assignment);
    }
  }
  command += arguments.dedup ? " --dedup" : "";
  if (split_seed != kSeed) {
    command += fmt::format(" --split-seed {}", split_seed);
  }
  return command;
}

}  // namespace cli
