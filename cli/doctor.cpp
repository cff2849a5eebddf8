// wavenet doctor: what is wrong with data, and in which lines, before anything is trained on it.
// Exits 1 when training would refuse the data, else 0, whatever the warnings.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/arguments.h"
#include "cli/examine.h"
#include "cli/json_line.h"
#include "wavenet/base/utf8.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kBars = 16;        // rows of the histogram
constexpr std::size_t kCharacters = 40;  // of the alphabet

const char* name_of(data::Severity severity) {
  switch (severity) {
    case data::Severity::error:
      return "error";
    case data::Severity::warning:
      return "warning";
    case data::Severity::note:
      break;
  }
  return "note";
}

// `text` after `head`, in lines of at most kWidth characters where blanks allow it; those after the
// first stand below the text.
std::string wrapped(const std::string& head, const std::string& text) {
  const std::size_t indent = head.size();
  std::string lines = head;
  std::size_t column = indent;
  std::string problem;  // a source's name may be no UTF-8
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t length = decode_utf8_parts(word, problem).size();
    if (column > indent && column + 1 + length > kWidth) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += length;
  }
  return lines;
}

void print_summary(const data::Diagnosis& found) {
  const bool list = found.format == data::Format::lines;
  fmt::print("{}\n",
             wrapped("", fmt::format(
                             "{}: {}, {} of them blank; {}, {} different; {}, {} different",
                             excerpt(found.source, kWidth), data::counted(found.lines, "line"),
                             found.blank,
                             list ? data::counted(found.filled(), "word")
                                  : fmt::format("{} of text", found.filled()),
                             found.different,
                             data::counted(static_cast<std::size_t>(found.characters), "character"),
                             found.alphabet.size())));
  if (found.parts) {
    fmt::print("split: train {}, val {}, test {}\n", found.parts->train, found.parts->val,
               found.parts->test);
  }
}

// Lengths in rows of equal width; the last takes the few that are longer than nearly all.
void print_lengths(const data::Diagnosis& found) {
  std::vector<std::pair<std::size_t, std::size_t>> rows;  // the longest of a row, its lines
  std::size_t usual = 0;                                  // nearly all are no longer
  std::size_t below = 0;
  for (const auto& [length, lines] : found.lengths) {
    below += lines;
    usual = length;
    if (1000 * below >= 995 * found.filled()) {
      break;
    }
  }
  const std::size_t step = (usual + kBars - 1) / kBars;
  for (const auto& [length, lines] : found.lengths) {
    const std::size_t row = std::min((length - 1) / step, (usual - 1) / step + 1);
    rows.resize(std::max(rows.size(), row + 1));
    rows[row] = {length, rows[row].second + lines};
  }
  std::size_t most = 1;
  for (const auto& row : rows) {
    most = std::max(most, row.second);
  }
  fmt::print("\ncharacters of a {}:\n", found.format == data::Format::lines ? "word" : "line");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t first = i * step + 1;
    const std::size_t last = first <= usual ? first + step - 1 : rows[i].first;
    const std::string range =
        last <= first ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
    const std::size_t bar = rows[i].second == 0 ? 0 : 1 + rows[i].second * 49 / most;
    fmt::print("  {:>11}  {:<50}  {}\n", range, std::string(bar, '#'), rows[i].second);
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
    const std::string blanks(width < 6 ? 6 - width : 0, ' ');
    const bool last = i % kColumns + 1 == kColumns || i + 1 == shown;
    fmt::print("{}{}{}{:>8}{}", i % kColumns == 0 ? "  " : " ", name, blanks, entry.count,
               last ? "\n" : "");
  }
  if (shown < found.alphabet.size()) {
    fmt::print("  and {} more\n", found.alphabet.size() - shown);
  }
}

void print_finding(const data::Finding& finding) {
  fmt::print("\n{}\n", wrapped(fmt::format("{}: ", name_of(finding.severity)), finding.what));
  if (!finding.where.empty()) {
    fmt::print("{}\n", wrapped("  where: ", finding.where.text()));
  }
  for (const std::string& detail : finding.details) {
    fmt::print("{}\n", wrapped("    - ", detail));
  }
  fmt::print("{}\n", wrapped("  do:    ", finding.advice));
  if (!finding.command.empty()) {
    fmt::print("         {}\n", finding.command);  // in one piece, to be copied
  }
}

