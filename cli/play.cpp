// wavenet play: a sound through an amplifier's model, from file to file or from pipe to pipe.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/arguments.h"
#include "cli/interrupt.h"
#include "cli/json_line.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/wav_file.h"
#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/nam/read.h"
#include "wavenet/play/player.h"
#include "wavenet/play/speed.h"
#include "wavenet/sound/level.h"
#include "wavenet/sound/read.h"
#include "wavenet/sound/write.h"

namespace cli {
namespace {

using namespace wavenet;

constexpr std::string_view kStandardInput = "standard input";

// What has come out so far.
class Level {
 public:
  void add(std::span<const float> samples) {
    for (const float x : samples) {
      squares_ += static_cast<double>(x) * static_cast<double>(x);
      over_ += std::abs(x) > 1 ? 1 : 0;
    }
    peak_ = std::max(peak_, sound::largest(samples));
    samples_ += std::ssize(samples);
  }
  std::int64_t samples() const { return samples_; }
  std::int64_t over() const { return over_; }
  // In dB below full scale; of silence minus infinity.
  double peak() const { return 20 * std::log10(static_cast<double>(peak_)); }
  double rms() const { return 10 * std::log10(squares_ / static_cast<double>(samples_)); }

 private:
  double squares_ = 0;
  float peak_ = 0;
  std::int64_t samples_ = 0;
  std::int64_t over_ = 0;
};

std::unique_ptr<play::Player> open(const PlayArguments& arguments) {
  std::vector<std::string> notes;
  const nam::Model model = nam::read(arguments.model, &notes);
  for (const std::string& note : notes) {
    say::note(note);
  }
  if (!model.sample_rate) {
    say::note(fmt::format("{}: does not say its rate; {} samples a second are taken for it",
                          arguments.model, play::kUsualRate));
  }
  return play::Player::of(model, {.size = arguments.size});
}

std::int64_t rate_of(const PlayArguments& arguments, const play::Player& player) {
  const double rate = player.sample_rate().value_or(play::kUsualRate);
  check(rate >= 1 && rate <= static_cast<double>(kMaxSampleRate),
        "{}: sample_rate is {:g}; sound is read and written at 1 to {} samples a second",
        arguments.model, rate, kMaxSampleRate);
  return std::llround(rate);
}

sound::Sample sample_of(std::int64_t bits) {
  return bits == 16   ? sound::Sample::int16
         : bits == 24 ? sound::Sample::int24
                      : sound::Sample::float32;
}

void say_what_reading_changed(const std::string& file, const sound::Report& report,
                              std::int64_t rate) {
  if (report.facts.channels > 1) {
    say::note(fmt::format("{}: its {} channels are mixed to one", file, report.facts.channels));
  }
  if (report.resampled) {
    say::note(fmt::format("{}: resampled from {} to the model's {} samples a second", file,
                          report.facts.rate, rate));
  }
  for (const std::string& warning : report.warnings) {
    say::warning(warning);
  }
  if (report.clamped > 0) {
    say::warning(fmt::format("{}: {} samples lie beyond full scale, up to {:.3g}, and were clipped",
                             file, report.clamped, report.peak));
  }
}

void tell_level(const PlayArguments& arguments, const Level& level, std::int64_t rate) {
  const double seconds = static_cast<double>(level.samples()) / static_cast<double>(rate);
  if (level.over() > 0) {
    say::warning(fmt::format(
        "{}: {} samples lie beyond full scale{}", arguments.out, level.over(),
        arguments.bits == 32 ? "; floats keep them, a sound card will clip" : " and were clipped"));
  }
  if (arguments.json) {
    const auto finite = [](double decibels) {
      return std::isfinite(decibels) ? nlohmann::ordered_json(decibels) : nlohmann::ordered_json();
    };
    fmt::print("{}", json_line({{"file", arguments.out},
                                {"samples", level.samples()},
                                {"rate", rate},
                                {"peak_dbfs", finite(level.peak())},
                                {"rms_dbfs", finite(level.rms())},
                                {"beyond_full_scale", level.over()}}));
    return;
  }
  fmt::print("{}: {:.3f} s at {} samples a second, peak {:.1f} dBFS, RMS {:.1f} dBFS\n",
             arguments.out, seconds, rate, level.peak(), level.rms());
}

// Where what was played goes.
class Output {
 public:
  Output(const PlayArguments& arguments, std::int64_t rate) {
    if (arguments.out.empty()) {
      raw_.emplace(STDOUT_FILENO, "standard output",
                   arguments.raw == "s16" ? sound::Sample::int16 : sound::Sample::float32);
    } else {
      file_.emplace(arguments.out, rate, sample_of(arguments.bits));
    }
  }
  // False where nobody reads any more.
  bool add(std::span<const float> samples) {
    level_.add(samples);
    if (raw_) {
      return raw_->add(samples);
    }
    file_->add(samples);
    return true;
  }
  void finish() {
    if (file_) {
      file_->finish();
    }
  }
  const Level& level() const { return level_; }

