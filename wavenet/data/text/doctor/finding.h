// Finding: what the doctor says about a file of text, in which lines (data/finding.h).
//
//   Places where;
//   where.add(7); where.add(8); where.add(20);
//   where.text() == "lines 7-8, 20"
//
// Left out: what a place is called in other data.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "wavenet/data/finding.h"

namespace wavenet::data {

// Line numbers from 1, added in order: the first ranges, and how many lines there are in all.
class Places {
 public:
  static constexpr std::size_t kRanges = 6;
  using Range = std::pair<std::size_t, std::size_t>;  // first and last line

  // The line added last may come again; it counts once.
  void add(std::size_t line);
  void add_range(std::size_t first, std::size_t last);
  std::size_t lines() const { return lines_; }
  bool empty() const { return lines_ == 0; }
  const std::vector<Range>& ranges() const { return ranges_; }
  // "line 7", "lines 7-8, 20 and 31 more"; empty for no line.
  std::string text() const;

 private:
  std::vector<Range> ranges_;  // the first kRanges
  std::size_t lines_ = 0;
  std::size_t last_ = 0;
};

// Its command makes the file Diagnosis::fixed.
using Finding = FindingAt<Places>;

}  // namespace wavenet::data
