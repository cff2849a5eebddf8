#include "wavenet/base/config_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "wavenet/base/check.h"
#include "wavenet/base/json_text.h"
#include "wavenet/base/utf8.h"

namespace wavenet::config {
namespace {

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// Receives the parser's events and writes flat entries. The member functions whose names are fixed
// by nlohmann's parser return true to go on; they stop by throwing.
class Flattener {
 public:
  Flattener(std::string_view json, const std::string& name, Entries& entries)
      : json_(json), name_(name), entries_(entries) {}

  bool null() {
    fail_damaged("{}: key '{}' is null; leave a key out to get its default", name_, path());
  }
  bool boolean(bool value) { return scalar(value); }
  bool number_integer(std::int64_t value) { return scalar(value); }
  bool number_unsigned(std::uint64_t value) {
    check_intact(value <= static_cast<std::uint64_t>(INT64_MAX),
                 "{}: key '{}' is beyond 64 bits: {}", name_, path(), value);
    return scalar(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string&) { return scalar(value); }
  bool string(std::string& value) { return scalar(std::move(value)); }
  bool binary(std::vector<std::uint8_t>&) { return true; }  // JSON has none

  bool start_object(std::size_t) {
    if (list_) {
      fail_list();
    }
    check_intact(depth_ < Config::kMaxDepth, "{}: key '{}' nests objects more than {} deep", name_,
                 path(), Config::kMaxDepth);
    ++depth_;
    return true;
  }
  bool key(std::string& part) {
    check_intact(is_key_part(part), "{}: key '{}' may hold letters, digits, '_' and '-' only",
                 name_, excerpt(part));
    parts_.resize(depth_ - 1);
    parts_.push_back(std::move(part));
    check_intact(seen_.insert(path()).second, "{}: key '{}' stands twice", name_, path());
    return true;
  }
  bool end_object() {
    --depth_;
    parts_.resize(depth_);
    return true;
  }

  bool start_array(std::size_t) {
    if (list_) {
      fail_list();
    }
    require_object();
    list_.emplace();
    return true;
  }
  bool end_array() {
    entries_.emplace_back(path(), std::move(*list_));
    list_.reset();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const std::exception& error) {
    fail_damaged("{}: {}: {}", name_, position_in(json_, position == 0 ? 0 : position - 1),
                 one_line_problem(error.what()));
  }

 private:
  std::string path() const { return fmt::format("{}", fmt::join(parts_, ".")); }

  [[noreturn]] void fail_list() const {
    fail_damaged("{}: key '{}': a list may hold integers only", name_, path());
  }

  void require_object() const {
    check_intact(depth_ > 0, "{}: a recipe is a JSON object, like {{\"model\": {{...}}}}", name_);
  }

  template <class T>
  bool scalar(T value) {
    require_object();
    if (!list_) {
      entries_.emplace_back(path(), std::move(value));
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      list_->push_back(value);
    } else {
      fail_list();
    }
    return true;
  }

  std::string_view json_;
  const std::string& name_;
  Entries& entries_;
  std::size_t depth_ = 0;           // objects open now
  std::vector<std::string> parts_;  // the current key
  std::set<std::string> seen_;
  std::optional<std::vector<std::int64_t>> list_;  // the list open now
};

}  // namespace

bool is_key_part(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), is_key_character);
}

Entries entries_of(std::string_view json, const std::string& name) {
  Entries entries;
  Flattener flattener(json, name, entries);
  nlohmann::json::sax_parse(json, &flattener);
  return entries;
}

std::string json_of(const Entries& entries) {
  nlohmann::ordered_json root = nlohmann::ordered_json::object();
  for (const auto& [key, value] : entries) {
    nlohmann::ordered_json* place = &root;
    std::string_view rest = key;
    for (std::size_t dot = rest.find('.'); dot != rest.npos; dot = rest.find('.')) {
      place = &(*place)[std::string(rest.substr(0, dot))];
      rest.remove_prefix(dot + 1);
    }
    nlohmann::ordered_json& leaf = (*place)[std::string(rest)];
    std::visit([&](const auto& held) { leaf = held; }, value);
  }
  return root.dump(2);
}

}  // namespace wavenet::config
