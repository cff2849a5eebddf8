// Stop: asks work that takes long to end between two of its pieces.
//
//   Stop stop;                                    // stop.ask() from a signal handler, or a thread
//   stop.check();                                 // throws Stopped once it was asked
//   train::mean_loss(*model, corpus.val(), 2, [&](double) { stop.check(); });
//
// Left out: limits of time, and undoing what was done.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "wavenet/base/check.h"

namespace wavenet {

// The work was asked to stop, and did not come to its end.
class Stopped : public Error {
 public:
  explicit Stopped(const std::string& text) : Error(ErrorKind::stopped, text) {}
};

class Stop {
 public:
  void ask() noexcept { asked_.store(true, std::memory_order_relaxed); }
  bool asked() const noexcept { return asked_.load(std::memory_order_relaxed); }
  void check() const {
    if (asked()) {
      throw Stopped("stopped");
    }
  }

 private:
  std::atomic<bool> asked_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free);  // so that a signal handler may ask
};

// What long work calls before each of its pieces, from any of its threads, with the share of it
// that is done, 0 to 1. It may throw to end the work.
using Between = std::function<void(double done)>;

}  // namespace wavenet
