// Which characters there are, how often, and which of them seem to be there by mistake.
#include "wavenet/base/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "wavenet/data/text/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kHabit = 10;          // lines, below which what all of them do is no habit
constexpr std::int64_t kRare = 5;           // a character seen less often is hardly learned
constexpr std::int64_t kEnoughText = 2000;  // characters from which on such ones are told

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

class CharactersCheck : public Check {
 public:
  explicit CharactersCheck(const DoctorOptions& options)
      : is_list_(options.format == Format::lines) {}

  void see(const Line& line) override {
    const bool in_column = line.separator || line.beside;
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
  bool line_feeds_ = false;
};

}  // namespace

std::unique_ptr<Check> characters_check(const DoctorOptions& options) {
  return std::make_unique<CharactersCheck>(options);
}

}  // namespace wavenet::data
