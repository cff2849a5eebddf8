// Follower: shows a run as it goes: a live line of its steps, or of other work; verdicts as warnings;
// and its page, written anew at every evaluation.
//
//   Follower follower({.first = 0, .steps = 200'000, .quiet = false, .page_in = "runs/a"});
//   run.train(follower, stop);
//
// Left out: what a run ends with (results.h).
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>

#include "cli/progress.h"
#include "wavenet/run/listener.h"

namespace cli {

struct FollowerOptions {
  std::int64_t first = 0;           // steps that were done before
  std::int64_t steps = 0;           // of the whole run; 0: none are shown
  bool quiet = false;               // no progress
  std::filesystem::path page_in{};  // the run's folder; empty: no page
};

class Follower : public wavenet::run::Listener {
 public:
  explicit Follower(FollowerOptions options);

  void on(const wavenet::Record& record) override;
  void progress(const wavenet::run::Progress& progress) override;
  void working(std::string_view what, double done) override;
  void evaluated() override;
  void warning(std::string_view text) override;

 private:
  FollowerOptions options_;
  std::optional<Progress> steps_;
  std::mutex mutex_;  // of phase_
  std::optional<Phase> phase_;
  bool page_failed_ = false;
};

}  // namespace cli
