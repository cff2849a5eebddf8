// Work: a piece of a run's work that is no step, which may be stopped between two of its parts.
//
//   Work work("judging val", listener, stop);
//   loss_of(model, val, threads, work.between());
#pragma once

#include <string>

#include "wavenet/base/stop.h"
#include "wavenet/run/listener.h"

namespace wavenet::run {

class Work {
 public:
  Work(std::string what, Listener& listener, const Stop& stop)
      : what_(std::move(what)), listener_(listener), stop_(stop) {}
  ~Work() { listener_.working(what_, 1); }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // Throws Stopped where the run is asked to stop.
  Between between() {
    return [this](double done) {
      stop_.check();
      listener_.working(what_, done);
    };
  }

 private:
  std::string what_;
  Listener& listener_;
  const Stop& stop_;
};

}  // namespace wavenet::run
