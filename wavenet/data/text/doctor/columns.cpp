// Numbers left beside the words of a list: "emma 19800", "1. emma", "emma: 7".
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr std::u32string_view kBeforeNumbers = U" :=";  // these stand in words, too

// "1.", "1)" or "1" before the word, after which a number of any form is none of the word.
bool is_rank(std::u32string_view text) {
  if (text.ends_with(U'.') || text.ends_with(U')')) {
    text.remove_suffix(1);
  }
  return is_number(text);
}

// Blanks and a CR may stand around what sed looks for.
std::string without_numbers(bool leading) {
  return leading ? "sed -E 's/^[[:space:]]*[0-9.,%+-]+[.)]?[[:space:]]+//'"
                 : "sed -E 's/[ :=,;]+[0-9.,%+-]+[[:space:]]*$//'";
}

// "name births": two words of which one tells of a number.
bool is_titles(std::u32string_view text) {
  const std::size_t blank = text.find(U' ');
  if (blank == text.npos || text.find(U' ', blank + 1) != text.npos) {
    return false;
  }
  constexpr std::array<std::u32string_view, 14> kNumbers{
      U"rank",   U"no",     U"nr",   U"id",        U"n",     U"count",   U"counts",
      U"number", U"births", U"freq", U"frequency", U"total", U"percent", U"value"};
  const auto is_one = [&](std::u32string_view word) {
    std::u32string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char32_t c) { return c >= U'A' && c <= U'Z' ? c + 32 : c; });
    return std::find(kNumbers.begin(), kNumbers.end(), lower) != kNumbers.end();
  };
  return is_one(text.substr(0, blank)) || is_one(text.substr(blank + 1));
}

class ColumnsCheck : public Check {
 public:
  void see(const Line& line) override {
    if (!line.beside) {
      titles_ = titles_ || (line.number == 1 && is_titles(line.text));
      return;
    }
    Seen& seen = seen_[{line.beside->separator, line.beside->leading}];
    if (seen.where.empty()) {
      seen.example = excerpt(encode_utf8(line.text));
      seen.line = line.number;
    }
    seen.quoted = seen.quoted || line.text.starts_with(U'"');
    seen.where.add(line.number);
  }

  void conclude(Diagnosis& diagnosis) override {
    for (const auto& [kind, seen] : seen_) {
      const auto [separator, leading] = kind;
      const bool titles = titles_ && seen.where.lines() + 1 == diagnosis.filled();
      const bool few = are_few(seen.where.lines(), diagnosis);
      const std::string after = separator == U' ' ? "a space" : printable(separator);
      diagnosis.findings.push_back(
          {Severity::warning, "columns",
           fmt::format("{} a number{}, as in line {}: '{}'{}",
                       lines_that_hold(seen.where, diagnosis),
                       leading ? " before the word" : " after " + after, seen.line, seen.example,
                       titles ? "; line 1 seems to hold their titles" : ""),
           seen.where, few ? kLookAtThem : "keep the words alone",
           few ? "" : kept_by(without_numbers(leading), titles, seen.quoted, diagnosis)});
    }
  }

 private:
  struct Seen {
    Places where;
    bool quoted = false;  // words, in any line
    std::string example;
    std::size_t line = 0;
  };

  bool titles_ = false;                             // in line 1, as it seems
  std::map<std::pair<char32_t, bool>, Seen> seen_;  // by separator and side
};

}  // namespace

bool is_number(std::u32string_view text) {
  const auto is_digit = [](char32_t c) { return c >= U'0' && c <= U'9'; };  // as sed has it
  const auto fits = [&](char32_t c) {
    return is_digit(c) || std::u32string_view(U".,+-%").find(c) != std::u32string_view::npos;
  };
  return std::any_of(text.begin(), text.end(), is_digit) &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_grouped(std::u32string_view text) {
  const std::size_t comma = text.find(U',');
  return comma != text.npos && comma > 0 && comma <= 3 && (text.size() - comma) % 4 == 0 &&
         is_number(text);
}

std::optional<Number> number_beside(std::u32string_view text) {
  for (const char32_t separator : kBeforeNumbers) {
    const std::size_t last = text.rfind(separator);
    if (last == text.npos || last == 0) {
      continue;
    }
    if (is_number(text.substr(last + 1))) {
      return Number{separator, false};
    }
    if (separator == U' ' && is_rank(text.substr(0, text.find(separator)))) {
      return Number{separator, true};
    }
  }
  return std::nullopt;
}

std::unique_ptr<Check> columns_check() { return std::make_unique<ColumnsCheck>(); }

}  // namespace wavenet::data
