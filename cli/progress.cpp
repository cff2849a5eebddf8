#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <optional>
#include <span>

#include "cli/say.h"
#include "cli/terminal.h"
#include "wavenet/base/finite_range.h"
#include "wavenet/base/utf8.h"
#include "wavenet/log/loss_text.h"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kPlainPause = std::chrono::seconds(10);
constexpr std::int64_t kPlainLines = 20;
constexpr std::size_t kBars = 20;
constexpr std::size_t kNarrow = 32;  // columns; below them the steps are a share
constexpr std::array kBlocks{"\u2581", "\u2582", "\u2583", "\u2584",
                             "\u2585", "\u2586", "\u2587", "\u2588"};
constexpr std::array kInk{"_", ".", "-", "=", "+", "*", "%", "#"};

// The last column stays free: a full line would move some cursors to the next.
std::size_t columns_of_line() { return columns_of(STDERR_FILENO) - 1; }

// The first `columns` characters of text, which may be no UTF-8; none is cut in two.
std::string_view fitting(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80;
    if (begins_character && seen++ == columns) {
      return text.substr(0, i);
    }
  }
  return text;
}

struct Part {
  std::string text;
  std::optional<Colour> colour{};
};

// The first of `parts` that fit `columns`, each as a whole.
std::string fitting(const std::vector<Part>& parts, std::size_t columns) {
  std::string line;
  std::size_t used = 0;
  for (const auto& [text, colour] : parts) {
    const std::string gap = line.empty() ? "" : "  ";
    used += gap.size() + wavenet::decode_utf8(text).size();
    if (used > columns) {
      break;
    }
    line += gap + (colour ? paint(*colour, text) : text);
  }
  return line;
}

// A bar a value, the lowest as the lowest bar; '?' for what is not finite.
std::string bars(std::span<const double> values) {
  const auto [low, high] = wavenet::finite_range(values);
  const auto& levels = terminal().utf8 ? kBlocks : kInk;
  std::string row;
  for (const double value : values) {
    const double share = high > low ? (value - low) / (high - low) : 0;
    const double level = share * static_cast<double>(levels.size() - 1);
    row += std::isfinite(value) ? levels[static_cast<std::size_t>(std::lround(level))] : "?";
  }
  return row;
}

double per_second(std::int64_t done, Clock::time_point start) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return static_cast<double>(done) / std::max(1e-9, seconds);
}

// "0:58 left"
std::string time_left(std::int64_t rest, double speed) {
  const std::int64_t seconds = std::llround(static_cast<double>(rest) / speed);
  return fmt::format("{}:{:02} left", seconds / 60, seconds % 60);
}

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
    say::live(fitting(text, columns_of_line()));
  }
}

void NowAndThen::show(const std::string& text) {
  line_.show(text);
  if (!terminal().live && Clock::now() - said_ >= kPlainPause) {
    said_ = Clock::now();
    say::note(text);
  }
}

void Phase::operator()(double done) { line_.show(fmt::format("{}  {:.0f} %", name_, 100 * done)); }

// Not every one: asking for the time costs as much as a short word.
void CountProgress::show(std::int64_t made) {
  constexpr std::int64_t kPause = 64;
  if (made >= shown_ + kPause) {
    shown_ = made;
    line_.show(fmt::format("{}/{} {}  {}", made, things_, name_,
                           time_left(things_ - made, per_second(made, start_))));
  }
}

void SoundProgress::show(std::int64_t made) {
  made_ = made;
  const auto seconds = [this](std::int64_t samples) {
    return static_cast<double>(samples) / static_cast<double>(rate_);
  };
  line_.show(fmt::format("{:.2f}/{:.2f} s  {}  {}", seconds(made), seconds(samples_),
                         time_left(samples_ - made_, per_second(made_, start_)), speed()));
}

std::string SoundProgress::speed() const {
  const double speed = per_second(made_, start_);
  return fmt::format("{:.0f} samples/s, {:.2f} times real time", speed,
                     speed / static_cast<double>(rate_));
}

Progress::Progress(std::int64_t first, std::int64_t steps, bool quiet)
    : first_(first), steps_(steps), quiet_(quiet), done_(first), said_(first) {}

Progress::~Progress() {
  try {
    if (terminal().live && done_ > first_ && !quiet_) {
      say::live(live_line());  // with the last evaluation
    }
    say::end_live();
  } catch (const std::exception&) {  // no memory for a line is no reason to lose a run
  }
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
  done_ = done;
  loss_ = loss;
  rate_ = rate;
  const bool live = terminal().live;
  const std::int64_t pause = std::max<std::int64_t>(1, (steps_ - first_) / kPlainLines);
  const bool due = live ? Clock::now() - drawn_ >= kRedraw : done >= said_ + pause;
  if (quiet_ || (!due && done != steps_)) {
    return;
  }
  drawn_ = Clock::now();
  said_ = done;
  live ? say::live(live_line()) : say::note(plain_line());
}

double Progress::speed() const { return per_second(done_ - first_, start_); }

std::string Progress::left() const { return time_left(steps_ - done_, speed()); }

std::string Progress::plain_line() const {
  const std::string val = std::isnan(validation_) ? "" : "  val " + wavenet::loss_text(validation_);
  return fmt::format("step {}/{}  loss {}{}  lr {:g}  {:.0f} steps/s  {}", done_, steps_,
                     wavenet::loss_text(loss_), val, rate_, speed(), left());
}

std::string Progress::live_line() const {
  const std::size_t columns = columns_of_line();
  std::vector<Part> parts{{columns < kNarrow ? fmt::format("{} %", 100 * done_ / steps_)
                                             : fmt::format("step {}/{}", done_, steps_)},
                          {"loss " + wavenet::loss_text(loss_)}};
  if (!std::isnan(validation_)) {
    parts.push_back({"val " + wavenet::loss_text(validation_)});
    if (!std::isnan(best_before_)) {
      parts.back().colour = validation_ < best_before_ ? Colour::green : Colour::red;
    }
  }
  parts.push_back({left()});
  if (windows_.size() > 1) {
    parts.push_back({bars(windows_)});
  }
  parts.push_back({fmt::format("{:.0f} steps/s", speed())});
  parts.push_back({fmt::format("lr {:g}", rate_)});
  return fitting(parts, columns);
}

}  // namespace cli
