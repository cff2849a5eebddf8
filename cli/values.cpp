#include "cli/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "wavenet/base/nearest.h"
#include "wavenet/base/utf8.h"

namespace cli {
namespace {

template <class Number>
std::optional<Number> parsed(const std::string& text) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

CLI::Validator whole_number(const std::string& about, std::uint64_t min, std::uint64_t max,
                            std::optional<std::uint64_t> usual) {
  return {[min, max, usual](std::string& text) {
            const std::optional<std::uint64_t> value = parsed<std::uint64_t>(text);
            if (!value || *value < min || *value > max) {
              return fmt::format("must be a whole number from {} to {}, got '{}'", min,
                                 usual.value_or(max), wavenet::excerpt(text));
            }
            text = fmt::format("{}", *value);
            return std::string();
          },
          about};
}

CLI::Validator at_least(std::uint64_t min) {
  return whole_number(min > 0 ? fmt::format("at least {}", min) : "", min, std::uint64_t{1} << 40U);
}

CLI::Validator number() {
  return {[](std::string& text) {
            const std::optional<double> value = parsed<double>(text);
            return value && std::isfinite(*value)
                       ? std::string()
                       : fmt::format("must be a number, got '{}'", wavenet::excerpt(text));
          },
          ""};
}

CLI::Option* choice(CLI::Option* option, const std::vector<std::string>& words) {
  return option->type_name(fmt::format("{}", fmt::join(words, "|")))
      ->check([words](const std::string& word) {
        const bool known = std::find(words.begin(), words.end(), word) != words.end();
        return known ? std::string()
                     : fmt::format("must be {}, got '{}'{}", fmt::join(words, ", "),
                                   wavenet::excerpt(word), wavenet::nearest_hint(word, words));
      });
}

}  // namespace cli
