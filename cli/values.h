// Values: what flags take, looked at as text before the parser converts it: its own rules let octal
// numbers, what is too large, and nothing at all pass, and its messages are a programmer's.
//
//   app.add_option("--steps", a.steps, "...")->transform(at_least(1));
//   choice(app.add_option("--split", a.split, "..."), {"train", "val", "test"});
//
// Each message names the rule and the value. Left out: rules between flags.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace cli {

// A whole number in decimal digits; zeros before it mean nothing. `about` is for help. Messages name
// `usual`, where more than that is seldom allowed and refused elsewhere.
CLI::Validator whole_number(const std::string& about = "", std::uint64_t min = 0,
                            std::uint64_t max = std::numeric_limits<std::uint64_t>::max(),
                            std::optional<std::uint64_t> usual = {});

CLI::Validator at_least(std::uint64_t min);

// Any number that is finite.
CLI::Validator number();

// For names of files, folders and recipes: what is wrong, or nothing.
inline std::string not_empty(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

// The option takes one of `words`; others are refused with the nearest as a hint.
CLI::Option* choice(CLI::Option* option, const std::vector<std::string>& words);

}  // namespace cli
