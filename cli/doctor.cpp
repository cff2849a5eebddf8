// wavenet doctor: what is wrong with data, and in which lines, before anything is trained on it.
// Exits 1 when training would refuse the data, else 0, whatever the warnings.
#include <algorithm>

#include "cli/arguments.h"
#include "cli/examine.h"
#include "cli/findings.h"
#include "cli/pair_doctor.h"
#include "cli/sound_doctor.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/audio/doctor/summary.h"
#include "wavenet/data/audio/pairs.h"
#include "wavenet/data/audio/sounds.h"
#include "wavenet/data/text/doctor/summary.h"

namespace cli {
namespace {

using namespace wavenet;
using data::Severity;

constexpr std::size_t kHistogramRows = 16;  // rows of the histogram
constexpr std::size_t kCharacters = 40;     // of the alphabet

void print_summary(const data::Diagnosis& found) {
  const std::string filled = found.format == data::Format::lines
                                 ? data::counted(found.filled(), "word")
                                 : fmt::format("{} of text", found.filled());
  const auto characters = static_cast<std::size_t>(found.characters);
  print_wrapped(
      "", fmt::format("{}: {}, {} of them blank; {}, {} different; {}, {} different",
                      excerpt(found.source, kDoctorWidth), data::counted(found.lines, "line"),
                      found.blank, filled, found.different, data::counted(characters, "character"),
                      found.alphabet.size()));
  if (found.parts) {
    fmt::print("split: train {}, val {}, test {}\n", found.parts->train, found.parts->val,
               found.parts->test);
  }
}

void print_lengths(const data::Diagnosis& found) {
  const std::vector<data::LengthRow> rows = data::length_rows(found, kHistogramRows);
  std::size_t most = 1;
  for (const data::LengthRow& row : rows) {
    most = std::max(most, row.lines);
  }
  fmt::print("\ncharacters of a {}:\n", found.format == data::Format::lines ? "word" : "line");
  for (const auto& [first, last, lines] : rows) {
    const std::string range =
        last <= first ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
    const std::size_t bar = lines == 0 ? 0 : 1 + lines * 49 / most;
    fmt::print("  {:>11}  {:<50}  {}\n", range, std::string(bar, '#'), lines);
  }
}

void print_alphabet(const data::Diagnosis& found) {
  constexpr std::size_t kColumns = 5;
  fmt::print("\ncharacters, the most frequent first:\n");
  const std::size_t shown = std::min(found.alphabet.size(), kCharacters);
  for (std::size_t i = 0; i < shown; ++i) {
    const data::CharacterCount& entry = found.alphabet[i];
    const std::string name = printable(entry.character);
    const std::size_t width = decode_utf8(name).size();  // 3, or 6 and more for U+200B
    const bool last = i % kColumns + 1 == kColumns || i + 1 == shown;
    fmt::print("{}{}{:{}}{:>8}{}", i % kColumns == 0 ? "  " : " ", name, "",
               6 - std::min<std::size_t>(width, 6), entry.count, last ? "\n" : "");
  }
  if (shown < found.alphabet.size()) {
    fmt::print("  and {} more\n", found.alphabet.size() - shown);
  }
}

void print_verdict(const data::Diagnosis& found) {
  print_counts(found.findings, "this file");
  const auto commands =
      std::count_if(found.findings.begin(), found.findings.end(),
                    [](const data::Finding& finding) { return !finding.command.empty(); });
  if (commands > 1) {
    fmt::print("One step at a time: look at {} with `wavenet doctor` before the next.\n",
               found.fixed);
  }
}

// Throws for a key that nothing reads; `data` is what the recipe reads where that is no list of words.
void require_read(const Config& recipe, const DoctorArguments& arguments, const char* data) {
  for (const std::string& assignment : arguments.set) {
    const std::string key = assignment.substr(0, assignment.find('='));
    if (!key.starts_with("train.") && !recipe.was_read(key)) {
      fail_usage("doctor: --set: no part of the program reads key '{}'", key);
    }
  }
  if (arguments.dedup && !recipe.was_read("data.dedup")) {
    fail_usage("--dedup: {} has no words to take as one", data);
  }
}

int doctor_of_text(const DoctorArguments& arguments, const Config& recipe,
                   const models::Model& model) {
  const data::Diagnosis found = examine(arguments.data, recipe, model, arguments.split_seed);
  require_read(recipe, arguments, "running text");
  if (arguments.json) {
    fmt::print("{}\n", data::json_of(found));
  } else {
    print_summary(found);
    if (!found.lengths.empty()) {
      print_lengths(found);
      print_alphabet(found);
    }
    for (const data::Finding& finding : found.findings) {
      print_finding(finding);
    }
    print_verdict(found);
  }
  return found.has(Severity::error) ? 1 : 0;
}

int doctor_of_sound(const DoctorArguments& arguments, const Config& recipe,
                    const models::Model& model) {
  const data::SoundDiagnosis found = examine_sound(arguments.data, recipe, model);
  require_read(recipe, arguments, "sound");
  if (arguments.json) {
    fmt::print("{}\n", data::json_of(found));
  } else {
    print_sound(found);
  }
  return found.has(Severity::error) ? 1 : 0;
}

int doctor_of_pair(const DoctorArguments& arguments, const Config& recipe) {
  const data::PairDiagnosis found = examine_pair(arguments.data, recipe);
  require_read(recipe, arguments, "a recording");
  if (arguments.json) {
    fmt::print("{}\n", data::json_of(found));
  } else {
    print_pair(found);
  }
  return found.has(Severity::error) ? 1 : 0;
}

// What is looked at as a recording though no recipe says so.
Config pair_recipe(const DoctorArguments& arguments) {
  Config recipe;
  recipe.set("data.format=pairs");
  recipe.set_each(arguments.set);
  return recipe;
}

}  // namespace

int doctor(const DoctorArguments& arguments) {
  if (arguments.recipe.empty() && is_pair(arguments.data)) {
    return doctor_of_pair(arguments, pair_recipe(arguments));
  }
  Config recipe =
      models::load_recipe(arguments.recipe.empty() ? models::kDefaultRecipe : arguments.recipe);
  recipe.set_each(arguments.set);
  if (arguments.dedup) {
    recipe.set("data.dedup=true");
  }
  constexpr std::int64_t kAnyVocabulary = 27;  // the receptive field does not depend on it
  Rng rng;
  const auto model = models::build(recipe, kAnyVocabulary, rng);
  if (data::reads_pairs(recipe)) {
    return doctor_of_pair(arguments, recipe);
  }
  return data::reads_sound(recipe) ? doctor_of_sound(arguments, recipe, *model)
                                   : doctor_of_text(arguments, recipe, *model);
}

}  // namespace cli
