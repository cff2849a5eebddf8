#include "wavenet/log/fields.h"

#include <cmath>
#include <limits>

#include "wavenet/base/check.h"
#include "wavenet/base/json_text.h"
#include "wavenet/base/utf8.h"

namespace wavenet::logs {
namespace {

constexpr int kMaxDepth = 16;

const char* kind_of(const Json& value) {
  if (value.is_number()) {
    return "a number";
  }
  return value.is_string()    ? "text"
         : value.is_array()   ? "a list"
         : value.is_object()  ? "an object"
         : value.is_boolean() ? "true or false"
                              : "null";
}

// Not check_intact(), which would make the key's words for every value that is right.
void require(bool holds, const std::string& place, const char* key, const char* kind,
             const Json& value) {
  if (!holds) [[unlikely]] {
    fail_damaged("{}: {} must be {}, got {}", place, quoted(key), kind, kind_of(value));
  }
}

}  // namespace

std::string quoted(std::string_view key) { return "\"" + excerpt(key, 60) + "\""; }

Json parse_json(std::string_view text, const std::string& place) {
  // The parser takes a zero byte for the end of the text.
  check_intact(text.find('\0') == text.npos, "{}: holds a zero byte, so it is no JSON", place);
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    fail_damaged("{}: no JSON: {}", place, one_line_problem(error.what()));
  }
}

// JSON in order looks a key up by walking all before it, so their number is held small.
std::string indented_part(std::string_view text, const char* key, const std::string& place) {
  using Ordered = nlohmann::ordered_json;
  std::size_t keys = 0;
  const auto limit = [&](int depth, Ordered::parse_event_t event, Ordered&) {
    check_intact(depth <= kMaxDepth, "{}: nests deeper than {}", place, kMaxDepth);
    if (event == Ordered::parse_event_t::key) {
      check_intact(++keys <= kMaxKeys, "{}: has more than {} keys", place, kMaxKeys);
    }
    return true;
  };
  const Ordered all = Ordered::parse(text, limit);
  const auto found = all.find(key);
  return found == all.end() ? "" : found->dump(2);
}

Fields::Fields(const Json& value, const std::string& place) : object_(value), place_(place) {
  check_intact(value.is_object(), "{}: must be a JSON object, got {}", place, kind_of(value));
}

std::vector<std::string> Fields::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : object_.items()) {
    names.push_back(key);
  }
  return names;
}

const Json& Fields::at(const char* key) const {
  const auto found = object_.find(key);
  if (found == object_.end()) [[unlikely]] {
    fail_damaged("{}: {} is missing", place_, quoted(key));
  }
  return *found;
}

const Json& Fields::list(const char* key) const {
  const Json& value = at(key);
  require(value.is_array(), place_, key, "a list", value);
  check_intact(value.size() <= kMaxList, "{}: {} holds {} values, at most {} are read", place_,
               quoted(key), value.size(), kMaxList);
  return value;
}

std::int64_t Fields::integer_of(const Json& value, const char* key) const {
  require(value.is_number_integer(), place_, key, "an integer", value);
  const auto number = value.get<std::int64_t>();
  // A larger unsigned number would wrap around.
  const bool fits = !value.is_number_unsigned() ||
                    value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kMaxCount);
  if (!fits || number < 0 || number > kMaxCount) [[unlikely]] {
    fail_damaged("{}: {} must be 0 to {}, got {}", place_, quoted(key), kMaxCount, value.dump());
  }
  return number;
}

double Fields::number_of(const Json& value, const char* key) const {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  require(value.is_number() || value.is_null(), place_, key, "a number", value);
  const double number = value.is_null() ? kNone : value.get<double>();
  return std::abs(number) <= std::numeric_limits<float>::max() ? number : kNone;
}

std::int64_t Fields::integer(const char* key) const { return integer_of(at(key), key); }

double Fields::number(const char* key) const { return number_of(at(key), key); }

std::string Fields::text(const char* key) const {
  const Json& value = at(key);
  require(value.is_string(), place_, key, "text", value);
  return value.get<std::string>();
}

std::string Fields::name(const char* key) const {
  std::string name = text(key);
  check_intact(name.size() <= kMaxNameBytes, "{}: {} has {} bytes, a name at most {}", place_,
               quoted(key), name.size(), kMaxNameBytes);
  return name;
}

Fields Fields::object(const char* key) const {
  const Json& value = at(key);
  require(value.is_object(), place_, key, "an object", value);
  return {value, place_};
}

std::vector<Fields> Fields::objects(const char* key) const {
  std::vector<Fields> all;
  for (const Json& value : list(key)) {
    require(value.is_object(), place_, key, "a list of objects", value);
    all.emplace_back(value, place_);
  }
  return all;
}

std::vector<std::int64_t> Fields::integers(const char* key) const {
  std::vector<std::int64_t> all;
  for (const Json& value : list(key)) {
    all.push_back(integer_of(value, key));
  }
  return all;
}

std::vector<double> Fields::numbers(const char* key) const {
  std::vector<double> all;
  for (const Json& value : list(key)) {
    all.push_back(number_of(value, key));
  }
  return all;
}

std::int64_t Fields::integer_or(const char* key, std::int64_t otherwise) const {
  return has(key) ? integer(key) : otherwise;
}

std::string Fields::text_or(const char* key, std::string otherwise) const {
  return has(key) ? text(key) : std::move(otherwise);
}

std::optional<double> Fields::number_if(const char* key) const {
  return has(key) ? std::optional(number(key)) : std::nullopt;
}

std::optional<bool> Fields::boolean_if(const char* key) const {
  if (!has(key)) {
    return std::nullopt;
  }
  const Json& value = at(key);
  require(value.is_boolean(), place_, key, "true or false", value);
  return value.get<bool>();
}

std::optional<std::int64_t> Fields::count_if(const char* key) const {
  const auto found = object_.find(key);
  if (found == object_.end() || !found->is_number_integer()) {
    return std::nullopt;
  }
  const auto number = found->get<std::int64_t>();
  return number < 0 ? std::nullopt : std::optional(number);
}

std::variant<std::int64_t, std::string> Fields::fact(const std::string& key) const {
  constexpr std::size_t kLongest = 200;
  if (const std::optional<std::int64_t> count = count_if(key.c_str())) {
    return *count;
  }
  const Json& value = at(key.c_str());
  return excerpt(value.is_string() ? value.get<std::string>() : value.dump(), kLongest);
}

}  // namespace wavenet::logs
