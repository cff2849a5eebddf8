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

#include "wavenet/data/doctor/diagnosis.h"

namespace wavenet::data {

struct Line {
  std::size_t number;      // from 1
  std::string_view bytes;  // without the line end
  bool ended;              // by LF, as all but the last must be
  bool carriage_return;    // before it
  std::u32string text;     // as the loader takes it: a word without blanks around it; bytes that
                           // are not UTF-8 are left out
  std::string problem;     // the first place that is not UTF-8
};

class Check {
 public:
  virtual ~Check() = default;
  virtual void see(const Line& line) = 0;
  virtual void conclude(Diagnosis& diagnosis) = 0;
};

std::unique_ptr<Check> encoding_check();
std::unique_ptr<Check> columns_check();
std::unique_ptr<Check> characters_check(const DoctorOptions& options);
std::unique_ptr<Check> lengths_check(const DoctorOptions& options);
std::unique_ptr<Check> repeats_check(const DoctorOptions& options);

// What is found in one line or in fewer than this share of them is taken for a slip, in more for
// the file's habit.
inline constexpr double kFew = 0.05;
bool are_few(std::size_t lines, const Diagnosis& diagnosis);

// Each character with its count and its lines; of very many, the first.
std::vector<std::string> details_of(const std::vector<const CharacterCount*>& entries);

// The shell's command that writes what `filter` makes of the file, and then `more`, to
// fixed_name(). Empty where the data is no file.
std::string mended_by(std::string_view filter, const Diagnosis& diagnosis,
                      std::string_view more = "");
// What is advised where only more data helps.
inline constexpr const char* kGiveMore = "give more different words";
inline constexpr std::size_t kHardlyAny = 10;  // different words: --dedup would leave no list

// A word with something beside it, as a table has: "emma,19800", "emma 19800", "1. emma".
struct Column {
  char32_t separator;
  bool number;   // the other column is one
  bool leading;  // it stands before the word
};
std::optional<Column> column_of(std::u32string_view text);

}  // namespace wavenet::data
