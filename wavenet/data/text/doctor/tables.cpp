// Tables left in a list of words: columns parted by a tab, a comma, a semicolon or a bar, and lists
// that hold several words in a line.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "wavenet/base/characters.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr std::u32string_view kSeparators = U"\t,;|";
constexpr std::size_t kMostColumns = 20;
constexpr std::size_t kMostValues = 2000;  // that are told apart, of a column
constexpr double kMostRows = 0.5;          // of the lines
constexpr double kVaried = 0.2;            // of the values of the most varied column: words, too

std::string name_of(char32_t separator) {
  return separator == U'\t' ? "a tab" : separator == U',' ? "a comma" : printable(separator);
}

std::u32string_view without_quotes(std::u32string_view text) {
  constexpr std::u32string_view kAround = U" \"";
  const std::size_t first = text.find_first_not_of(kAround);
  return first == text.npos ? std::u32string_view()
                            : text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

// "emma;0,5": beside a semicolon a number may have its decimals after a comma.
bool has_decimal_comma(std::u32string_view text) {
  const std::size_t semicolon = text.rfind(U';');
  return semicolon != text.npos &&
         (is_number(text.substr(semicolon + 1)) || is_number(text.substr(0, text.find(U';'))));
}

// Where the next field begins; a separator between quotes parts nothing.
std::size_t end_of_field(std::u32string_view text, char32_t separator) {
  const std::size_t quote = text.starts_with(U'"') ? text.find(U'"', 1) : 0;
  return text.find(separator, quote == text.npos ? 0 : quote);
}

std::vector<std::u32string_view> fields_of(std::u32string_view text, char32_t separator) {
  std::vector<std::u32string_view> fields;
  for (std::size_t end = 0;
       fields.size() + 1 < kMostColumns && (end = end_of_field(text, separator)) != text.npos;) {
    fields.push_back(without_quotes(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  fields.push_back(without_quotes(text));
  return fields;
}

bool is_word(std::u32string_view field) {
  const auto has = [&](CharacterKind kind) {
    return std::any_of(field.begin(), field.end(), [&](char32_t c) { return kind_of(c) == kind; });
  };
  return has(CharacterKind::letter) && !has(CharacterKind::digit);
}

// What may stand over a column of numbers; a gap in it, such as "N/A", is none.
bool is_title(std::u32string_view field) {
  const auto fits = [](char32_t c) {
    return kind_of(c) == CharacterKind::letter || c == U' ' || c == U'_';
  };
  const bool is_short_title = field == U"id" || field == U"Id" || field == U"ID";
  return (field.size() > 2 || is_short_title) && field != U"NaN" && field != U"nan" &&
         field != U"None" && field != U"null" && std::all_of(field.begin(), field.end(), fits);
}

struct Contents {  // of a column
  std::size_t words = 0;
  std::size_t phrases = 0;  // of the words: with a blank in them
  std::size_t numbers = 0;
  std::unordered_set<std::u32string> values{};
};

struct Table {
  Places where;
  std::map<std::size_t, std::size_t> widths;  // columns of a line -> lines
  std::vector<Contents> columns;
  std::vector<std::u32string> first;  // line 1, which may hold titles
  bool quoted = false;
  bool uncut = false;  // separators stand in quotes or entities, too, where cut would part a field
  std::vector<std::pair<std::size_t, std::string>> examples;  // two lines

  std::size_t width() const {  // of most lines
    return std::max_element(widths.begin(), widths.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }
  bool mostly(std::size_t lines) const {
    return static_cast<double>(lines) >= kMostRows * static_cast<double>(where.lines());
  }
  bool holds_words(std::size_t column) const { return mostly(columns[column].words); }
  bool holds_numbers(std::size_t column) const { return mostly(columns[column].numbers); }

  // The column of words with the most different ones; none where no column holds words.
  std::optional<std::size_t> best() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (holds_words(i) && (!best || columns[i].values.size() > columns[*best].values.size())) {
        best = i;
      }
    }
    return best;
  }

  // Names in rows, not a name with something about it.
  bool is_of_words_alone() const {
    const std::optional<std::size_t> most = best();
    if (!most) {
      return false;
    }
    const auto varied = kVaried * static_cast<double>(columns[*most].values.size());
    for (std::size_t i = 0; i < width(); ++i) {
      if (!holds_words(i) || mostly(columns[i].phrases) ||
          static_cast<double>(columns[i].values.size()) < varied) {
        return false;
      }
    }
    return where.lines() > 1;
  }

  // Line 1 has a word where the others have numbers.
  bool has_titles() const {
    for (std::size_t i = 0; i < std::min(first.size(), columns.size()); ++i) {
      if (holds_numbers(i) && is_title(first[i])) {
        return true;
      }
    }
    return false;
  }
};

class TablesCheck : public Check {
 public:
  void see(const Line& line) override {
    if (!line.separator) {
      return;
    }
    Table& table = tables_[*line.separator];
    table.where.add(line.number);
    table.quoted = table.quoted || line.text.find(U'"') != line.text.npos;
    if (table.examples.size() < 2) {
      table.examples.emplace_back(line.number, excerpt(encode_utf8(line.text)));
    }
    const std::vector<std::u32string_view> fields = fields_of(line.text, *line.separator);
    const auto separators = std::count(line.text.begin(), line.text.end(), *line.separator);
    table.uncut = table.uncut ||
                  (fields.size() < kMostColumns &&
                   separators >= static_cast<std::ptrdiff_t>(fields.size())) ||
                  line.entities;
    ++table.widths[fields.size()];
    table.columns.resize(std::max(table.columns.size(), fields.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      Contents& column = table.columns[i];
      column.words += is_word(fields[i]) ? 1 : 0;
      column.phrases += is_word(fields[i]) && fields[i].find(U' ') != fields[i].npos ? 1 : 0;
      column.numbers += is_number(fields[i]) ? 1 : 0;
      if (column.values.size() < kMostValues) {
        column.values.emplace(fields[i]);
      }
    }
    if (line.number == 1) {
      table.first.assign(fields.begin(), fields.end());
    }
  }

  void conclude(Diagnosis& diagnosis) override {
    for (const auto& [separator, table] : tables_) {
      const bool titles = table.has_titles();
      const bool alone = table.is_of_words_alone();
      const std::string what =
          alone ? "several words, parted by " + name_of(separator) : contents(table, separator);
      const auto& [line, example] = table.examples[titles && table.examples.size() > 1 ? 1 : 0];
      Finding finding{
          separator == U'\t' ? Severity::error : Severity::warning,
          alone ? kSeveralWords : "columns",
          fmt::format("{} {}, as in line {}: '{}'{}", lines_that_hold(table.where, diagnosis), what,
                      line, example, titles ? "; line 1 seems to hold their titles" : ""),
          table.where, "keep the words alone"};
      advise(table, separator, titles, diagnosis, finding);
      diagnosis.findings.push_back(std::move(finding));
    }
  }

 private:
  static std::string contents(const Table& table, char32_t separator) {
    const std::optional<std::size_t> best = table.best();
    if (table.width() != 2) {
      return fmt::format("{} columns, parted by {}{}", table.width(), name_of(separator),
                         best ? fmt::format(", the words in column {}", *best + 1) : "");
    }
    const std::size_t other = best.value_or(0) == 0 ? 1 : 0;
    return fmt::format("{}{}", table.holds_numbers(other) ? "a number" : "a second column",
                       other == 0 ? " before the word" : " after " + name_of(separator));
  }

  static void advise(const Table& table, char32_t separator, bool titles,
                     const Diagnosis& diagnosis, Finding& finding) {
    const std::string quoted =
        fmt::format("'{}'", separator == U'\t' ? "\\t" : encode_utf8(separator));
    const std::optional<std::size_t> best = table.best();
    const bool few = are_few(table.where.lines(), diagnosis);
    if (table.is_of_words_alone()) {
      finding.advice = "write one word a line, or choose a column";
      if (!few && !table.uncut) {
        finding.command =
            kept_by(fmt::format("tr {} '\\n' <", quoted), false, table.quoted, diagnosis);
      }
      return;
    }
    if (few || table.uncut) {
      finding.advice =
          few ? kLookAtThem : "keep the words alone, by a program that knows quotes and entities";
      return;
    }
    if (!best) {
      finding.advice = "no column seems to hold words; choose one by hand";
      return;
    }
    const std::string cut = separator == U'\t'  // cut takes it by itself
                                ? fmt::format("cut -f {}", *best + 1)
                                : fmt::format("cut -d {} -f {}", quoted, *best + 1);
    finding.command = kept_by(cut, titles, table.quoted, diagnosis);
  }

  std::map<char32_t, Table> tables_;
};

}  // namespace

std::optional<char32_t> separator_of(std::u32string_view text) {
  for (const char32_t separator : kSeparators) {
    const std::size_t at = text.rfind(separator);
    if (at == text.npos || at == 0 || (at + 1 == text.size() && separator != U'\t')) {
      continue;
    }
    if (separator == U',' &&
        (is_grouped(text.substr(text.rfind(U' ') + 1)) ||
         is_grouped(text.substr(0, text.find(U' '))) || has_decimal_comma(text))) {
      continue;  // "emma 19,800", "emma;0,5": the comma belongs to the number
    }
    return separator;
  }
  return std::nullopt;
}

std::unique_ptr<Check> tables_check() { return std::make_unique<TablesCheck>(); }

}  // namespace wavenet::data
