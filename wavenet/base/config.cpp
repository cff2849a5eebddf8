#include "wavenet/base/config.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "wavenet/base/check.h"
#include "wavenet/base/config_json.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/base/utf8.h"

namespace wavenet {
namespace {

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<double> parse_double(std::string_view text) {
  const std::optional<double> value = parse_whole<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> parse_bool(std::string_view text) {
  if (text != "true" && text != "false") {
    return std::nullopt;
  }
  return text == "true";
}

// "1,2,4" or "[1, 2, 4]"
std::optional<std::vector<std::int64_t>> parse_list(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']') && text.size() > 1) {
    text = text.substr(1, text.size() - 2);
  }
  std::vector<std::int64_t> values;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    const auto value = parse_whole<std::int64_t>(item);
    if (!value || comma + 1 == text.size()) {
      return std::nullopt;
    }
    values.push_back(*value);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return values;
}

template <class T>
std::optional<Config::Value> parse_as(std::string_view text) {
  const auto wrap = [](auto parsed) {
    return parsed ? std::optional(Config::Value(*std::move(parsed))) : std::nullopt;
  };
  if constexpr (std::is_same_v<T, bool>) {
    return wrap(parse_bool(text));
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return wrap(parse_whole<std::int64_t>(text));
  } else if constexpr (std::is_same_v<T, double>) {
    return wrap(parse_double(text));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return Config::Value(std::string(text));
  } else {
    return wrap(parse_list(text));
  }
}

Config::Value infer(std::string_view text) {
  std::optional<Config::Value> value = parse_as<bool>(text);
  if (!value) {
    value = parse_as<std::int64_t>(text);
  }
  if (!value) {
    value = parse_as<double>(text);
  }
  if (!value && text.starts_with('[')) {
    value = parse_as<std::vector<std::int64_t>>(text);
  }
  return value ? *std::move(value) : Config::Value(std::string(text));
}

template <class T>
constexpr std::string_view kind_name() {
  if constexpr (std::is_same_v<T, bool>) {
    return "true or false";
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return "an integer";
  } else if constexpr (std::is_same_v<T, double>) {
    return "a number";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "text";
  } else {
    return "a list of integers";
  }
}

std::string shown(const Config::Value& value) {
  return std::visit(
      []<class T>(const T& held) {
        if constexpr (std::is_same_v<T, std::string>) {
          return "'" + excerpt(held) + "'";
        } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
          return excerpt(fmt::format("[{}]", fmt::join(held, ", ")));
        } else {
          return fmt::format("{}", held);
        }
      },
      value);
}

template <class T>
const T& get(const std::string& name, std::string_view key, const Config::Value& value) {
  const T* held = std::get_if<T>(&value);
  if (held == nullptr) {
    fail_usage("{}: key {} expects {}, got {}", name, key, kind_name<T>(), shown(value));
  }
  return *held;
}

template <class T>
T in_range(const std::string& name, std::string_view key, T value, T min, T max) {
  if (!(value >= min && value <= max)) {  // so written that NaN fails
    fail_usage("{}: key {} must be from {} to {}, got {}", name, key, min, max, value);
  }
  return value;
}

}  // namespace

Config Config::parse(std::string_view json, const std::string& name) try {
  check_intact(static_cast<std::int64_t>(json.size()) <= kMaxBytes,
               "{}: a recipe of {} bytes; at most {} are read", name, json.size(), kMaxBytes);
  Config config;
  config.name_ = name;
  config.entries_ = config::entries_of(json, name);
  return config;
} catch (...) {
  rethrow_as_error(name);
}

std::string Config::to_json() const { return config::json_of(entries_); }

void Config::set(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == assignment.npos) {
    fail_usage("set: expects KEY=VALUE, got '{}'", excerpt(assignment));
  }
  const std::string_view key = assignment.substr(0, equals);
  const std::string_view text = assignment.substr(equals + 1);
  try {
    decode_utf8(text);
  } catch (const Error& error) {
    fail_usage("set: the value of {} is {}", excerpt(key), error.what());
  }
  for (auto& [existing, value] : entries_) {
    if (existing == key) {
      value = std::visit(
          [&]<class T>(const T&) {
            std::optional<Value> parsed = parse_as<T>(text);
            if (!parsed) {
              fail_usage("set: key {} expects {}, got '{}'", key, kind_name<T>(), excerpt(text));
            }
            return *std::move(parsed);
          },
          value);
      return;
    }
  }
  require_room_for(key);
  entries_.emplace_back(key, infer(text));
}

void Config::set_each(const std::vector<std::string>& assignments) {
  std::set<std::string> keys;
  for (const std::string& assignment : assignments) {
    set(assignment);
    const std::string key = assignment.substr(0, assignment.find('='));
    if (!keys.insert(key).second) {
      fail_usage("set: key {} is given twice", key);
    }
  }
}

