// Errors: every failure of the library is a wavenet::Error whose text is one line that names the op
// or file, the rule and the values, and whose kind tells programs what to do about it.
//
//   check(x.rank() == 3, "conv1d: x must be [B, T, C], got {}", x.shape());   // kind shape
//   fail_damaged("{}: not a safetensors file", path);
//   try { ... } catch (const Error& error) { if (error.kind() == ErrorKind::missing) { ... } }
//
// Left out: printing and exiting. The library throws; the program turns an exception into a line
// and an exit code.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace wavenet {

enum class ErrorKind : std::uint8_t {
  usage,  // what was asked for does not exist or makes no sense: an unknown recipe, a rate below 0
  shape,  // arguments of a call do not fit: a tensor's shape or type, an index out of range
  missing,   // no such file
  damaged,   // a file or text is not what it must be: cut short, of another format, of bad encoding
  io,        // the system refuses to read or write
  memory,    // the system has no memory left
  diverged,  // a loss or a gradient is not finite
  stopped,   // the caller asked the work to end
};

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& text) : Error(ErrorKind::shape, text) {}
  Error(ErrorKind kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

class UsageError : public Error {
 public:
  explicit UsageError(const std::string& text) : Error(ErrorKind::usage, text) {}
};

template <class... Args>
[[noreturn]] void fail_as(ErrorKind kind, fmt::format_string<Args...> rule, Args&&... values) {
  throw Error(kind, fmt::format(rule, std::forward<Args>(values)...));
}
template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> rule, Args&&... values) {
  fail_as(ErrorKind::shape, rule, std::forward<Args>(values)...);
}
template <class... Args>
[[noreturn]] void fail_usage(fmt::format_string<Args...> rule, Args&&... values) {
  throw UsageError(fmt::format(rule, std::forward<Args>(values)...));
}
template <class... Args>
[[noreturn]] void fail_damaged(fmt::format_string<Args...> rule, Args&&... values) {
  fail_as(ErrorKind::damaged, rule, std::forward<Args>(values)...);
}

// Each throws when `holds` is false. The values are formatted only then.
template <class... Args>
void check_as(ErrorKind kind, bool holds, fmt::format_string<Args...> rule, Args&&... values) {
  if (!holds) [[unlikely]] {
    fail_as(kind, rule, std::forward<Args>(values)...);
  }
}
template <class... Args>
void check(bool holds, fmt::format_string<Args...> rule, Args&&... values) {
  check_as(ErrorKind::shape, holds, rule, std::forward<Args>(values)...);
}
template <class... Args>
void check_usage(bool holds, fmt::format_string<Args...> rule, Args&&... values) {
  if (!holds) [[unlikely]] {
    fail_usage(rule, std::forward<Args>(values)...);
  }
}
template <class... Args>
void check_intact(bool holds, fmt::format_string<Args...> rule, Args&&... values) {
  check_as(ErrorKind::damaged, holds, rule, std::forward<Args>(values)...);
}

}  // namespace wavenet
