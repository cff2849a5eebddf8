// Interrupt: lets a training run end between two pieces of its work when it is asked to: by Ctrl-C,
// by SIGTERM, or by SIGHUP, when its terminal closes.
//
//   const Interrupt interrupt;
//   while (!interrupt.stop().asked()) { trainer.step(); }
//
// The first signal only asks; a second Ctrl-C or SIGTERM ends the process at once, as if nothing
// watched. A closing terminal may send SIGHUP twice, which only asks again. What the process was
// started to ignore, as by nohup, stays ignored. A pipe that nobody reads any more, or a file
// beyond the limit of its size, is a failed write, not a signal, so that it cannot end training
// either.
#pragma once

#include <array>
#include <csignal>

#include "wavenet/base/stop.h"

namespace cli {

constexpr int kInterrupted = 130;  // exit code, as shells have it for Ctrl-C

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // What the signals ask; it stays asked.
  const wavenet::Stop& stop() const;

 private:
  struct Watched {
    int signal;
    void (*handler)(int);
    struct sigaction before;
  };
  std::array<Watched, 5> watched_;
};

}  // namespace cli
