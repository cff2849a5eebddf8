#include "wavenet/data/text/doctor/finding.h"

#include <fmt/format.h>

namespace wavenet::data {

void Places::add(std::size_t line) {
  if (lines_ > 0 && line == last_) {
    return;
  }
  const bool stored = ranges_.empty() || last_ == ranges_.back().second;
  if (stored && !ranges_.empty() && line == last_ + 1) {
    ranges_.back().second = line;
  } else if (ranges_.size() < kRanges) {
    ranges_.emplace_back(line, line);
  }
  last_ = line;
  ++lines_;
}

void Places::add_range(std::size_t first, std::size_t last) {
  for (std::size_t line = first; line <= last; ++line) {
    add(line);
  }
}

std::string Places::text() const {
  if (lines_ == 0) {
    return "";
  }
  std::string text = lines_ == 1 ? "line " : "lines ";
  std::size_t shown = 0;
  for (const auto& [first, last] : ranges_) {
    text += shown == 0 ? "" : ", ";
    text += first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
    shown += last - first + 1;
  }
  return shown == lines_ ? text : text + fmt::format(" and {} more", lines_ - shown);
}

}  // namespace wavenet::data
