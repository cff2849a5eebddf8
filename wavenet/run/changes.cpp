#include "wavenet/run/changes.h"

#include "wavenet/base/files.h"
#include "wavenet/base/shell.h"
#include "wavenet/log/run_info.h"
#include "wavenet/run/run.h"

namespace wavenet::run {
namespace {

namespace fs = std::filesystem;

// The command with this number of steps in place of whatever it has.
std::string with_steps(const std::string& command, std::int64_t steps) {
  std::vector<std::string> words = shell_words(command);
  for (auto word = words.begin(); word != words.end();) {
    const bool apart = *word == "--steps" && word + 1 != words.end();
    const bool steps_of_before = apart || word->starts_with("--steps=");
    word = steps_of_before ? words.erase(word, word + (apart ? 2 : 1)) : word + 1;
  }
  return fmt::format("{} --steps {}", fmt::join(words, " "), steps);
}

// Names the precision that a recipe leaves to its default.
Config with_precision(Config recipe) {
  recipe.set("train.precision=" + recipe.text_or("train.precision", "f32"));
  return recipe;
}

}  // namespace

std::vector<std::string> changes(const Config& recipe, const train::Checkpoint& begun) {
  Config lengthened = begun.recipe;
  lengthened.set(fmt::format("train.steps={}", recipe.integer_or("train.steps", 0, 0, kMaxSteps)));
  return with_precision(recipe).differences(with_precision(lengthened));
}

void require_more_steps(const fs::path& folder, std::int64_t steps,
                        const train::Checkpoint& begun) {
  const std::int64_t before = begun.recipe.integer_or("train.steps", 0, 0, kMaxSteps);
  check(steps == before || begun.recipe.text_or("train.schedule", "") != "cosine",
        "{}: its cosine schedule ends at {} steps, so it goes on to {}", folder.string(), before,
        before);
  check(begun.step <= steps, "{}: has {} steps already, more than the {} asked for",
        folder.string(), begun.step, steps);
}

std::string command_of(const fs::path& folder, const std::string& typed, std::int64_t steps) {
  const fs::path card = folder / "run.json";
  if (!fs::exists(card)) {
    return typed;
  }
  RunInfo before;
  try {
    before = parse_run_info(read_file(card, kMaxRunInfoBytes), card.string());
  } catch (const Error&) {  // nothing in it is needed to go on
    return typed;
  }
  return before.steps == steps ? before.command : with_steps(before.command, steps);
}

}  // namespace wavenet::run
