// Fields: checked reads of a JSON object's values; only log/ uses it.
//
//   const Json record = parse_json(line, "metrics.jsonl: line 3");
//   const Fields fields(record, "metrics.jsonl: line 3");
//   const double loss = fields.number("loss");   // or Error: ... line 3: "loss" must be a number,
//   ...
//
// Left out: writing JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wavenet::logs {

// What is read at most.
inline constexpr std::size_t kMaxKeys = 10'000;
inline constexpr std::int64_t kMaxCount = std::int64_t{1} << 50;  // of any integer
inline constexpr std::size_t kMaxList = 10'000;
inline constexpr std::size_t kMaxNameBytes = 1000;

using Json = nlohmann::json;

// Throws Error when the text is no JSON.
Json parse_json(std::string_view text, const std::string& place);

// The value of `key` in the order of the text, indented; empty where the key is missing. Throws
// Error when the text nests deeper than 16 or has more than kMaxKeys keys.
std::string indented_part(std::string_view text, const char* key, const std::string& place);

// A key as messages show it.
std::string quoted(std::string_view key);

class Fields {
 public:
  // Both must outlive this. Throws Error when `value` is no object.
  Fields(const Json& value, const std::string& place);

  const std::string& place() const { return place_; }
  bool has(const char* key) const { return object_.contains(key); }
  std::vector<std::string> keys() const;

  // These throw Error when the key is missing or holds another kind.
  std::int64_t integer(const char* key) const;  // 0 to kMaxCount
  double number(const char* key) const;         // null and what f32 cannot hold: not a number
  std::string text(const char* key) const;
  std::string name(const char* key) const;  // text of at most kMaxNameBytes
  Fields object(const char* key) const;
  std::vector<Fields> objects(const char* key) const;  // lists hold at most kMaxList
  std::vector<std::int64_t> integers(const char* key) const;
  std::vector<double> numbers(const char* key) const;

  // The same for keys that may be missing.
  std::int64_t integer_or(const char* key, std::int64_t otherwise) const;
  std::string text_or(const char* key, std::string otherwise) const;
  std::optional<double> number_if(const char* key) const;
  std::optional<bool> boolean_if(const char* key) const;
  // Nothing also where the key holds no integer of 0 to 2^63 - 1.
  std::optional<std::int64_t> count_if(const char* key) const;
  // An integer, or text: whatever else stands there is spelt as JSON.
  std::variant<std::int64_t, std::string> fact(const std::string& key) const;

 private:
  const Json& at(const char* key) const;
  const Json& list(const char* key) const;
  std::int64_t integer_of(const Json& value, const char* key) const;
  double number_of(const Json& value, const char* key) const;

  const Json& object_;
  const std::string& place_;
};

}  // namespace wavenet::logs
