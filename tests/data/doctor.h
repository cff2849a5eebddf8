// Lists with one mistake, and what the doctor finds in them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "wavenet/data/text/doctor/diagnosis.h"

namespace wavenet::data {

using Ranges = std::vector<Places::Range>;

// `count` different words of letters, one a line.
inline std::string word_list(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t rest = i + 26; rest > 0; rest /= 26) {
      lines += static_cast<char>('a' + (rest * 7 + 3) % 26);
    }
    lines += "a\n";
  }
  return lines;
}

// The list with `text` as one more line at `line`, counted from 1.
inline std::string with_line(std::string list, std::size_t line, const std::string& text) {
  std::size_t at = 0;
  for (std::size_t i = 1; i < line; ++i) {
    at = list.find('\n', at) + 1;
  }
  return list.insert(at, text + "\n");
}

inline Diagnosis of(const std::string& bytes, DoctorOptions options = {}) {
  return diagnose(bytes, "words.txt", options);
}

inline const Finding& only(const Diagnosis& diagnosis, const std::string& rule) {
  static const Finding none{};
  const auto is_it = [&](const Finding& finding) { return finding.rule == rule; };
  EXPECT_EQ(std::count_if(diagnosis.findings.begin(), diagnosis.findings.end(), is_it), 1) << rule;
  const auto found = std::find_if(diagnosis.findings.begin(), diagnosis.findings.end(), is_it);
  return found == diagnosis.findings.end() ? none : *found;
}

inline void expect_found(const std::string& bytes, const std::string& rule, Severity severity,
                         const Ranges& lines) {
  const Diagnosis diagnosis = of(bytes);
  const Finding& finding = only(diagnosis, rule);
  EXPECT_EQ(finding.severity, severity) << rule;
  EXPECT_EQ(finding.where.ranges(), lines) << rule << ": " << finding.where.text();
  EXPECT_FALSE(finding.advice.empty());
}

inline bool grave(const Diagnosis& diagnosis) {
  return diagnosis.has(Severity::error) || diagnosis.has(Severity::warning);
}

// The words of word_list(60), with something around each.
inline std::string each_word(const std::string& before, const std::string& after) {
  std::istringstream stream(word_list(60));
  std::string text;
  for (std::string word; std::getline(stream, word);) {
    text += before + word + after + "\n";
  }
  return text;
}

}  // namespace wavenet::data
