// Checks: each looks at every line once and says at the end what it found.
//
//   for (const std::unique_ptr<Check>& check : all_checks(options)) { ... }
//   check->see(line); ...; check->conclude(diagnosis);
//
// A new one derives from Check and is named in diagnosis.cpp. Left out: what needs the file as a
// whole, such as the split.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wavenet/data/text/doctor/diagnosis.h"
#include "wavenet/data/text/doctor/lines.h"

namespace wavenet::data {

// A number beside a word where nothing but a blank or the like parts them: "emma 7", "1. emma".
struct Number {
  char32_t separator;
  bool leading;  // it stands before the word
};

struct Line {
  std::size_t number = 0;        // from 1
  std::string_view bytes;        // without the line end
  bool ended = true;             // by LF, as all but the last must be
  bool carriage_return = false;  // before it
  std::string_view kept;         // of them: a word without blanks around it
  std::u32string text;    // kept, as the loader takes it; bytes that are not UTF-8 are left out
  bool is_ascii = true;   // kept
  std::string problem;    // the first place that is not UTF-8
  bool entities = false;  // of HTML stand in the text
  std::optional<char32_t> separator{};  // of columns; of a list, as is what follows
  std::optional<Number> beside{};
};

class Check {
 public:
  virtual ~Check() = default;
  virtual void see(const Line& line) = 0;
  virtual void conclude(Diagnosis& diagnosis) = 0;
};

std::unique_ptr<Check> encoding_check();
std::unique_ptr<Check> tables_check();
std::unique_ptr<Check> columns_check();
std::unique_ptr<Check> signs_check(const DoctorOptions& options);
std::unique_ptr<Check> characters_check(const DoctorOptions& options);
std::unique_ptr<Check> decoded_twice_check();
std::unique_ptr<Check> lengths_check(const DoctorOptions& options);
// Fills `lines`.
std::unique_ptr<Check> repeats_check(const DoctorOptions& options, Lines& lines);

// What is found in one line or in fewer than this share of them is taken for a slip, in more for
// the file's habit.
inline constexpr double kFew = 0.05;
bool are_few(std::size_t lines, const Diagnosis& diagnosis);

// Each character with its count and its lines; of very many, the first.
std::vector<std::string> details_of(const std::vector<const CharacterCount*>& entries);

// The shell's command that writes what `filter` makes of the file, and then `more`, to
// diagnosis.fixed. Empty where the data is no file.
std::string mended_by(std::string_view filter, const Diagnosis& diagnosis,
                      std::string_view more = "");
// The same for a filter that keeps the words: not of line 1, where that holds titles, and without
// quotes, where words have them.
std::string kept_by(std::string_view filter, bool titles, bool quoted, const Diagnosis& diagnosis);
// The rule of a list that holds several words in a line.
inline constexpr const char* kSeveralWords = "several words";
// What is advised for a slip, which no command mends without harm to others.
inline constexpr const char* kLookAtThem = "look at those lines, and keep the words alone";
// What is advised where only more data helps.
inline constexpr const char* kGiveMore = "give more different words";

// "7 lines hold" and what they hold.
std::string lines_hold(const Places& where, std::string_view what);
// "every line holds", "7 of 900 lines hold".
std::string lines_that_hold(const Places& where, const Diagnosis& diagnosis);

// "19800", "19,800", "0.5", "-3", "12%".
bool is_number(std::u32string_view text);
// Thousands with commas: "19,800".
bool is_grouped(std::u32string_view text);

// What parts the columns of a line without entities, as a table has: "emma,19800" by U','.
std::optional<char32_t> separator_of(std::u32string_view text);
// For lines without such a separator.
std::optional<Number> number_beside(std::u32string_view text);

}  // namespace wavenet::data
