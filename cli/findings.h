// Findings on a terminal: the same for any data, but for what a place is.
//
//   print_finding(finding);
//   print_counts(found.findings);   // "1 error, 0 warnings, 2 notes: training would refuse this file"
//
// Left out: what stands above them, which differs.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "manual/wrapped.h"
#include "wavenet/data/finding.h"

namespace cli {

inline constexpr std::size_t kDoctorWidth = 80;

// `text` after `head`; its further lines stand below it.
inline void print_wrapped(const std::string& head, const std::string& text) {
  fmt::print("{}", manual::wrapped(head, text, head.size(), kDoctorWidth));
}

template <class Where>
void print_finding(const wavenet::data::FindingAt<Where>& finding) {
  fmt::print("\n");
  print_wrapped(fmt::format("{}: ", wavenet::data::name_of(finding.severity)), finding.what);
  if (!finding.where.empty()) {
    print_wrapped("  where: ", finding.where.text());
  }
  for (const std::string& detail : finding.details) {
    print_wrapped("    - ", detail);
  }
  print_wrapped("  do:    ", finding.advice);
  if (!finding.command.empty()) {
    fmt::print("         {}\n", finding.command);  // in one piece, to be copied
  }
}

// `data` is what training would refuse: "this file".
template <class Where>
void print_counts(const std::vector<wavenet::data::FindingAt<Where>>& findings,
                  const std::string& data) {
  using wavenet::data::Severity;
  const auto number = [&](Severity severity) {
    return wavenet::data::findings_of(findings, severity);
  };
  const auto count = [&](Severity severity) {
    return wavenet::data::counted(number(severity), wavenet::data::name_of(severity));
  };
  fmt::print("\n{}, {}, {}: {}\n", count(Severity::error), count(Severity::warning),
             count(Severity::note),
             number(Severity::error) > 0     ? "training would refuse " + data
             : number(Severity::warning) > 0 ? "training would take it, as it stands"
                                             : "fit for training");
}

}  // namespace cli
