#include "wavenet/nam/place.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"

namespace wavenet::nam {
namespace {

std::string shown(const nlohmann::ordered_json& value) {
  if (value.is_array()) {
    return fmt::format("a list of {}", value.size());
  }
  return value.is_object() ? "an object" : excerpt(value.dump());
}

}  // namespace

bool fits_single(double value) {
  constexpr double kRoundsToInfinity = 0x1.ffffffp127;  // halfway from the largest to the next
  return std::abs(value) < kRoundsToInfinity;
}

std::optional<Place> Place::find(std::string_view key) const {
  require_object();
  const auto found = value_->find(std::string(key));
  if (found == value_->end() || found->is_null()) {
    return std::nullopt;
  }
  return Place(*found, *file_, path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key));
}

Place Place::at(std::string_view key) const {
  const std::optional<Place> found = find(key);
  if (!found) {
    refuse(fmt::format("lacks the key '{}'", key));
  }
  return *found;
}

std::vector<Place> Place::list(std::size_t most) const {
  if (!value_->is_array() || value_->size() > most) {
    must_be(fmt::format("a list of at most {}", most));
  }
  std::vector<Place> all;
  for (const nlohmann::ordered_json& value : *value_) {
    all.emplace_back(value, *file_, fmt::format("{}[{}]", path_, all.size()));
  }
  return all;
}

std::int64_t Place::integer(std::int64_t least, std::int64_t most) const {
  // As a double, which is exact as far as any bound here goes: 16.0 is a whole number too.
  const double value =
      value_->is_number() ? value_->get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(value >= static_cast<double>(least) && value <= static_cast<double>(most)) ||
      value != std::floor(value)) {
    must_be(fmt::format("a whole number in [{}, {}]", least, most));
  }
  return static_cast<std::int64_t>(value);
}

double Place::number() const {
  if (!value_->is_number()) {
    must_be("a number");
  }
  return value_->get<double>();
}

float Place::single() const {
  const double value = number();
  if (!fits_single(value)) {
    must_be("a number of 32 bits");
  }
  return static_cast<float>(value);
}

bool Place::boolean() const {
  if (!value_->is_boolean()) {
    must_be("true or false");
  }
  return value_->get<bool>();
}

const std::string& Place::text() const {
  if (!value_->is_string()) {
    must_be("a text");
  }
  return value_->get_ref<const std::string&>();
}

bool Place::is_null() const { return value_->is_null(); }
bool Place::is_list() const { return value_->is_array(); }
bool Place::is_object() const { return value_->is_object(); }
bool Place::is_text() const { return value_->is_string(); }

void Place::must_be(std::string_view what) const {
  refuse(fmt::format("must be {}, got {}", what, shown(*value_)));
}

void Place::refuse(std::string_view predicate) const {
  fail_damaged("{}: {} {}", *file_, path_.empty() ? "the file" : path_, predicate);
}

void Place::require_object() const {
  if (!value_->is_object()) {
    must_be("an object");
  }
}

}  // namespace wavenet::nam
