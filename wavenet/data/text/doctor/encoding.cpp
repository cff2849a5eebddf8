// What stands in the bytes: UTF-8, control characters, line ends.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "wavenet/base/characters.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/checks.h"
#include "wavenet/data/text/doctor/legacy.h"

namespace wavenet::data {
namespace {

constexpr const char* kWestern = "WINDOWS-1252";

// What the loader refuses in a line. A tab between words is for the check of columns to name.
bool is_refused(char32_t character) { return is_control(character) && character != U'\t'; }

class EncodingCheck : public Check {
 public:
  void see(const Line& line) override {
    if (line.ended) {
      (line.carriage_return ? crlf_ : lf_).add(line.number);
    }
    if (!line.is_ascii) {
      ++beyond_ascii_;
      if (sample_.size() + line.bytes.size() < kEnoughBytes) {
        sample_.append(line.bytes) += '\n';
      }
    }
    if (!line.problem.empty()) {
      if (faulty_.empty()) {
        first_problem_ = fmt::format("line {}: {}", line.number, line.problem);
      }
      faulty_.add(line.number);
      undefined_ =
          undefined_ || line.bytes.find_first_of("\x81\x8D\x8F\x90\x9D") != line.bytes.npos;
    }
    mixed_ = mixed_ || (!line.is_ascii && std::any_of(line.text.begin(), line.text.end(),
                                                      [](char32_t c) { return c >= 0x80; }));
    for (const char32_t character : line.text) {
      if (is_refused(character)) {
        (character == U'\r' ? returns_ : controls_).add(line.number);
        kinds_[character].add(line.number);
      }
    }
  }

  void conclude(Diagnosis& diagnosis) override {
    conclude_utf8(diagnosis);
    conclude_controls(diagnosis);
    conclude_ends(diagnosis);
  }

 private:
  void conclude_utf8(Diagnosis& diagnosis) const {
    if (!faulty_.empty()) {
      const std::string encoding = encoding_told();
      diagnosis.findings.push_back(
          {Severity::error, "not UTF-8",
           fmt::format("{} not UTF-8; {}",
                       counted(faulty_.lines(), "line") + (faulty_.lines() == 1 ? " is" : " are"),
                       first_problem_),
           faulty_,
           encoding == kWestern ? "convert it, if it comes from an old Windows program"
           : !encoding.empty()
               ? fmt::format("convert it from {}, which its bytes look like", encoding)
           : mixed_ ? "mend those lines by hand: in others it is UTF-8"
                    : "convert it from what it was written in; its bytes do not tell",
           encoding.empty() ? ""
                            : mended_by(fmt::format("iconv -f {} -t UTF-8", encoding), diagnosis)});
    }
  }

  // Some lines of another encoding happen to be UTF-8 as well.
  std::string encoding_told() const {
    constexpr double kNearlyAll = 0.8;
    if (static_cast<double>(faulty_.lines()) < kNearlyAll * static_cast<double>(beyond_ascii_)) {
      return "";
    }
    const std::string encoding = legacy_encoding(sample_);
    return encoding == kWestern && (mixed_ || undefined_) ? "" : encoding;
  }

  void conclude_controls(Diagnosis& diagnosis) const {
    if (!returns_.empty()) {
      diagnosis.findings.push_back(
          {Severity::error, "lone carriage returns",
           "carriage returns (CR) stand inside lines, as old systems end them", returns_,
           "end those lines as others end", mended_by("tr '\\r' '\\n' <", diagnosis)});
    }
    if (!controls_.empty()) {
      std::vector<std::string> details;
      for (const auto& [character, where] : kinds_) {
        if (character != U'\r') {
          details.push_back(fmt::format("{} ({})", described(character), where.text()));
        }
      }
      diagnosis.findings.push_back({Severity::error,
                                    "control characters",
                                    lines_hold(controls_, "control characters, which no text has"),
                                    controls_,
                                    "look at those lines in an editor and remove them",
                                    {},
                                    std::move(details)});
    }
  }

  void conclude_ends(Diagnosis& diagnosis) const {
    if (crlf_.empty()) {
      return;
    }
    if (lf_.empty()) {
      diagnosis.findings.push_back({Severity::note,
                                    "CRLF line endings",
                                    "every line ends in CR LF, as on Windows; the CR is skipped",
                                    {},
                                    "nothing needs to be done"});
      return;
    }
    const bool few_crlf = crlf_.lines() <= lf_.lines();
    diagnosis.findings.push_back(
        {Severity::warning, "mixed line endings",
         fmt::format("{} in {}, {} in {}; two files seem to be joined",
                     counted(few_crlf ? crlf_.lines() : lf_.lines(), "line") +
                         ((few_crlf ? crlf_.lines() : lf_.lines()) == 1 ? " ends" : " end"),
                     few_crlf ? "CR LF" : "LF alone", few_crlf ? lf_.lines() : crlf_.lines(),
                     few_crlf ? "LF alone" : "CR LF"),
         few_crlf ? crlf_ : lf_, "end all lines alike, and look whether the parts belong together",
         mended_by("sed 's/\\r$//'", diagnosis)});
  }

  Places crlf_;
  Places lf_;
  Places faulty_;
  std::size_t beyond_ascii_ = 0;  // lines that hold what is
  std::string sample_;            // of those lines
  bool mixed_ = false;            // UTF-8 beyond ASCII stands there too
  bool undefined_ = false;        // bytes that code page 1252 has not, at which iconv stops
  std::string first_problem_;
  Places returns_;
  Places controls_;
  std::map<char32_t, Places> kinds_;
};

}  // namespace

std::unique_ptr<Check> encoding_check() { return std::make_unique<EncodingCheck>(); }

}  // namespace wavenet::data
