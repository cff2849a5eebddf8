#include "wavenet/base/json_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "wavenet/base/utf8.h"

namespace wavenet {
namespace {

void drop_through(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  text.remove_prefix(at == text.npos ? 0 : at + mark.size());
}

}  // namespace

std::string one_line_problem(std::string_view message) {
  constexpr std::size_t kLongest = 160;
  // "[json.exception.parse_error.101] parse error at line 1, column 2: <the problem>"
  if (message.starts_with("[json.exception.")) {
    drop_through(message, "] ");
  }
  if (message.starts_with("parse error at ")) {
    drop_through(message, ": ");
  }
  // The quoted text can hold anything, so what follows it ("; expected ...") is dropped as well.
  return excerpt(message.substr(0, message.find("; last read: ")), kLongest);
}

std::string position_in(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}", line, before.size() - start + 1);
}

}  // namespace wavenet
