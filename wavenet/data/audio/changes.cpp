#include "wavenet/data/audio/changes.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kNamed = 5;  // files of a note
constexpr std::size_t kTableRows = 100;

// "a.wav, b.wav and 3 more".
std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kNamed);
  const std::string first = fmt::format(
      "{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return shown == names.size() ? first : fmt::format("{} and {} more", first, names.size() - shown);
}

std::string files(std::size_t count) {
  return fmt::format("{} file{}", count, count == 1 ? "" : "s");
}

}  // namespace

std::vector<std::string> notes_of(const Chosen& chosen) {
  std::vector<std::string> notes;
  if (!chosen.skipped.empty()) {
    notes.push_back(fmt::format("{} left out, as their names are those of no sound: {}",
                                files(chosen.skipped.size()), listed(chosen.skipped)));
  }
  if (!chosen.repeated.empty()) {
    notes.push_back(fmt::format("{} named more than once and taken once: {}",
                                files(chosen.repeated.size()), listed(chosen.repeated)));
  }
  return notes;
}

void Changes::add(const std::string& name, const sound::Report& report) {
  if (report.resampled) {
    resampled_[report.facts.rate].push_back(name);
  }
  if (report.facts.channels > 1) {
    mixed_[report.facts.channels].push_back(name);
  }
  if (report.clamped > 0) {
    clamped_files_.push_back(name);
    clamped_ += report.clamped;
  }
  warnings_.insert(warnings_.end(), report.warnings.begin(), report.warnings.end());
}

std::vector<std::string> Changes::notes() const {
  std::vector<std::string> notes;
  for (const auto& [rate, names] : resampled_) {
    notes.push_back(fmt::format("{} resampled from {} to {} samples a second", files(names.size()),
                                rate, rate_));
  }
  for (const auto& [channels, names] : mixed_) {
    notes.push_back(fmt::format("{} of {} channels mixed to one", files(names.size()), channels));
  }
  if (clamped_ > 0) {
    notes.push_back(fmt::format("{} samples beyond full scale clamped, in {}: {}", clamped_,
                                files(clamped_files_.size()), listed(clamped_files_)));
  }
  for (std::size_t i = 0; i < std::min(warnings_.size(), kNamed); ++i) {
    notes.push_back(warnings_[i]);
  }
  if (warnings_.size() > kNamed) {
    notes.push_back(fmt::format("and {} more of the kind; `wavenet doctor` names all",
                                warnings_.size() - kNamed));
  }
  return notes;
}

void CutTable::add(const std::string& name, const TrimmedCodes::Cut& cut) {
  all_ += cut.begin + cut.end + cut.kept;
  peak_ = std::max(peak_, cut.peak);
  if (cut.begin + cut.end > 0) {
    cut_ += cut.begin + cut.end;
    rows_.push_back(fmt::format("  {:8.3f} s at its begin {:8.3f} s at its end {:8.3f} s left  {}",
                                seconds(cut.begin), seconds(cut.end), seconds(cut.kept), name));
  }
}

void CutTable::require_some(const std::string& source, double decibels) const {
  check(cut_ < all_,
        "{}: everything was cut: the loudest sample of {:.1f} s is {:.1f} dB below full scale, and "
        "data.trim cuts what is more than {:g} dB below it",
        source, seconds(all_), -20 * std::log10(static_cast<double>(peak_)), decibels);
}

std::vector<std::string> CutTable::notes() const {
  if (rows_.empty()) {
    return {};
  }
  std::vector<std::string> notes{fmt::format(
      "{:.1f} % was cut from the ends of {}:",
      100 * static_cast<double>(cut_) / static_cast<double>(all_), files(rows_.size()))};
  const std::size_t shown = std::min(rows_.size(), kTableRows);
  notes.insert(notes.end(), rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown < rows_.size()) {
    notes.push_back(fmt::format("  and of {} more", rows_.size() - shown));
  }
  return notes;
}

double CutTable::seconds(std::int64_t samples) const {
  return static_cast<double>(samples) / static_cast<double>(rate_);
}

}  // namespace wavenet::data
