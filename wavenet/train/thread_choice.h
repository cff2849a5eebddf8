// ThreadChoice: one thread or all, whichever takes steps faster.
//
//   ThreadChoice choice(8);
//   const int threads = choice.next();   // for the coming step
//   choice.took(seconds);                // that it took
//
// Small steps gain little from more threads, and nothing on cores that are far apart or busy. So
// the first steps are timed in turns, and again after every kPeriod steps. Threads change no bit of
// the results. Left out: numbers in between.
#pragma once

#include <cstdint>

namespace wavenet::train {

class ThreadChoice {
 public:
  explicit ThreadChoice(int most) : most_(most), best_(most) {}
  int next() const;
  void took(double seconds);
  // What was faster when both were last timed; `most` until then.
  int best() const { return best_; }

  static constexpr std::int64_t kTurn = 4;  // steps; the first of a turn finds cold caches
  static constexpr std::int64_t kTurns = 4;
  static constexpr std::int64_t kPeriod = 1024;

 private:
  bool is_trial() const { return most_ > 1 && step_ < kTurn * kTurns; }

  int most_;
  int best_;
  std::int64_t step_ = 0;   // of the period
  double fastest_[2] = {};  // seconds a step took by one thread, by all
};

}  // namespace wavenet::train
