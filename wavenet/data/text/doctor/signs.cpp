// What stands around the words of a list and is no part of them: the same sign at the beginning or
// the end of most lines, as quotes, bullets and commas do, and HTML's entities.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "wavenet/base/characters.h"
#include "wavenet/base/shell.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/checks.h"
#include "wavenet/data/text/doctor/entities.h"

namespace wavenet::data {
namespace {

constexpr double kMost = 0.5;              // of the lines
constexpr std::size_t kUnknownShown = 10;  // entities
constexpr std::size_t kFewest = 10;        // lines, below which there is no habit

// A sign for sed's extended expressions.
std::string expression(char32_t sign) {
  const std::string text = encode_utf8(sign);
  return sign >= 0x80                                   ? text
         : std::string("]^\\/").find(text) != text.npos ? "\\" + text
                                                        : "[" + text + "]";
}

// The last sign closes a bracket that the line opens: "emma (12)".
bool closes(std::u32string_view text) {
  constexpr std::u32string_view kOpen = U"([{";
  constexpr std::u32string_view kClose = U")]}";
  const std::size_t kind = kClose.find(text.back());
  return kind != kClose.npos && text.find(kOpen[kind]) != text.npos;
}

class SignsCheck : public Check {
 public:
  explicit SignsCheck(const DoctorOptions& options) : is_list_(options.format == Format::lines) {}

  void see(const Line& line) override {
    if (line.text.empty()) {
      return;
    }
    if (line.entities) {
      entities_.add(line.number);
      add_entities(line.text, names_);
    }
    if (!is_list_) {
      return;
    }
    if (kind_of(line.text.front()) == CharacterKind::other) {
      begin_[line.text.front()].add(line.number);
    }
    if (kind_of(line.text.back()) == CharacterKind::other && !closes(line.text)) {
      end_[line.text.back()].add(line.number);
    }
  }

  void conclude(Diagnosis& diagnosis) override {
    if (!entities_.empty()) {
      const EntityFilter filter = entity_filter(names_);
      Finding finding{Severity::warning,
                      "HTML entities",
                      fmt::format("{} HTML's names for characters, such as &amp; or &#39;",
                                  lines_that_hold(entities_, diagnosis)),
                      entities_,
                      "write the characters themselves",
                      filter.command.empty() ? "" : mended_by(filter.command, diagnosis)};
      if (!filter.unknown.empty()) {
        std::vector<std::string> shown = filter.unknown;
        shown.resize(std::min(shown.size(), kUnknownShown));
        const std::size_t more = filter.unknown.size() - shown.size();
        finding.details.push_back(fmt::format("by hand: {}{}", fmt::join(shown, ", "),
                                              more > 0 ? fmt::format(" and {} more", more) : ""));
      }
      diagnosis.findings.push_back(std::move(finding));
    }
    const bool in_columns = std::any_of(
        diagnosis.findings.begin(), diagnosis.findings.end(), [&](const Finding& finding) {
          return finding.rule == "columns" && is_most(finding.where.lines(), diagnosis);
        });
    if (!in_columns) {  // whose command takes quotes away as well
      conclude_side(begin_, "begin", "s/^[[:space:]]*{}[[:space:]]*//", diagnosis);
      conclude_side(end_, "end", "s/[[:space:]]*{}[[:space:]]*$//", diagnosis);
    }
  }

 private:
  static bool is_most(std::size_t lines, const Diagnosis& diagnosis) {
    return lines >= kFewest &&
           static_cast<double>(lines) >= kMost * static_cast<double>(diagnosis.filled());
  }

  static void conclude_side(const std::map<char32_t, Places>& side, const char* what,
                            const char* script, Diagnosis& diagnosis) {
    for (const auto& [sign, where] : side) {
      if (is_most(where.lines(), diagnosis)) {
        const bool tag = sign == U'<' || sign == U'>';  // of HTML or XML
        const std::string filter =
            tag ? "sed 's/<[^>]*>//g'"
                : "sed -E " + shell_word(fmt::format(fmt::runtime(script), expression(sign)));
        diagnosis.findings.push_back(
            {Severity::warning, "same sign",
             fmt::format("{} of {} {} with {}", where.lines(), counted(diagnosis.filled(), "line"),
                         what, printable(sign)),
             where,
             tag ? "remove the tags around the words" : "remove it, if it is no part of the words",
             mended_by(filter, diagnosis)});
      }
    }
  }

  bool is_list_;
  Places entities_;
  std::set<std::u32string> names_;
  std::map<char32_t, Places> begin_;
  std::map<char32_t, Places> end_;
};

}  // namespace

std::unique_ptr<Check> signs_check(const DoctorOptions& options) {
  return std::make_unique<SignsCheck>(options);
}

}  // namespace wavenet::data
