// Interrupt: lets a training run end between two steps when Ctrl-C or SIGTERM asks for it.
//
//   const Interrupt interrupt;
//   while (!interrupt.asked()) { trainer.step(); }
//
// The first signal only asks; the second ends the process at once, as if nothing watched.
#pragma once

#include <csignal>

namespace cli {

constexpr int kInterrupted = 130;  // exit code, as shells have it for Ctrl-C

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool asked() const;

 private:
  struct sigaction before_[2];  // of SIGINT and SIGTERM
};

}  // namespace cli
