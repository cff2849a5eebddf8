// wavenet doctor: what is wrong with data, and in which lines, before anything is trained on it.
// Exits 1 when training would refuse the data, else 0, whatever the warnings.
#include <algorithm>

#include "cli/arguments.h"
#include "cli/examine.h"
#include "manual/wrapped.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/summary.h"

namespace cli {
namespace {

using namespace wavenet;
using data::Severity;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kBars = 16;        // rows of the histogram
constexpr std::size_t kCharacters = 40;  // of the alphabet

// `text` after `head`; its further lines stand below it.
void print(const std::string& head, const std::string& text) {
  fmt::print("{}", manual::wrapped(head, text, head.size(), kWidth));
}

void print_summary(const data::Diagnosis& found) {
  const std::string filled = found.format == data::Format::lines
                                 ? data::counted(found.filled(), "word")
                                 : fmt::format("{} of text", found.filled());
  const auto characters = static_cast<std::size_t>(found.characters);
  print("", fmt::format("{}: {}, {} of them blank; {}, {} different; {}, {} different",
                        excerpt(found.source, kWidth), data::counted(found.lines, "line"),
                        found.blank, filled, found.different,
                        data::counted(characters, "character"), found.alphabet.size()));
  if (found.parts) {
    fmt::print("split: train {}, val {}, test {}\n", found.parts->train, found.parts->val,
               found.parts->test);
  }
}

void print_lengths(const data::Diagnosis& found) {
  const std::vector<data::LengthRow> rows = data::length_rows(found, kBars);
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

void print_finding(const data::Finding& finding) {
  fmt::print("\n");
  print(fmt::format("{}: ", data::name_of(finding.severity)), finding.what);
  if (!finding.where.empty()) {
    print("  where: ", finding.where.text());
  }
  for (const std::string& detail : finding.details) {
    print("    - ", detail);
  }
  print("  do:    ", finding.advice);
  if (!finding.command.empty()) {
    fmt::print("         {}\n", finding.command);  // in one piece, to be copied
  }
}

void print_verdict(const data::Diagnosis& found) {
  const auto count = [&](Severity severity) {
    return data::counted(data::findings_of(found, severity), data::name_of(severity));
  };
  fmt::print("\n{}, {}, {}: {}\n", count(Severity::error), count(Severity::warning),
             count(Severity::note),
             found.has(Severity::error)     ? "training would refuse this file"
             : found.has(Severity::warning) ? "training would take it, as it stands"
                                            : "fit for training");
  const auto commands =
      std::count_if(found.findings.begin(), found.findings.end(),
                    [](const data::Finding& finding) { return !finding.command.empty(); });
  if (commands > 1) {
    fmt::print("One step at a time: look at {} with `wavenet doctor` before the next.\n",
               found.fixed);
  }
}

data::Diagnosis diagnosis_of(const DoctorArguments& arguments) {
  Config recipe = models::load_recipe(arguments.recipe);
  recipe.set_each(arguments.set);
  if (arguments.dedup) {
    recipe.set("data.dedup=true");
  }
  constexpr std::int64_t kAnyVocabulary = 27;  // the receptive field does not depend on it
  Rng rng;
  const auto model = models::build(recipe, kAnyVocabulary, rng);
  data::Diagnosis found = examine(arguments.data, recipe, *model, arguments.split_seed);
  for (const std::string& assignment : arguments.set) {
    const std::string key = assignment.substr(0, assignment.find('='));
    if (!key.starts_with("train.") && !recipe.was_read(key)) {
      fail_usage("doctor: --set: no part of the program reads key '{}'", key);
    }
  }
  if (arguments.dedup && !recipe.was_read("data.dedup")) {
    fail_usage("--dedup: running text has no words to take as one");
  }
  return found;
}

}  // namespace

int doctor(const DoctorArguments& arguments) {
  const data::Diagnosis found = diagnosis_of(arguments);
  if (arguments.json) {
    fmt::print("{}\n", data::json_of(found));
  } else {
    print_summary(found);
    if (!found.lengths.empty()) {
      print_lengths(found);
      print_alphabet(found);
    }
    std::for_each(found.findings.begin(), found.findings.end(), print_finding);
    print_verdict(found);
  }
  return found.has(Severity::error) ? 1 : 0;
}

}  // namespace cli
