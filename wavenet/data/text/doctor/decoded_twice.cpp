// What was read as Latin-1 or code page 1252 and written as UTF-8: UTF-8 itself, "zoÃ«" for "zoë",
// or another encoding, "áÎÎÁ" for "Анна" in KOI8-R.
#include <fmt/format.h>

#include <algorithm>

#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/checks.h"
#include "wavenet/data/text/doctor/legacy.h"

namespace wavenet::data {
namespace {

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

class DecodedTwiceCheck : public Check {
 public:
  void see(const Line& line) override {
    if (line.is_ascii) {
      return;
    }
    const Twice twice = decoded_twice(line.text);
    if (twice.found > 0) {
      where_.add(line.number);
    }
    add_bytes(line);
    all_ = all_ && twice.others == 0;
    windows_ = windows_ || twice.windows;
    undefined_ = undefined_ || twice.undefined;
  }

  void conclude(Diagnosis& diagnosis) override {
    if (const std::string encoding = encoding_told(); !encoding.empty()) {
      diagnosis.findings.push_back(misread(encoding, diagnosis));
      return;
    }
    if (where_.empty()) {
      return;
    }
    Finding finding{Severity::warning, "decoded twice",
                    lines_hold(where_, fmt::format("UTF-8 that was read as {} and written again",
                                                   windows_ ? "Windows-1252" : "Latin-1")),
                    where_, "convert those lines back, or go back to the original file"};
    if (all_ && !(windows_ && undefined_)) {  // elsewhere it would harm what is right
      finding.advice = "convert it back";
      finding.command = mended_by(
          fmt::format("iconv -f UTF-8 -t {}", windows_ ? "WINDOWS-1252" : "ISO-8859-1"), diagnosis);
    }
    diagnosis.findings.push_back(std::move(finding));
  }

 private:
  // Of a line whose characters all stand for bytes of code page 1252.
  void add_bytes(const Line& line) {
    std::string bytes;
    bool beyond_ascii = false;
    for (const char32_t c : line.text) {
      const unsigned byte = byte_of(c);
      if (byte == 0) {
        return;
      }
      bytes += static_cast<char>(byte);
      beyond_ascii = beyond_ascii || c >= 0x80;
      has_windows_ = has_windows_ || c > 0xFF;
      has_undefined_ = has_undefined_ || (c >= 0x80 && c < 0xA0);
    }
    if (beyond_ascii) {
      misread_.add(line.number);
      if (sample_.size() + bytes.size() < kEnoughBytes) {
        sample_ += bytes + '\n';
      }
    }
  }

  // What the bytes were in; empty where it was UTF-8, or nothing but what it shows.
  std::string encoding_told() const {
    std::string problem;
    decode_utf8_parts(sample_, problem);
    if (problem.empty() || 2 * where_.lines() > misread_.lines()) {
      return "";
    }
    const std::string encoding = legacy_encoding(sample_);
    return encoding == "WINDOWS-1252" ? "" : encoding;
  }

  Finding misread(const std::string& encoding, const Diagnosis& diagnosis) const {
    const char* taken_for = has_windows_ ? "WINDOWS-1252" : "ISO-8859-1";
    Finding finding{
        Severity::warning, "decoded wrongly",
        lines_hold(misread_, fmt::format("{} that was read as {}", encoding, taken_for)), misread_,
        "convert it back, or go back to the original file"};
    if (!(has_windows_ && has_undefined_)) {
      finding.command = mended_by(fmt::format("iconv -f UTF-8 -t {}", taken_for), diagnosis,
                                  fmt::format(" | iconv -f {} -t UTF-8", encoding));
    }
    return finding;
  }

  Places misread_;
  std::string sample_;  // of the bytes of those lines
  bool has_windows_ = false;
  bool has_undefined_ = false;
  Places where_;
  bool all_ = true;  // of what is not ASCII
  bool windows_ = false;
  bool undefined_ = false;
};

}  // namespace

std::unique_ptr<Check> decoded_twice_check() { return std::make_unique<DecodedTwiceCheck>(); }

}  // namespace wavenet::data
