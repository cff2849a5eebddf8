// Progress of a training run on stderr: one live line on a terminal, plain lines elsewhere.
//
//   Progress progress(0, 200'000, /*quiet=*/false);
//   progress.show(done, mean, rate);   // after each step
//   progress.window(mean);             // after each window of the log: one more bar
//   Phase phase("judging val");   // while no step is done
//   phase(0.5);
//
// The live line says as much as the terminal is wide: what matters least is left out first.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace cli {

// A line on a terminal that is drawn over a few times a second, and wiped out in the end. What
// takes less time is not shown.
class LiveLine {
 public:
  LiveLine() = default;
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;
  void show(const std::string& text);

 private:
  std::chrono::steady_clock::time_point drawn_ = std::chrono::steady_clock::now();
  bool shown_ = false;
};

// The same; where no line can be drawn over, one every ten seconds.
class NowAndThen {
 public:
  void show(const std::string& text);

 private:
  LiveLine line_;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
};

// A piece of work without steps: how much is done.
class Phase {
 public:
  explicit Phase(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  void operator()(double done);

 private:
  std::string name_;
  NowAndThen line_;
};

// Many like things that are made one after the other: how many, and how long the rest will take.
//
//   CountProgress progress(/*things=*/100'000'000, "words");
//   progress.show(12'000);
class CountProgress {
 public:
  CountProgress(std::int64_t things, std::string name) : things_(things), name_(std::move(name)) {}
  void show(std::int64_t made);

 private:
  std::int64_t things_;
  std::string name_;
  std::int64_t shown_ = 0;
  NowAndThen line_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Sound that is being made: how much, how fast, how long it will still take.
//
//   SoundProgress progress(/*samples=*/24'000, /*rate=*/8000);
//   progress.show(800);
//   progress.speed();   // "21034 samples/s, 2.63 times real time"
class SoundProgress {
 public:
  SoundProgress(std::int64_t samples, std::int64_t rate) : samples_(samples), rate_(rate) {}
  void show(std::int64_t made);
  std::string speed() const;

 private:
  std::int64_t samples_;
  std::int64_t rate_;
  std::int64_t made_ = 0;
  NowAndThen line_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Progress {
 public:
  // `first` steps were done before this run. Silent when `quiet`.
  Progress(std::int64_t first, std::int64_t steps, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void validation(double loss);
  void window(double loss);
  // `done` steps, the last window's mean loss, the rate. Redraws the live line a few times a
  // second; writes a plain line when a twentieth of the run has passed.
  void show(std::int64_t done, double loss, double rate);

 private:
  double speed() const;      // steps a second
  std::string left() const;  // "0:58 left"
  std::string plain_line() const;
  std::string live_line() const;

  std::int64_t first_;
  std::int64_t steps_;
  bool quiet_;
  std::int64_t done_;
  double loss_ = 0;
  double rate_ = 0;
  double validation_ = std::numeric_limits<double>::quiet_NaN();
  double best_before_ = validation_;  // the lowest of those before
  std::vector<double> windows_;       // the losses of the last few
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_ = start_;
  std::int64_t said_;  // steps that were done at the last plain line
};

}  // namespace cli
