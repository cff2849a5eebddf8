// A run of the program beside the test, which can be sent signals.
#pragma once

#include <fcntl.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/program/run.h"

namespace program {

class Child {
 public:
  // `arguments` without quoting; what it prints goes to `output`.
  explicit Child(const std::string& arguments, const std::string& output = "/dev/null") {
    std::istringstream stream(WAVENET_PROGRAM " " + arguments);
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    std::vector<char*> argv;
    for (const std::string& word : words) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    process_ = fork();
    if (process_ == 0) {
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        ::signal(signal, SIG_DFL);  // where the tests were started in the background
      }
      const int to = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      dup2(to, STDOUT_FILENO);
      dup2(to, STDERR_FILENO);
      execv(argv[0], argv.data());
      _exit(127);
    }
  }
  ~Child() {
    if (process_ > 0) {
      send(SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Waits until `holds`; false when the program ended first.
  bool lived_until(const std::function<bool()>& holds) {
    while (!holds()) {
      if (waitpid(process_, &status_, WNOHANG) != 0) {
        process_ = 0;
        return false;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
  }
  void send(int signal) const {
    if (process_ > 0) {  // kill(0) would reach this process too
      kill(process_, signal);
    }
  }
  // The exit code, or 128 and the signal that ended it.
  int wait() {
    if (process_ > 0) {
      waitpid(process_, &status_, 0);
      process_ = 0;
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  }

 private:
  pid_t process_ = 0;
  int status_ = 0;
};

}  // namespace program
