#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/say.h"
#include "cli/sparkline.h"
#include "cli/terminal.h"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kPlainPause = std::chrono::seconds(10);
constexpr std::int64_t kPlainLines = 20;
constexpr std::size_t kBars = 20;
constexpr std::size_t kNarrow = 32;  // columns; below them the steps are a share

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string clock_time(double seconds) {
  const std::int64_t whole = std::llround(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

// A line of parts that fits `columns`: parts are added while there is room for the whole of each.
class Parts {
 public:
  explicit Parts(std::size_t columns) : left_(columns) {}

  // `shown` is `text`, perhaps in colour.
  void add(const std::string& text, const std::string& shown) {
    const std::size_t gap = line_.empty() ? 0 : 2;
    const std::size_t wanted = characters_in(text) + gap;
    if (full_ || wanted > left_) {
      full_ = true;
      return;
    }
    left_ -= wanted;
    line_ += std::string(gap, ' ') + shown;
  }
  void add(const std::string& text) { add(text, text); }
  const std::string& line() const { return line_; }

 private:
  std::size_t left_;
  bool full_ = false;
  std::string line_;
};

}  // namespace

LiveLine::~LiveLine() {
  if (shown_) {
    say::clear_live();
  }
}

void LiveLine::show(const std::string& text) {
  if (terminal().live && Clock::now() - drawn_ >= kRedraw) {
    drawn_ = Clock::now();
    shown_ = true;
    // The last column stays free: a full line would move some cursors to the next.
    say::live(fitting(text, columns_of(STDERR_FILENO) - 1));
  }
}

void Phase::operator()(double done) {
  const std::string text = fmt::format("{}  {:.0f} %", name_, 100 * done);
  line_.show(text);
  if (!terminal().live && Clock::now() - said_ >= kPlainPause) {
    said_ = Clock::now();
    say::note(text);
  }
}

Progress::Progress(std::int64_t first, std::int64_t steps, bool quiet)
    : first_(first),
      steps_(steps),
      last_{first, 0, 0},
      quiet_(quiet),
      start_(Clock::now()),
      drawn_(start_),
      next_line_(first + std::max<std::int64_t>(1, (steps - first) / kPlainLines)) {}

Progress::~Progress() {
  if (terminal().live && last_.done > first_) {
    draw();  // with the last evaluation
  }
  say::end_live();
}

void Progress::validation(double loss) {
  best_before_ = std::fmin(best_before_, validation_);
  validation_ = loss;
}

void Progress::window(double loss) {
  if (windows_.size() == kBars) {
    windows_.erase(windows_.begin());
  }
  windows_.push_back(loss);
}

void Progress::show(std::int64_t done, double loss, double rate) {
  last_ = {done, loss, rate};
  if (quiet_) {
    return;
  }
  const bool live = terminal().live;
  const bool due = live ? Clock::now() - drawn_ >= kRedraw : done >= next_line_;
  if (!due && done != steps_) {
    return;
  }
  drawn_ = Clock::now();
  next_line_ = done + std::max<std::int64_t>(1, (steps_ - first_) / kPlainLines);
  if (live) {
    draw();
  } else {
    say::note(plain_line());
  }
}

void Progress::draw() const {
  if (!quiet_) {
    // The last column stays free: a full line would move some cursors to the next.
    say::live(live_line(columns_of(STDERR_FILENO) - 1));
  }
}

Progress::Pace Progress::pace() const {
  const std::int64_t done = last_.done;
  const double speed = static_cast<double>(done - first_) / std::max(1e-9, seconds_since(start_));
  return {fmt::format("{:.0f} steps/s", speed),
          clock_time(static_cast<double>(steps_ - done) / speed) + " left"};
}

std::string Progress::plain_line() const {
  const Pace now = pace();
  const std::string val = std::isnan(validation_) ? "" : fmt::format("  val {:.4f}", validation_);
  return fmt::format("step {}/{}  loss {:.4f}{}  lr {:g}  {}  {}", last_.done, steps_, last_.loss,
                     val, last_.rate, now.speed, now.left);
}

std::string Progress::live_line(std::size_t columns) const {
  const Pace now = pace();
  Parts parts(columns);
  parts.add(columns < kNarrow ? fmt::format("{} %", 100 * last_.done / steps_)
                              : fmt::format("step {}/{}", last_.done, steps_));
  parts.add(fmt::format("loss {:.4f}", last_.loss));
  if (!std::isnan(validation_)) {
    const std::string text = fmt::format("val {:.4f}", validation_);
    const Colour colour = validation_ < best_before_ ? Colour::green : Colour::red;
    parts.add(text, std::isnan(best_before_) ? text : paint(colour, text));
  }
  parts.add(now.left);
  if (windows_.size() > 1) {
    parts.add(sparkline(windows_, terminal().utf8));
  }
  parts.add(now.speed);
  parts.add(fmt::format("lr {:g}", last_.rate));
  return parts.line();
}

}  // namespace cli
