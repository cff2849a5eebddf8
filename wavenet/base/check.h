// Errors: every failure of the library is a wavenet::Error whose text is one line that names the op
// or file, the rule and the values.
//
//   check(x.dim() == 3, "conv1d: x must be [B, T, C], got {}", x.shape());
//   fail("{}: not a safetensors file", path);
//
// Left out: printing and exiting. The library throws; the program turns an exception into a line
// and an exit code.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace wavenet {

// Something failed while running: a file, a shape, a number.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The caller asked for something that does not exist or makes no sense: an unknown recipe, a key
// that no model reads, a rate below zero.
class UsageError : public Error {
 public:
  using Error::Error;
};

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> rule, Args&&... values) {
  throw Error(fmt::format(rule, std::forward<Args>(values)...));
}

template <class... Args>
[[noreturn]] void fail_usage(fmt::format_string<Args...> rule, Args&&... values) {
  throw UsageError(fmt::format(rule, std::forward<Args>(values)...));
}

// Throws Error when `holds` is false. The values are formatted only then.
template <class... Args>
void check(bool holds, fmt::format_string<Args...> rule, Args&&... values) {
  if (!holds) [[unlikely]] {
    fail(rule, std::forward<Args>(values)...);
  }
}

}  // namespace wavenet