 private:
  std::optional<sound::WavWriter> file_;
  std::optional<sound::RawWriter> raw_;
  Level level_;
};

// Raw samples of standard input, whole ones, as many as have come.
class RawInput {
 public:
  explicit RawInput(bool floats) : floats_(floats) {}

  // None at the end, or where a signal asks.
  std::span<const float> next(const Stop& stop) {
    samples_.clear();
    while (samples_.empty() && fill(stop)) {
      take_samples();
    }
    const std::size_t bad = sound::first_not_finite(samples_);
    check(bad == samples_.size(), "{}: sample {} is no finite number", kStandardInput,
          taken_ + static_cast<std::int64_t>(bad));
    taken_ += std::ssize(samples_);
    return samples_;
  }
  // How many bytes of a sample are left at the end.
  std::size_t rest() const { return held_; }

 private:
  bool fill(const Stop& stop) {
    while (!stop.asked()) {
      const ssize_t count = ::read(STDIN_FILENO, bytes_.data() + held_, bytes_.size() - held_);
      if (count > 0) {
        held_ += static_cast<std::size_t>(count);
        return true;
      }
      if (count == 0) {
        return false;
      }
      check_as(ErrorKind::io, errno == EINTR, "{}: cannot be read: {}", kStandardInput,
               std::strerror(errno));
    }
    return false;
  }

  void take_samples() {
    const std::size_t size = floats_ ? sizeof(float) : sizeof(std::int16_t);
    const std::size_t count = held_ / size;
    for (std::size_t i = 0; i < count; ++i) {
      samples_.push_back(floats_ ? number<float>(i)
                                 : static_cast<float>(number<std::int16_t>(i)) / 32768);
    }
    held_ -= count * size;
    std::memmove(bytes_.data(), bytes_.data() + count * size, held_);
  }

  template <class T>
  T number(std::size_t i) const {
    T value;
    std::memcpy(&value, bytes_.data() + i * sizeof(T), sizeof(T));
    return value;
  }

  bool floats_;
  std::array<char, 4096> bytes_{};
  std::size_t held_ = 0;
  std::int64_t taken_ = 0;
  std::vector<float> samples_;
};

int play_raw(const PlayArguments& arguments, play::Player& player, std::int64_t rate) {
  check_usage(!arguments.out.empty() || isatty(STDOUT_FILENO) == 0,
              "--stdin: raw samples are nothing for a terminal; send them on, as by `| aplay`, or "
              "name a file by --out");
  check_usage(!arguments.out.empty() || !arguments.json,
              "--stdin: the samples take standard output, so --json does not fit");
  const Interrupt interrupt;
  RawInput input(arguments.raw == "f32");
  Output output(arguments, rate);
  std::vector<float> played;
  bool wanted = true;
  for (auto in = input.next(interrupt.stop()); wanted && !in.empty();
       in = input.next(interrupt.stop())) {
    played.resize(in.size());
    player.process(in, played);
    wanted = output.add(played);
  }
  if (input.rest() > 0) {
    say::warning(fmt::format("{}: ends in the middle of a sample; its {} bytes are left out",
                             kStandardInput, input.rest()));
  }
  output.finish();
  if (!arguments.out.empty() && output.level().samples() > 0) {
    tell_level(arguments, output.level(), rate);
  }
  return interrupt.stop().asked() ? kInterrupted : 0;
}

int play_file(const PlayArguments& arguments, play::Player& player, std::int64_t rate) {
  const Interrupt interrupt;
  const sound::Facts facts = sound::look(arguments.in);
  SoundProgress progress(facts.claimed.value_or(0) * rate / facts.rate, rate);
  Output output(arguments, rate);
  std::vector<float> played;
  const auto sink = [&](std::span<const float> in) {
    interrupt.stop().check();
    played.resize(in.size());
    player.process(in, played);
    output.add(played);
    progress.show(output.level().samples());
  };
  sound::Report report;
  try {
    report = sound::read(arguments.in, {.rate = rate}, sink);
  } catch (const Stopped&) {
    return kInterrupted;  // and no file
  }
  output.finish();
  say::clear_live();
  say_what_reading_changed(arguments.in, report, rate);
  say::note(progress.speed());
  tell_level(arguments, output.level(), rate);
  return 0;
}

}  // namespace

int play(const PlayArguments& arguments) {
  check_usage(arguments.in.empty() != arguments.raw.empty(),
              "play: needs a FILE of sound, or --stdin f32 or s16");
  check_usage(!arguments.raw.empty() || !arguments.out.empty(), "play: needs --out FILE");
  if (!arguments.out.empty()) {
    require_wav_name(arguments.out);
    require_replaceable(arguments.out, arguments.overwrite);
  }
  const std::unique_ptr<play::Player> player = open(arguments);
  const std::int64_t rate = rate_of(arguments, *player);
  return arguments.raw.empty() ? play_file(arguments, *player, rate)
                               : play_raw(arguments, *player, rate);
}

}  // namespace cli
