#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <regex>

namespace cli {
namespace {

constexpr std::size_t kUsualColumns = 80;  // of a terminal that does not say

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

// The variables' order is POSIX's. Their words are taken: a machine may lack the locale's files and
// still show its characters.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const std::string_view value = variable(name); !value.empty()) {
      const std::regex utf8("[^.]*\\.utf-?8.*", std::regex::icase);
      return std::regex_match(value.begin(), value.end(), utf8);
    }
  }
  return false;
}

Terminal look() {
  const std::string_view kind = variable("TERM");
  const bool live = isatty(STDERR_FILENO) != 0 && !kind.empty() && kind != "dumb";
  return {live, live && variable("NO_COLOR").empty(), locale_is_utf8()};
}

}  // namespace

const Terminal& terminal() {
  static const Terminal seen = look();
  return seen;
}

std::size_t columns_of(int file) {
  if (isatty(file) == 0) {
    return 0;
  }
  winsize size{};
  return ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

std::string paint(Colour colour, std::string_view text) {
  return terminal().colour ? fmt::format("\033[{}m{}\033[0m", static_cast<int>(colour), text)
                           : std::string(text);
}

}  // namespace cli
