// Config: a recipe as flat keys ("model.hidden") with typed, checked reads.
//
//   Config recipe = Config::parse(R"({"model": {"hidden": 100}})", "my.json");
//   recipe.set("model.hidden=200");
//   const std::int64_t hidden = recipe.integer("model.hidden", 1, 65'536);
//   recipe.require_all_read();  // refuses a key that nothing asked for, and hints at the nearest
//
// Every getter records that its key was asked for. That is how a misspelt key is caught, whether it
// stands in the file or came by set(), while a key that the file leaves to its default can be set.
// Left out: lists of anything but integers, null, and comments.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wavenet {

class Config {
 public:
  using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;
  static constexpr std::int64_t kMaxBytes = std::int64_t{1} << 20;
  static constexpr std::size_t kMaxDepth = 4;  // objects inside one another

  // Throws Error that names `name`, and the place or the key.
  static Config parse(std::string_view json, const std::string& name);
  // Nested again, in the order of the parsed text; keys added since stand at their part's end.
  std::string to_json() const;

  // "key=value". A key that exists keeps its kind (a number with a fraction also takes integers); a
  // new one gets the kind that its value looks like. Throws UsageError.
  void set(std::string_view assignment);
  // The same for several; each key at most once, or it would be unclear which one counts.
  void set_each(const std::vector<std::string>& assignments);

  bool contains(std::string_view key) const { return find(key) != nullptr; }

  // These throw UsageError, which begins with the name that parse() was given, when the key is
  // missing, of another kind, out of [min, max], or none of the values.
  std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max) const;
  double number(std::string_view key, double min, double max) const;  // takes integers too
  std::string text(std::string_view key) const;
  std::string choice(std::string_view key, std::span<const std::string> values) const;
  bool boolean(std::string_view key) const;
  std::vector<std::int64_t> integers(std::string_view key, std::int64_t min,
                                     std::int64_t max) const;

  // The same for keys that may be absent. The default is not checked.
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise, std::int64_t min,
                          std::int64_t max) const;
  double number_or(std::string_view key, double otherwise, double min, double max) const;
  std::string text_or(std::string_view key, std::string otherwise) const;
  std::string choice_or(std::string_view key, std::string otherwise,
                        std::span<const std::string> values) const;
  bool boolean_or(std::string_view key, bool otherwise) const;
  std::vector<std::int64_t> integers_or(std::string_view key, std::vector<std::int64_t> otherwise,
                                        std::int64_t min, std::int64_t max) const;

  // One text a key in which this differs from `before`, whatever the order of keys:
  // "train.clip is 1.0, was 0.5"; "about" is exempt.
  std::vector<std::string> differences(const Config& before) const;

  // Takes what `other` was asked for as asked for here.
  void share_reads(const Config& other) { asked_.insert(other.asked_.begin(), other.asked_.end()); }

  bool was_read(std::string_view key) const { return asked_.contains(key); }
  // Throws UsageError for the first key that no getter has asked for; "about" is exempt.
  void require_all_read() const;

 private:
  const Value* find(std::string_view key) const;
  // find(), recorded.
  const Value* ask(std::string_view key) const;
  const Value& require(std::string_view key) const;
  void require_room_for(std::string_view key) const;

  std::string name_ = "recipe";                         // for messages
  std::vector<std::pair<std::string, Value>> entries_;  // in the order of the text
  mutable std::set<std::string, std::less<>> asked_;
};

}  // namespace wavenet
