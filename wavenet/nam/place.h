// Place: a value of a .nam file and where it stands there, so that what is wrong with it can be said in
// one line. Only the readers use it.
//
//   const Place config = file.at("config");
//   const std::int64_t channels = config.at("channels").integer(1, 4096);
//   // Error: plexi.nam: config.layers[0].channels must be a whole number in [1, 4096], got "16"
//
// Left out: lists of weights, which are long (tree.h).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::nam {

// Whether the nearest number of 32 bits is finite.
bool fits_single(double value);

class Place {
 public:
  // `value` must outlive this and whatever comes from it; so must `file`, which messages begin with.
  Place(const nlohmann::ordered_json& value, const std::string& file, std::string path = {})
      : value_(&value), file_(&file), path_(std::move(path)) {}

  // What stands under a key; none where it is absent or null.
  std::optional<Place> find(std::string_view key) const;
  Place at(std::string_view key) const;
  // The members of a list that may have at most so many.
  std::vector<Place> list(std::size_t most) const;

  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  double number() const;
  float single() const;  // a number that 32 bits can hold
  bool boolean() const;
  const std::string& text() const;

  bool is_null() const;
  bool is_list() const;
  bool is_object() const;
  bool is_text() const;

  const nlohmann::ordered_json& value() const { return *value_; }
  const std::string& file() const { return *file_; }
  const std::string& path() const { return path_; }

  // "config.layers[0].gated must be true or false, got 3"
  [[noreturn]] void must_be(std::string_view what) const;
  // Any other sentence, in which the place is the subject.
  [[noreturn]] void refuse(std::string_view predicate) const;

 private:
  void require_object() const;

  const nlohmann::ordered_json* value_;
  const std::string* file_;
  std::string path_;  // empty for the whole file
};

}  // namespace wavenet::nam
