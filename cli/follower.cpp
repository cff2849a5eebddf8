#include "cli/follower.h"

#include <fmt/format.h>

#include "cli/say.h"
#include "wavenet/base/check.h"
#include "wavenet/report/report.h"

namespace cli {

using namespace wavenet;

Follower::Follower(FollowerOptions options) : options_(std::move(options)) {
  if (options_.steps > 0) {
    steps_.emplace(options_.first, options_.steps, options_.quiet);
  }
}

void Follower::on(const Record& record) {
  if (const auto* window = std::get_if<WindowRecord>(&record); window != nullptr && steps_) {
    steps_->window(window->loss);
  } else if (const auto* judged = std::get_if<Evaluation>(&record); judged != nullptr && steps_) {
    steps_->validation(judged->loss);
  } else if (const auto* verdict = std::get_if<Verdict>(&record)) {
    say::warning(fmt::format("{}: {}; try {}", verdict->name, verdict->because, verdict->advice));
  }
}

void Follower::progress(const run::Progress& progress) {
  if (steps_) {
    steps_->show(progress.step, progress.loss, progress.rate);
  }
}

void Follower::working(std::string_view what, double done) {
  std::unique_lock alone(mutex_, std::defer_lock);
  if (done >= 1) {
    alone.lock();
    phase_.reset();
  } else if (alone.try_lock()) {
    if (!phase_ || phase_->name() != what) {
      phase_.emplace(std::string(what));
    }
    (*phase_)(done);
  }
}

// Training goes on where its page cannot be made.
void Follower::evaluated() {
  if (options_.page_in.empty()) {
    return;
  }
  try {
    report::write(options_.page_in, /*running=*/true);
  } catch (const Error& error) {
    if (!page_failed_) {
      say::warning(error.what());
      page_failed_ = true;
    }
  }
}

void Follower::warning(std::string_view text) { say::warning(std::string(text)); }

}  // namespace cli
