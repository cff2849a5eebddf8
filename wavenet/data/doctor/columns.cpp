// Columns left in a list of words: "emma,19800", "emma 19800", "1. emma", tabs.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "wavenet/base/characters.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr std::u32string_view kTableSeparators = U"\t,;|";
constexpr std::u32string_view kBeforeNumbers = U" :=";  // these stand in words, too

// "19800", "19,800", "0.5", "-3", "12%".
bool is_number(std::u32string_view text) {
  const auto is_digit = [](char32_t c) { return kind_of(c) == CharacterKind::digit; };
  const auto fits = [&](char32_t c) {
    return is_digit(c) || std::u32string_view(U".,+-%").find(c) != std::u32string_view::npos;
  };
  return std::any_of(text.begin(), text.end(), is_digit) &&
         std::all_of(text.begin(), text.end(), fits);
}

std::u32string_view without_spaces(std::u32string_view text) {
  const std::size_t first = text.find_first_not_of(U' ');
  return first == text.npos ? std::u32string_view()
                            : text.substr(first, text.find_last_not_of(U' ') - first + 1);
}

// "1.", "1)" or "1" before the word, after which a number of any form is none of the word.
bool is_rank(std::u32string_view text) {
  if (text.ends_with(U'.') || text.ends_with(U')')) {
    text.remove_suffix(1);
  }
  return is_number(text);
}

std::string name_of(char32_t separator) {
  switch (separator) {
    case U'\t':
      return "a tab";
    case U',':
      return "a comma";
    case U' ':
      return "a space";
    default:
      return printable(separator);
  }
}

// Thousands with commas: "19,800".
bool is_grouped(std::u32string_view text) {
  const std::size_t comma = text.find(U',');
  return comma != text.npos && comma > 0 && comma <= 3 && (text.size() - comma) % 4 == 0 &&
         is_number(text);
}

// Blanks and a CR may stand around what sed looks for.
std::string without_numbers(const Column& column) {
  return column.leading ? "sed -E 's/^[[:space:]]*[0-9.,%+-]+[.)]?[[:space:]]+//'"
                        : "sed -E 's/[ :=,;]+[0-9.,%+-]+[[:space:]]*$//'";
}

std::string one_column(const Column& column) {
  const std::string separator =  // cut takes a tab by itself
      column.separator == U'\t' ? "" : fmt::format(" -d '{}'", encode_utf8(column.separator));
  return fmt::format("cut{} -f {}", separator, column.leading ? 2 : 1);
}

class ColumnsCheck : public Check {
 public:
  void see(const Line& line) override {
    const std::optional<Column> column = column_of(line.text);
    if (!column) {
      first_has_blank_ =
          first_has_blank_ || (line.number == 1 && line.text.find(U' ') != line.text.npos);
      return;
    }
    Seen& seen = seen_[{column->separator, column->leading}];
    // Titles of the columns, as may turn out; then the line after them is the example.
    seen.titles = seen.titles || (line.number == 1 && !column->number);
    if (seen.where.empty() || (seen.titles && seen.where.lines() == 1)) {
      seen.example = excerpt(encode_utf8(line.text));
      seen.line = line.number;
    }
    seen.numbers += column->number ? 1 : 0;
    seen.quoted = seen.quoted || line.text.starts_with(U'"');
    seen.where.add(line.number);
  }

  void conclude(Diagnosis& diagnosis) override {
    for (const auto& [kind, seen] : seen_) {
      const auto [separator, leading] = kind;
      const bool numbers = 2 * seen.numbers > seen.where.lines();
      const bool titles = numbers && has_titles(separator, seen, diagnosis);
      const std::string beside = fmt::format("{}{}", numbers ? "a number" : "a second column",
                                             leading ? " before the word" : "");
      const std::string who =
          seen.where.lines() == diagnosis.filled()
              ? "every line holds"
              : fmt::format("{} of {} {}", seen.where.lines(), counted(diagnosis.filled(), "line"),
                            seen.where.lines() == 1 ? "holds" : "hold");
      diagnosis.findings.push_back(
          {separator == U'\t' ? Severity::error : Severity::warning, "columns",
           fmt::format("{} {}{}, as in line {}: '{}'{}", who, beside,
                       leading ? "" : fmt::format(" after {}", name_of(separator)), seen.line,
                       seen.example, titles ? "; line 1 seems to hold their titles" : ""),
           seen.where, "keep the words alone",
           command_for({separator, numbers, leading}, seen, titles, diagnosis)});
    }
  }

 private:
  struct Seen {
    Places where;
    std::size_t numbers = 0;
    bool titles = false;
    bool quoted = false;  // words, in any line
    std::string example;
    std::size_t line = 0;
  };

  // Where a blank parts the columns, titles show only by being the one line without a number.
  bool has_titles(char32_t separator, const Seen& seen, const Diagnosis& diagnosis) const {
    return seen.titles ||
           (separator == U' ' && first_has_blank_ && seen.where.lines() + 1 == diagnosis.filled());
  }

  static std::string command_for(const Column& column, const Seen& seen, bool titles,
                                 const Diagnosis& diagnosis) {
    const bool blanks = kBeforeNumbers.find(column.separator) != kBeforeNumbers.npos;
    const std::string columns = blanks ? without_numbers(column) : one_column(column);
    const std::string quotes = seen.quoted ? " | tr -d '\"'" : "";
    return titles ? mended_by("tail -n +2", diagnosis, fmt::format(" | {}{}", columns, quotes))
                  : mended_by(columns, diagnosis, quotes);
  }

  bool first_has_blank_ = false;                    // and no number
  std::map<std::pair<char32_t, bool>, Seen> seen_;  // by separator and side
};

}  // namespace

std::optional<Column> column_of(std::u32string_view text) {
  for (const char32_t separator : kTableSeparators) {
    const std::size_t at = text.rfind(separator);
    if (at == text.npos || at == 0 || (at + 1 == text.size() && separator != U'\t')) {
      continue;
    }
    if (separator == U',' && (is_grouped(text.substr(text.rfind(U' ') + 1)) ||
                              is_grouped(text.substr(0, text.find(U' '))))) {
      continue;  // "emma 19,800": the comma belongs to the number
    }
    const std::size_t first = text.find(separator);
    if (first > 0 && is_rank(text.substr(0, first)) && !is_number(text.substr(at + 1))) {
      return Column{separator, true, true};
    }
    return Column{separator, is_number(without_spaces(text.substr(at + 1))), false};
  }
  for (const char32_t separator : kBeforeNumbers) {
    const std::size_t last = text.rfind(separator);
    if (last == text.npos || last == 0) {
      continue;
    }
    if (is_number(text.substr(last + 1))) {
      return Column{separator, true, false};
    }
    if (separator == U' ' && is_rank(text.substr(0, text.find(separator)))) {
      return Column{separator, true, true};
    }
  }
  return std::nullopt;
}

std::unique_ptr<Check> columns_check() { return std::make_unique<ColumnsCheck>(); }

}  // namespace wavenet::data
