#include "cli/interrupt.h"

namespace cli {
namespace {

constexpr int kSignals[2] = {SIGINT, SIGTERM};
volatile std::sig_atomic_t was_asked = 0;

// The other signal's handler goes too: whichever comes second ends the process.
void ask(int) {
  was_asked = 1;
  for (const int signal : kSignals) {
    std::signal(signal, SIG_DFL);
  }
}

}  // namespace

Interrupt::Interrupt() {
  was_asked = 0;
  struct sigaction action {};
  action.sa_handler = ask;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 2; ++i) {
    sigaction(kSignals[i], &action, &before_[i]);
  }
}

Interrupt::~Interrupt() {
  for (int i = 0; i < 2; ++i) {
    sigaction(kSignals[i], &before_[i], nullptr);
  }
}

bool Interrupt::asked() const { return was_asked != 0; }

}  // namespace cli
