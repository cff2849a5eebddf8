// Values: what flags take, looked at as text before the parser converts it: its own rules let octal
// numbers, what is too large, and nothing at all pass, and its messages are a programmer's.
//
//   app.add_option("--steps", a.steps, "...")->transform(at_least_one());
//   choice(app.add_option("--split", a.split, "..."), {"train", "val", "test"});
//
// Each message names the rule and the value. Left out: rules between flags.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace cli {

// A whole number in decimal digits; zeros before it mean nothing. `about` is for help.
CLI::Validator whole_number(std::uint64_t min, std::uint64_t max, const std::string& about);

inline CLI::Validator at_least_one() {
  return whole_number(1, std::uint64_t{1} << 40U, "at least 1");
}
inline CLI::Validator at_least_zero() { return whole_number(0, std::uint64_t{1} << 40U, ""); }
inline CLI::Validator seed(const std::string& about = "") {
  return whole_number(0, std::numeric_limits<std::uint64_t>::max(), about);
}

// Any number that is finite.
CLI::Validator number();

// For names of files, folders and recipes.
CLI::Validator not_empty();

// The option takes one of `words`; others are refused with the nearest as a hint.
CLI::Option* choice(CLI::Option* option, const std::vector<std::string>& words);

}  // namespace cli
