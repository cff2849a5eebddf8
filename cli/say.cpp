#include "cli/say.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal.h"

namespace cli::say {
namespace {

constexpr const char* kClear = "\r\033[K";

bool quiet = false;
bool drawn = false;  // a live line stands where the next text would go

// Where standard error is closed or full nothing is shown, and the work goes on.
void show(const std::string& text) { std::fputs(text.c_str(), stderr); }

void whole_line(std::string_view prefix, std::string_view text) {
  show(fmt::format("{}{}{}\n", drawn ? kClear : "", prefix, text));
  drawn = false;
}

void leave_live(const char* text) {
  if (drawn) {
    show(text);
    drawn = false;
  }
}

}  // namespace

void be_quiet() { quiet = true; }

void note(std::string_view text) {
  if (!quiet) {
    whole_line("", text);
  }
}

void warning(std::string_view text) {
  if (!quiet) {
    whole_line(paint(Colour::yellow, "warning:") + " ", text);
  }
}

void error(std::string_view text) { whole_line(paint(Colour::red, "wavenet:") + " ", text); }

void live(std::string_view line) {
  if (!quiet) {
    show(fmt::format("\r{}\033[K", line));
    drawn = true;
  }
}

void clear_live() { leave_live(kClear); }
void end_live() { leave_live("\n"); }

}  // namespace cli::say
