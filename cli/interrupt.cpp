#include "cli/interrupt.h"

namespace cli {
namespace {

wavenet::Stop asked_by_signals;

void ask(int) { asked_by_signals.ask(); }

// The other signal's handler goes too: whichever comes second ends the process.
void ask_once(int signal) {
  ask(signal);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

Interrupt::Interrupt()
    : watched_{{{SIGINT, ask_once, {}},
                {SIGTERM, ask_once, {}},
                {SIGHUP, ask, {}},
                {SIGPIPE, SIG_IGN, {}},
                {SIGXFSZ, SIG_IGN, {}}}} {
  for (Watched& watched : watched_) {
    sigaction(watched.signal, nullptr, &watched.before);
    if (watched.before.sa_handler != SIG_IGN) {
      struct sigaction action {};
      action.sa_handler = watched.handler;
      sigemptyset(&action.sa_mask);
      sigaction(watched.signal, &action, nullptr);
    }
  }
}

Interrupt::~Interrupt() {
  for (const Watched& watched : watched_) {
    sigaction(watched.signal, &watched.before, nullptr);
  }
}

const wavenet::Stop& Interrupt::stop() const { return asked_by_signals; }

}  // namespace cli
