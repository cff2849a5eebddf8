// Finding: one thing that the doctor has to say about a file: how grave it is, what it is, in which
// lines, and one thing to do.
//
//   Places where;
//   where.add(7); where.add(8); where.add(20);
//   where.text() == "lines 7-8, 20"
//
// Left out: wording for a terminal, which the program adds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wavenet::data {

// error: training refuses the file. warning: it trains, probably on something else than meant.
// note: good to know.
enum class Severity : std::uint8_t { error, warning, note };

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

struct Finding {
  Severity severity;
  std::string rule;  // a fixed name for scripts: "mixed line endings"
  std::string what;
  Places where;
  std::string advice;
  std::string command{};  // that follows it, where one does; makes the file Diagnosis::fixed
  std::vector<std::string> details{};  // such as one line a character
};

// "1 line", "7 lines".
std::string counted(std::size_t count, std::string_view what);

}  // namespace wavenet::data
