// Descriptor: an open file of the system that is closed whatever happens.
//
//   const Descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
//   if (file.number() >= 0) { ... }
//
// A number below 0 stands for no file. Left out: opening, reading, and what an error means.
#pragma once

#include <unistd.h>

#include <utility>

namespace wavenet {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  int number() const { return number_; }
  // False when closing reports an error, as network disks do for writes that failed late.
  bool close() {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

}  // namespace wavenet
