// Which characters there are, how often, and which of them seem to be there by mistake.
#include "wavenet/base/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "wavenet/data/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kHabit = 10;          // lines, below which what all of them do is no habit
constexpr std::int64_t kRare = 5;           // a character seen less often is hardly learned
constexpr std::int64_t kEnoughText = 2000;  // characters from which on such ones are told

// The byte that a character stands for in code page 1252, which is Latin-1 but for 0x80 to 0x9F; 0
// for none.
unsigned byte_of(char32_t character) {
  constexpr std::u32string_view kFrom0x80 =
      U"\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D"
      U"\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A"
      U"\u0153\u009D\u017E\u0178";
  const std::size_t at = kFrom0x80.find(character);
  return at != kFrom0x80.npos ? static_cast<unsigned>(0x80 + at)
         : character < 0x100  ? static_cast<unsigned>(character)
                              : 0;
}

// The length of the character that these would be, had their bytes been read as UTF-8: "Ã«" for
// "ë"; 0 where they are none. Only for what such characters begin with in Latin, Greek and
// Cyrillic, and in curly quotes: others, as in "MÍŠA", stand in words.
std::size_t twice_at(std::u32string_view text) {
  constexpr std::u32string_view kLeads = U"\u00C2\u00C3\u00C4\u00C5\u00CE\u00CF\u00D0\u00D1";
  constexpr std::u32string_view kQuotes = U"\u00E2\u20AC";
  const std::size_t length = text.starts_with(kQuotes)                  ? 3
                             : kLeads.find(text.front()) != kLeads.npos ? 2
                                                                        : 0;
  if (length == 0 || text.size() < length) {
    return 0;
  }
  const unsigned last = byte_of(text[length - 1]);
  return last >= 0x80 && last < 0xC0 ? length : 0;
}

// Such characters in a line; of what is not ASCII the characters that are none of these; and
// whether code page 1252 must have been taken for it.
struct Twice {
  std::size_t found = 0;
  std::size_t others = 0;
  bool windows = false;
  bool undefined = false;  // there; iconv stops at it
};

