// How long the lines are, and which are too long for a word or for the recipe's context.
#include <fmt/format.h>

#include <algorithm>

#include "wavenet/base/characters.h"
#include "wavenet/data/text/doctor/checks.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kLongWord = 40;    // shorter ones are never called long
constexpr std::size_t kTimesMedian = 8;  // as long as eight words: no single word
constexpr std::size_t kSentenceWords = 5;

// Parted by blanks, and with a letter in them.
std::size_t words_in(std::u32string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char32_t c : text) {
    const bool letter = kind_of(c) == CharacterKind::letter;
    words += letter && !inside ? 1 : 0;
    inside = c != U' ' && (inside || letter);
  }
  return words;
}

class LengthsCheck : public Check {
 public:
  explicit LengthsCheck(const DoctorOptions& options) : options_(options) {}

  void see(const Line& line) override {
    const std::size_t length = line.text.size();
    if (length == 0) {
      return;
    }
    characters_ += static_cast<std::int64_t>(length);
    ++lengths_[length];
    if (options_.format == Format::text) {
      return;
    }
    if (length > kMaxWordCharacters) {
      too_long_.add(line.number);
    } else if (length > kLongWord) {
      long_.emplace_back(line.number, length);
    }
    sentences_ += words_in(line.text) >= kSentenceWords ? 1 : 0;
  }

  void conclude(Diagnosis& diagnosis) override {
    diagnosis.characters = characters_;
    diagnosis.lengths = lengths_;
    if (options_.format == Format::text || lengths_.empty()) {
      return;
    }
    conclude_too_long(diagnosis);
    const bool text = 2 * sentences_ > diagnosis.filled();
    if (text) {
      diagnosis.findings.push_back(
          {Severity::warning,
           "running text",
           fmt::format(
               "{} of {} have five words or more: this is running text, not a list of words",
               sentences_, counted(diagnosis.filled(), "line")),
           {},
           "name a recipe for text, such as --recipe wavenet-text"});
    } else {
      conclude_long(diagnosis);
    }
    conclude_context(diagnosis);
  }

 private:
  // The length that half of the lines do not exceed.
  std::size_t median(const Diagnosis& diagnosis) const {
    std::size_t seen = 0;
    for (const auto& [length, lines] : lengths_) {
      seen += lines;
      if (2 * seen >= diagnosis.filled()) {
        return length;
      }
    }
    return lengths_.rbegin()->first;
  }

  void conclude_too_long(Diagnosis& diagnosis) const {
    if (!too_long_.empty()) {
      diagnosis.findings.push_back(
          {Severity::error, "too long",
           fmt::format(
               "{} more than {} characters, the longest {}",
               counted(too_long_.lines(), "line") + (too_long_.lines() == 1 ? " has" : " have"),
               kMaxWordCharacters, lengths_.rbegin()->first),
           too_long_, "write one word a line, or name a recipe for text: --recipe wavenet-text"});
    }
  }

  void conclude_long(Diagnosis& diagnosis) const {
    const std::size_t usual = median(diagnosis);
    Places where;
    for (const auto& [line, length] : long_) {
      if (length > kTimesMedian * usual) {
        where.add(line);
      }
    }
    if (!where.empty()) {
      diagnosis.findings.push_back(
          {Severity::warning, "long lines",
           fmt::format("{} more than {} times as long as most: half of the lines have at most {}",
                       counted(where.lines(), "line") + (where.lines() == 1 ? " is" : " are"),
                       kTimesMedian, counted(usual, "character")),
           where, "look whether several words stand in one line"});
    }
  }

  // A word's last character and its end are told from what stands before them.
  void conclude_context(Diagnosis& diagnosis) const {
    const auto field = static_cast<std::size_t>(options_.receptive_field);
    std::size_t longer = 0;
    for (const auto& [length, lines] : lengths_) {
      longer += length > field ? lines : 0;
    }
    if (field > 0 && longer > 0) {
      diagnosis.findings.push_back(
          {Severity::note,
           "context",
           fmt::format("{} of {} ({:.1f} %) are longer than the {} that the recipe sees at once",
                       longer, counted(diagnosis.filled(), "word"),
                       100 * static_cast<double>(longer) / static_cast<double>(diagnosis.filled()),
                       counted(field, "character")),
           {},
           "a recipe that sees more (`wavenet inspect --recipe NAME` says how much), such as "
           "wavenet-names"});
    }
  }

  DoctorOptions options_;
  std::int64_t characters_ = 0;
  std::map<std::size_t, std::size_t> lengths_;
  Places too_long_;
  std::vector<std::pair<std::size_t, std::size_t>> long_;  // line, length
  std::size_t sentences_ = 0;
};

}  // namespace

std::unique_ptr<Check> lengths_check(const DoctorOptions& options) {
  return std::make_unique<LengthsCheck>(options);
}

}  // namespace wavenet::data
