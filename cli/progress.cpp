#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr std::int64_t kPlainLines = 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string time_left(double seconds) {
  const std::int64_t whole = std::llround(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

// What fits the terminal's width: a line that wraps cannot be drawn over.
std::string fitting(std::string line) {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
      line.size() >= size.ws_col) {
    line.resize(size.ws_col - 1U);
  }
  return line;
}

}  // namespace

Progress::Progress(std::int64_t first, std::int64_t steps, bool quiet)
    : first_(first),
      steps_(steps),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      drawn_(start_),
      next_line_(first + std::max<std::int64_t>(1, (steps - first) / kPlainLines)) {}

Progress::~Progress() {
  if (!quiet_ && terminal_) {
    fmt::print(stderr, "\n");
  }
}

void Progress::show(std::int64_t done, double loss, double rate) {
  if (quiet_) {
    return;
  }
  const bool last = done == steps_;
  const bool due = terminal_ ? Clock::now() - drawn_ >= kRedraw : done >= next_line_;
  if (!due && !last) {
    return;
  }
  drawn_ = Clock::now();
  next_line_ = done + std::max<std::int64_t>(1, (steps_ - first_) / kPlainLines);
  const double speed = static_cast<double>(done - first_) / std::max(1e-9, seconds_since(start_));
  const std::string val = std::isnan(validation_) ? "" : fmt::format("  val {:.4f}", validation_);
  const std::string line =
      fmt::format("step {}/{}  loss {:.4f}{}  lr {:g}  {:.0f} steps/s  {} left", done, steps_, loss,
                  val, rate, speed, time_left(static_cast<double>(steps_ - done) / speed));
  if (terminal_) {
    fmt::print(stderr, "\r{}\033[K", fitting(line));
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  std::fflush(stderr);
}

}  // namespace cli