Twice decoded_twice(std::u32string_view text) {
  Twice twice;
  while (!text.empty()) {
    const std::size_t length = twice_at(text);
    twice.found += length > 0 ? 1 : 0;
    twice.others += length == 0 && text.front() >= 0x80 ? 1 : 0;
    for (const char32_t c : text.substr(0, length)) {
      twice.windows = twice.windows || c > 0xFF;
      twice.undefined = twice.undefined || (c >= 0x80 && c < 0xA0);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return twice;
}

// Whether a mark or joiner is as it should be after `before`: most scripts write vowels, and emoji
// their forms, by such characters. In Latin, Greek and Cyrillic a letter with its accent is one.
bool belongs_after(char32_t before, char32_t character) {
  constexpr char32_t kNonJoiner = 0x200C;
  constexpr char32_t kJoiner = 0x200D;
  const bool joins = character == kNonJoiner || character == kJoiner;
  if (!joins && kind_of(character) != CharacterKind::mark) {
    return false;
  }
  const std::string_view script = script_of(before);
  return before >= 0x80 && script != "Latin" && script != "Greek" && script != "Cyrillic";
}

// The kinds that a reader does not expect in a line, each with its own word for it.
std::string_view odd_name(CharacterKind kind) {
  switch (kind) {
    case CharacterKind::unusual_space:
      return "spaces that are not the plain one";
    case CharacterKind::invisible:
      return "characters that cannot be seen";
    case CharacterKind::replacement:
      return "signs of a failed decoding";
    case CharacterKind::mark:
      return "accents apart from their letters";
    default:
      return "";
  }
}

std::string_view odd_advice(CharacterKind kind) {
  switch (kind) {
    case CharacterKind::replacement:
      return "go back to the original file and convert that to UTF-8";
    case CharacterKind::mark:
      return "write each letter with its accent as one character (normal form NFC)";
    default:
      return "replace them by plain spaces, or remove them";
  }
}

using Entries = std::vector<const CharacterCount*>;

std::string lines_hold(const Places& where, std::string_view what) {
  return fmt::format("{} {} {}", counted(where.lines(), "line"),
                     where.lines() == 1 ? "holds" : "hold", what);
}

class CharactersCheck : public Check {
 public:
  explicit CharactersCheck(const DoctorOptions& options)
      : is_list_(options.format == Format::lines) {}

  void see(const Line& line) override {
    const bool in_column = is_list_ && (separator_of(line.text) || number_beside(line.text));
    char32_t before = 0;
    for (const char32_t character : line.text) {
      Counted& entry = counts_[character];
      ++entry.count;
      entry.where.add(line.number);
      const CharacterKind kind = kind_of(character);
      if (kind == CharacterKind::letter) {
        Counted& script = scripts_[script_of(character)];
        ++script.count;
        script.where.add(line.number);
      } else if (!(kind == CharacterKind::digit && in_column) &&
                 !belongs_after(before, character)) {
        kinds_[kind].add(line.number);
      }
      before = character;
      if (character >= U'A' && character <= U'Z') {
        capitals_.add(line.number);
      }
    }
    const Twice twice = decoded_twice(line.text);
    if (twice.found > 0) {
      twice_.add(line.number);
    }
    windows_ = windows_ || twice.windows;
    undefined_ = undefined_ || twice.undefined;
    all_twice_ = all_twice_ && twice.others == 0;
    line_feeds_ = line_feeds_ || line.ended;
  }

  void conclude(Diagnosis& diagnosis) override {
    for (const auto& [character, entry] : counts_) {
      diagnosis.alphabet.push_back({character, entry.count, entry.where});
    }
    std::sort(diagnosis.alphabet.begin(), diagnosis.alphabet.end(),
              [](const CharacterCount& a, const CharacterCount& b) {
                return a.count != b.count ? a.count > b.count : a.character < b.character;
              });
    conclude_number(diagnosis);
    conclude_scripts(diagnosis);
    conclude_odd(diagnosis);
    conclude_twice(diagnosis);
    if (is_list_) {
      conclude_digits_and_capitals(diagnosis);
    }
    conclude_rare(diagnosis);
  }

 private:
  struct Counted {
    std::int64_t count = 0;
    Places where;
  };

  template <class Belongs>
  static Entries entries_where(const Diagnosis& diagnosis, const Belongs& belongs) {
    Entries entries;
    for (const CharacterCount& entry : diagnosis.alphabet) {
      if (belongs(entry)) {
        entries.push_back(&entry);
      }
    }
    return entries;
  }

  std::string_view main_script() const {
    const auto most = std::max_element(
        scripts_.begin(), scripts_.end(),
        [](const auto& a, const auto& b) { return a.second.count < b.second.count; });
    return most == scripts_.end() ? std::string_view() : most->first;
  }

  void conclude_number(Diagnosis& diagnosis) const {
    // A text's line feeds are characters of it.
    const std::size_t number = diagnosis.alphabet.size() + (!is_list_ && line_feeds_ ? 1 : 0);
    if (number > Vocabulary::kMaxCharacters) {
      diagnosis.findings.push_back(
          {Severity::error,
           "too many characters",
           fmt::format("{} different characters, at most {} are allowed", number,
                       Vocabulary::kMaxCharacters),
           {},
           "look whether the file is text; train on each script by itself"});
    }
  }

  // Letters of another script than most are.
  void conclude_scripts(Diagnosis& diagnosis) const {
    const std::string_view main = main_script();
    for (const auto& [script, entry] : scripts_) {
      if (script == main) {
        continue;
      }
      const Entries letters = entries_where(diagnosis, [&, name = script](const auto& letter) {
        return script_of(letter.character) == name;
      });
      const bool alike = std::all_of(letters.begin(), letters.end(), [](const auto* letter) {
        return look_alike(letter->character) != 0;
      });
      const bool few = are_few(entry.where.lines(), diagnosis);
      diagnosis.findings.push_back(
          {few ? Severity::warning : Severity::note,
           "another script",
           lines_hold(entry.where, fmt::format("{} letters; most letters are {}", script, main)),
           entry.where,
           alike && main == "Latin" ? "replace them by the Latin letters that they look like"
                                    : "remove those lines, or train on each script by itself",
           {},
           details_of(letters)});
    }
  }

  void conclude_odd(Diagnosis& diagnosis) const {
    for (const auto& [kind, where] : kinds_) {
      if (!odd_name(kind).empty()) {
        const Entries odd = entries_where(diagnosis, [kind = kind](const CharacterCount& entry) {
          return kind_of(entry.character) == kind;
        });
        diagnosis.findings.push_back(
            {are_few(where.lines(), diagnosis) ? Severity::warning : Severity::note,
             "odd characters",
             lines_hold(where, odd_name(kind)),
             where,
             std::string(odd_advice(kind)),
             {},
             details_of(odd)});
      }
    }
  }

  void conclude_twice(Diagnosis& diagnosis) const {
    if (twice_.empty()) {
      return;
    }
    Finding finding{Severity::warning, "decoded twice",
                    lines_hold(twice_, fmt::format("UTF-8 that was read as {} and written again",
                                                   windows_ ? "Windows-1252" : "Latin-1")),
                    twice_, "convert those lines back, or go back to the original file"};
    if (all_twice_ && !(windows_ && undefined_)) {  // elsewhere it would harm what is right
      finding.advice = "convert it back";
      finding.command = mended_by(
          fmt::format("iconv -f UTF-8 -t {}", windows_ ? "WINDOWS-1252" : "ISO-8859-1"), diagnosis);
    }
    diagnosis.findings.push_back(std::move(finding));
  }

  void conclude_digits_and_capitals(Diagnosis& diagnosis) const {
    const auto digits = kinds_.find(CharacterKind::digit);
    const std::size_t with_digits = digits == kinds_.end() ? 0 : digits->second.lines();
    const bool nearly_all =
        with_digits >= kHabit &&
        static_cast<double>(with_digits) > (1 - kFew) * static_cast<double>(diagnosis.filled());
    if (with_digits > 0 && (nearly_all || are_few(with_digits, diagnosis))) {
      diagnosis.findings.push_back(
          {Severity::warning, "digits",
           lines_hold(digits->second, nearly_all ? "digits" : "digits, in a list of letters"),
           digits->second,
           nearly_all ? "remove them, if they are counts or ranks"
                      : "remove them, or those lines"});
    }
    if (!capitals_.empty() && are_few(capitals_.lines(), diagnosis)) {
      diagnosis.findings.push_back(
          {Severity::note, "capitals",
           lines_hold(capitals_, "capital letters; the others are lower case"), capitals_,
           "write all in lower case, unless capitals tell something",
           mended_by("tr 'A-Z' 'a-z' <", diagnosis)});
    }
  }

  // Those that no other finding names.
  void conclude_rare(Diagnosis& diagnosis) const {
    std::int64_t characters = 0;
    for (const CharacterCount& entry : diagnosis.alphabet) {
      characters += entry.count;
    }
    if (characters < kEnoughText) {
      return;
    }
    const std::string_view main = main_script();
    const Entries rare = entries_where(diagnosis, [&](const CharacterCount& entry) {
      const CharacterKind kind = kind_of(entry.character);
      const std::string_view script = script_of(entry.character);
      return entry.count <= kRare && (script.empty() || script == main) && odd_name(kind).empty() &&
             kind != CharacterKind::control && kind != CharacterKind::digit;
    });
    if (!rare.empty()) {
      diagnosis.findings.push_back(
          {Severity::note,
           "rare characters",
           fmt::format(
               "{} at most {} times; a model hardly learns so rare ones",
               counted(rare.size(), "character") + (rare.size() == 1 ? " stands" : " stand"),
               kRare),
           {},
           "look whether they belong there",
           {},
           details_of(rare)});
    }
  }

  bool is_list_;
  std::unordered_map<char32_t, Counted> counts_;
  std::map<std::string_view, Counted> scripts_;
  std::map<CharacterKind, Places> kinds_;  // of what is no letter; no digits of columns
  Places capitals_;
  Places twice_;
  bool all_twice_ = true;  // of what is not ASCII
  bool windows_ = false;
  bool undefined_ = false;
  bool line_feeds_ = false;
};

}  // namespace

std::unique_ptr<Check> characters_check(const DoctorOptions& options) {
  return std::make_unique<CharactersCheck>(options);
}

}  // namespace wavenet::data
