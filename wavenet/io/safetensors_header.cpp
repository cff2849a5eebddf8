#include "wavenet/io/safetensors_header.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "wavenet/base/check.h"
#include "wavenet/base/json_text.h"
#include "wavenet/base/utf8.h"

namespace wavenet::io {
namespace {

// Receives the parser's events and accepts only what a header may hold, so that no tree of JSON
// values is ever built: a hostile header costs no more memory than its tensors' names.
class HeaderReader {
 public:
  HeaderReader(const std::string& file, Header& header) : file_(file), header_(header) {}

  bool null() { unexpected("null"); }
  bool boolean(bool) { unexpected("true or false"); }
  bool number_float(double, const std::string&) { unexpected("a number with a fraction"); }
  bool binary(std::vector<std::uint8_t>&) { unexpected("binary data"); }

  bool number_integer(std::int64_t value) {
    fail_damaged("{}: {} holds {}; sizes and offsets cannot be negative", file_, place(), value);
  }

  bool number_unsigned(std::uint64_t value) {
    if (!in_list_) {
      unexpected("a number");
    }
    check_intact(value <= static_cast<std::uint64_t>(INT64_MAX),
                 "{}: {} holds {}, which is too large", file_, place(), value);
    check_intact(list_.size() < longest_list(), "{}: {} has more than {} numbers", file_, place(),
                 longest_list());
    list_.push_back(static_cast<std::int64_t>(value));
    return true;
  }

  bool string(std::string& value) {
    if (level_ == Level::metadata) {
      header_.metadata[field_] = std::move(value);
    } else if (level_ == Level::tensor && field_ == "dtype" && !in_list_) {
      dtype_ = parse_dtype(value);
    } else {
      unexpected("text");
    }
    return true;
  }

  bool start_object(std::size_t) {
    if (in_list_ || level_ == Level::metadata || level_ == Level::tensor) {
      unexpected("an object");
    }
    if (level_ == Level::outside) {
      level_ = Level::top;
    } else if (name_ == kMetadataKey) {
      level_ = Level::metadata;
    } else {
      level_ = Level::tensor;
      dtype_.reset();
      shape_.reset();
      offsets_.reset();
    }
    return true;
  }

  bool key(std::string& key) {
    if (level_ == Level::top) {
      name_ = std::move(key);
      field_.clear();
      const bool twice = name_ == kMetadataKey ? has_metadata_ : header_.tensors.contains(name_);
      check_intact(!twice, "{}: {} stands twice in the header", file_, place());
      has_metadata_ = has_metadata_ || name_ == kMetadataKey;
      return true;
    }
    field_ = std::move(key);
    if (level_ == Level::metadata) {
      check_intact(!header_.metadata.contains(field_), "{}: {} stands twice", file_, place());
      return true;
    }
    const bool twice = (field_ == "dtype" && dtype_) || (field_ == "shape" && shape_) ||
                       (field_ == "data_offsets" && offsets_);
    check_intact(!twice, "{}: {} stands twice", file_, place());
    check_intact(field_ == "dtype" || field_ == "shape" || field_ == "data_offsets",
                 "{}: {} is no part of the format", file_, place());
    return true;
  }

  bool end_object() {
    if (level_ == Level::tensor) {
      finish_tensor();
    }
    level_ = level_ == Level::top ? Level::outside : Level::top;
    return true;
  }

  bool start_array(std::size_t) {
    if (in_list_ || level_ != Level::tensor || field_ == "dtype") {
      unexpected("a list");
    }
    in_list_ = true;
    list_.clear();
    return true;
  }

  bool end_array() {
    in_list_ = false;
    (field_ == "shape" ? shape_ : offsets_) = list_;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const std::exception& error) {
    fail_damaged("{}: the header is no JSON at its byte {}: {}", file_, position,
                 one_line_problem(error.what()));
  }

 private:
  enum class Level : std::uint8_t { outside, top, metadata, tensor };

  std::string place() const {
    if (level_ == Level::outside || name_.empty()) {
      return "the header";
    }
    const std::string name = excerpt(name_, 100);
    if (level_ == Level::metadata) {
      return fmt::format("metadata '{}'", excerpt(field_, 100));
    }
    return level_ == Level::top || field_.empty()
               ? fmt::format("tensor '{}'", name)
               : fmt::format("tensor '{}': {}", name, excerpt(field_, 100));
  }

  [[noreturn]] void unexpected(std::string_view what) const {
    fail_damaged("{}: {} cannot be {}", file_, place(), what);
  }

  std::size_t longest_list() const {
    return field_ == "shape" ? static_cast<std::size_t>(kMaxRank) : 2;
  }

  DType parse_dtype(std::string_view text) const {
    for (DType type : {DType::f32, DType::f64, DType::i32}) {
      if (text == safetensors_name(type)) {
        return type;
      }
    }
    fail_damaged("{}: tensor '{}' has the type {}; only F32, F64 and I32 are read", file_,
                 excerpt(name_, 100), excerpt(text));
  }

  void finish_tensor() {
    field_.clear();
    check_intact(dtype_ && shape_ && offsets_, "{}: {} needs dtype, shape and data_offsets", file_,
                 place());
    check_intact(offsets_->size() == 2, "{}: {} needs 2 data_offsets, got {}", file_, place(),
                 offsets_->size());
    header_.tensors[name_] = {*dtype_, Shape(std::span<const std::int64_t>(*shape_)),
                              (*offsets_)[0], (*offsets_)[1]};
  }

  const std::string& file_;
  Header& header_;
  Level level_ = Level::outside;
  std::string name_;   // the tensor, or __metadata__
  std::string field_;  // the key inside it
  bool has_metadata_ = false;
  bool in_list_ = false;
  std::vector<std::int64_t> list_;
  std::optional<DType> dtype_;
  std::optional<std::vector<std::int64_t>> shape_;
  std::optional<std::vector<std::int64_t>> offsets_;
};

}  // namespace

std::string_view safetensors_name(DType type) {
  switch (type) {
    case DType::f32:
      return "F32";
    case DType::f64:
      return "F64";
    case DType::i32:
      return "I32";
  }
  return "?";
}

Header parse_header(std::string_view json, const std::string& name) {
  // The parser takes a zero byte for the end of the text and would not look further.
  check_intact(json.starts_with('{') && json.find('\0') == json.npos,
               "{}: the header is no JSON object; is this a safetensors file?", name);
  Header header;
  HeaderReader reader(name, header);
  nlohmann::json::sax_parse(json, &reader);
  return header;
}

std::string header_json(const Header& header) {
  nlohmann::json root = nlohmann::json::object();  // keeps its keys sorted
  if (!header.metadata.empty()) {
    root[std::string(kMetadataKey)] = header.metadata;
  }
  for (const auto& [name, entry] : header.tensors) {
    root[name] = {{"dtype", safetensors_name(entry.dtype)},
                  {"shape", std::vector<std::int64_t>(entry.shape.begin(), entry.shape.end())},
                  {"data_offsets", {entry.begin, entry.end}}};
  }
  std::string json = root.dump();
  json.resize((json.size() + 7) / 8 * 8, ' ');
  return json;
}

}  // namespace wavenet::io