// A new key must be well formed, and nothing can be both a value and a part that holds keys.
void Config::require_room_for(std::string_view key) const {
  std::size_t parts = 0;
  for (std::string_view rest = key;; ++parts) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    if (!config::is_key_part(rest.substr(0, dot)) || parts == kMaxDepth) {
      fail_usage("set: '{}' is no key; keys look like model.hidden", excerpt(key));
    }
    if (dot == rest.size()) {
      break;
    }
    rest.remove_prefix(dot + 1);
  }
  const std::string inside = std::string(key) + ".";
  for (const auto& [existing, value] : entries_) {
    if (existing.starts_with(inside)) {
      fail_usage("set: key {} is a part of the recipe; set one of its keys, like {}", key,
                 existing);
    }
    if (key.starts_with(existing + ".")) {
      fail_usage("set: key {} cannot be inside {}, which is {}", key, existing, shown(value));
    }
  }
}

const Config::Value* Config::find(std::string_view key) const {
  for (const auto& [existing, value] : entries_) {
    if (existing == key) {
      return &value;
    }
  }
  return nullptr;
}

const Config::Value* Config::ask(std::string_view key) const {
  asked_.emplace(key);
  return find(key);
}

const Config::Value& Config::require(std::string_view key) const {
  const Value* value = ask(key);
  if (value == nullptr) {
    fail_usage("{}: key {} is missing", name_, key);
  }
  return *value;
}

std::int64_t Config::integer(std::string_view key, std::int64_t min, std::int64_t max) const {
  return in_range(name_, key, get<std::int64_t>(name_, key, require(key)), min, max);
}

double Config::number(std::string_view key, double min, double max) const {
  const Value& value = require(key);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return in_range(name_, key,
                  whole == nullptr ? get<double>(name_, key, value) : static_cast<double>(*whole),
                  min, max);
}

std::string Config::text(std::string_view key) const {
  return get<std::string>(name_, key, require(key));
}

std::string Config::choice(std::string_view key, std::span<const std::string> values) const {
  std::string value = text(key);
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    std::string known;
    for (std::size_t i = 0; i < values.size(); ++i) {
      known += fmt::format("{}'{}'",
                           i == 0                  ? ""
                           : i + 1 < values.size() ? ", "
                                                   : " or ",
                           values[i]);
    }
    fail_usage("{}: {} must be {}, got '{}'{}", name_, key, known, excerpt(value),
               nearest_hint(value, values));
  }
  return value;
}

bool Config::boolean(std::string_view key) const { return get<bool>(name_, key, require(key)); }

std::vector<std::int64_t> Config::integers(std::string_view key, std::int64_t min,
                                           std::int64_t max) const {
  const auto& values = get<std::vector<std::int64_t>>(name_, key, require(key));
  for (std::int64_t value : values) {
    in_range(name_, key, value, min, max);
  }
  return values;
}

std::int64_t Config::integer_or(std::string_view key, std::int64_t otherwise, std::int64_t min,
                                std::int64_t max) const {
  return ask(key) == nullptr ? otherwise : integer(key, min, max);
}

double Config::number_or(std::string_view key, double otherwise, double min, double max) const {
  return ask(key) == nullptr ? otherwise : number(key, min, max);
}

std::string Config::choice_or(std::string_view key, std::string otherwise,
                              std::span<const std::string> values) const {
  return ask(key) == nullptr ? std::move(otherwise) : choice(key, values);
}

std::string Config::text_or(std::string_view key, std::string otherwise) const {
  return ask(key) == nullptr ? std::move(otherwise) : text(key);
}

bool Config::boolean_or(std::string_view key, bool otherwise) const {
  return ask(key) == nullptr ? otherwise : boolean(key);
}

std::vector<std::int64_t> Config::integers_or(std::string_view key,
                                              std::vector<std::int64_t> otherwise, std::int64_t min,
                                              std::int64_t max) const {
  return ask(key) == nullptr ? std::move(otherwise) : integers(key, min, max);
}

std::vector<std::string> Config::differences(const Config& before) const {
  std::vector<std::string> found;
  for (const auto& [key, value] : entries_) {
    const Value* old = before.find(key);
    if (key != "about" && (old == nullptr || *old != value)) {
      found.push_back(fmt::format("{} is {}, was {}", key, shown(value),
                                  old == nullptr ? "not set" : shown(*old)));
    }
  }
  for (const auto& [key, value] : before.entries_) {
    if (key != "about" && !contains(key)) {
      found.push_back(fmt::format("{} is not set, was {}", key, shown(value)));
    }
  }
  return found;
}

void Config::require_all_read() const {
  for (const auto& [key, value] : entries_) {
    if (key != "about" && !asked_.contains(key)) {
      const std::vector<std::string> known(asked_.begin(), asked_.end());
      fail_usage("{}: no part of the program reads key '{}'{}", name_, key,
                 nearest_hint(key, known));
    }
  }
}

}  // namespace wavenet
