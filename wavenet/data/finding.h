// Finding: one thing that a doctor has to say about data: how grave it is, what it is, where, and one
// thing to do. What a place is differs: lines of a text, times in files of sound.
//
//   std::vector<data::FindingAt<data::Places>> findings;
//   findings.push_back({data::Severity::warning, "capitals", "a line holds capitals", {}, "look at it"});
//   data::findings_of(findings, data::Severity::warning) == 1;
//   data::counted(7, "line") == "7 lines"
//
// A place says whether it is empty() and what its text() is. Left out: wording for a terminal, which the
// program adds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::data {

// error: training refuses the data. warning: it trains, probably on something else than meant.
// note: good to know.
enum class Severity : std::uint8_t { error, warning, note };

const char* name_of(Severity severity);  // "error"

template <class Where>
struct FindingAt {
  Severity severity;
  std::string rule;  // a fixed name for scripts: "mixed line endings"
  std::string what;
  Where where;
  std::string advice;
  std::string command{};               // that follows it, where one does
  std::vector<std::string> details{};  // such as one line a character
};

template <class Where>
std::size_t findings_of(const std::vector<FindingAt<Where>>& findings, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const FindingAt<Where>& finding) { return finding.severity == severity; }));
}

// The gravest first, else in their order.
template <class Where>
void sort_by_severity(std::vector<FindingAt<Where>>& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return a.severity < b.severity; });
}

// "1 line", "7 lines".
std::string counted(std::size_t count, std::string_view what);

}  // namespace wavenet::data
