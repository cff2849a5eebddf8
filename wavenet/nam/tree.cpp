#include "wavenet/nam/tree.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/json_text.h"
#include "wavenet/base/utf8.h"

namespace wavenet::nam {
namespace {

using Json = nlohmann::ordered_json;

// Receives the parser's events and puts each value where it belongs. What is open grows at its end
// alone, so that a pointer to what is open inside it stays good.
class Builder {
 public:
  Builder(std::string_view text, const std::string& file, Json& root)
      : text_(text), file_(file), root_(root) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(std::vector<std::uint8_t>&) { return true; }  // JSON has none

  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& key) {
    Level& level = open_.back();
    level.key = std::move(key);
    check_intact(!level.value->contains(level.key), "{}: {} stands twice", file_, path());
    check_intact(level.value->size() < kMaxKeys, "{}: {} is beyond {} keys of one object", file_,
                 path(), kMaxKeys);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const std::exception& error) {
    const std::size_t at = position == 0 ? 0 : position - 1;
    const char found = at < text_.size() ? text_[at] : ' ';
    if (found == 'N' || found == 'I') {
      fail_damaged("{}: {}: {} is no number of JSON; the model was broken when it was written",
                   file_, position_in(text_, at), found == 'N' ? "NaN" : "Infinity");
    }
    fail_damaged("{}: {}: {}", file_, position_in(text_, at), one_line_problem(error.what()));
  }

 private:
  struct Level {
    Json* value;
    std::string key;  // the latest, of an object
  };

  // Of what comes next in the innermost level.
  std::string path() const {
    std::string text;
    for (const Level& level : open_) {
      if (level.value->is_array()) {
        text += fmt::format("[{}]", level.value->size() - (&level == &open_.back() ? 0 : 1));
      } else {
        text += (text.empty() ? "" : ".") + excerpt(level.key);
      }
    }
    return text;
  }

  Json* put(Json value) {
    check_intact(++values_ <= kMaxValues, "{}: it holds more than {} values", file_, kMaxValues);
    if (open_.empty()) {
      check_intact(value.is_object(), "{}: no .nam file: its JSON is no object", file_);
      root_ = std::move(value);
      return &root_;
    }
    Level& level = open_.back();
    if (level.value->is_array()) {
      return &level.value->emplace_back(std::move(value));
    }
    return &level.value->emplace(level.key, std::move(value)).first.value();
  }

  template <class T>
  bool add(T value) {
    put(std::move(value));
    return true;
  }

  bool open(Json empty) {
    check_intact(open_.size() < kMaxDepth, "{}: {} nests lists and objects more than {} deep",
                 file_, excerpt(path(), 100), kMaxDepth);
    Json* const value = put(std::move(empty));
    open_.push_back({value, {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& file_;
  Json& root_;
  std::vector<Level> open_;
  std::size_t values_ = 0;
};

}  // namespace

nlohmann::ordered_json tree_of(std::string_view text, const std::string& file) {
  // The parser takes a zero byte for the end of the text and would not look further.
  check_intact(text.find('\0') == text.npos, "{}: no .nam file: it holds bytes of no text", file);
  Json root;
  Builder builder(text, file, root);
  Json::sax_parse(text, &builder);
  return root;
}

}  // namespace wavenet::nam
