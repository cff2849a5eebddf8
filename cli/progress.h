// Progress of a training run on stderr: one live line on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace cli {

class Progress {
 public:
  // `first` steps were done before this run. Silent when `quiet`.
  Progress(std::int64_t first, std::int64_t steps, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void validation(double loss) { validation_ = loss; }
  // `done` steps, the last window's mean loss, the rate. Redraws the live line a few times a
  // second; writes a plain line when a twentieth of the run has passed.
  void show(std::int64_t done, double loss, double rate);

 private:
  std::int64_t first_;
  std::int64_t steps_;
  bool quiet_;
  bool terminal_;
  double validation_ = std::numeric_limits<double>::quiet_NaN();
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
  std::int64_t next_line_;
};

}  // namespace cli