void print_verdict(const data::Diagnosis& found) {
  const auto count = [&](data::Severity severity) {
    const auto findings =
        std::count_if(found.findings.begin(), found.findings.end(),
                      [&](const data::Finding& finding) { return finding.severity == severity; });
    return data::counted(static_cast<std::size_t>(findings), name_of(severity));
  };
  fmt::print("\n{}, {}, {}: {}\n", count(data::Severity::error), count(data::Severity::warning),
             count(data::Severity::note),
             found.has(data::Severity::error)     ? "training would refuse this file"
             : found.has(data::Severity::warning) ? "training would take it, as it stands"
                                                  : "fit for training");
  const auto commands =
      std::count_if(found.findings.begin(), found.findings.end(),
                    [](const data::Finding& finding) { return !finding.command.empty(); });
  if (commands > 1) {
    fmt::print("One step at a time: look at {} with `wavenet doctor` before the next.\n",
               data::fixed_name());
  }
}

Json json_of(const data::Diagnosis& found) {
  Json record{{"source", found.source},
              {"format", found.format == data::Format::lines ? "lines" : "text"},
              {"lines", found.lines},
              {"blank", found.blank},
              {"different", found.different},
              {"characters", found.characters}};
  record["lengths"] = Json::array();
  for (const auto& [length, lines] : found.lengths) {
    record["lengths"].push_back({length, lines});
  }
  record["alphabet"] = Json::array();
  for (const data::CharacterCount& entry : found.alphabet) {
    record["alphabet"].push_back(
        {{"character", encode_utf8(entry.character)},
         {"code", fmt::format("U+{:04X}", static_cast<std::uint32_t>(entry.character))},
         {"count", entry.count}});
  }
  if (found.parts) {
    record["split"] = {{"train", found.parts->train},
                       {"val", found.parts->val},
                       {"test", found.parts->test},
                       {"val_seen", found.parts->val_seen},
                       {"test_seen", found.parts->test_seen}};
  }
  record["findings"] = Json::array();
  for (const data::Finding& finding : found.findings) {
    record["findings"].push_back({{"severity", name_of(finding.severity)},
                                  {"rule", finding.rule},
                                  {"what", finding.what},
                                  {"lines", finding.where.ranges()},
                                  {"line_count", finding.where.lines()},
                                  {"details", finding.details},
                                  {"do", finding.advice},
                                  {"command", finding.command}});
  }
  return record;
}

}  // namespace

int doctor(const DoctorArguments& arguments) {
  Config recipe = models::load_recipe(arguments.recipe);
  recipe.set_each(arguments.set);
  if (arguments.dedup) {
    recipe.set("data.dedup=true");
  }
  constexpr std::int64_t kAnyVocabulary = 27;  // the receptive field does not depend on it
  Rng rng;
  const auto model = models::build(recipe, kAnyVocabulary, rng);
  const data::Diagnosis found = examine(arguments.data, recipe, *model, arguments.split_seed);
  for (const std::string& assignment : arguments.set) {
    const std::string key = assignment.substr(0, assignment.find('='));
    if (!key.starts_with("train.") && !recipe.was_read(key)) {
      fail_usage("doctor: --set: no part of the program reads key '{}'", key);
    }
  }
  if (arguments.dedup && !recipe.was_read("data.dedup")) {
    fail_usage("--dedup: running text has no words to take as one");
  }
  if (arguments.json) {
    fmt::print("{}", json_line(json_of(found)));
  } else {
    print_summary(found);
    if (!found.lengths.empty()) {
      print_lengths(found);
      print_alphabet(found);
    }
    std::for_each(found.findings.begin(), found.findings.end(), print_finding);
    print_verdict(found);
  }
  return found.has(data::Severity::error) ? 1 : 0;
}

}  // namespace cli
