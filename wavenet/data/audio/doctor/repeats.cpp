// The same sound twice: to the last sample, or the same take at another level or a little later.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "wavenet/data/audio/doctor/checks.h"
#include "wavenet/data/audio/doctor/compare.h"

namespace wavenet::data {
namespace {

constexpr double kExcerpt = 30;    // seconds that are compared
constexpr double kBefore = 2;      // seconds before the passage that was found
constexpr std::size_t kNamed = 4;  // files, in what is advised

std::string leave_out(const SoundPlaces& where) {
  std::string names;
  for (std::size_t i = 0; i < std::min(where.size(), kNamed); ++i) {
    names += (i == 0 ? "" : ",") + where.all()[i].file;
  }
  return fmt::format(
      "keep one of each, as what is trained on must not be judged on: "
      "--set data.exclude={}{}",
      names, where.size() > kNamed ? ",..." : "");
}

// Of each file the first with the same samples, as indices; itself where it is the first.
std::vector<std::size_t> firsts_of(const HeardFiles& files) {
  std::unordered_map<std::uint64_t, std::size_t> first;
  std::vector<std::size_t> firsts(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool counts = files[i].problem.empty() && !files[i].is_silent();
    firsts[i] = counts ? first.emplace(files[i].hash, i).first->second : i;
  }
  return firsts;
}

std::vector<float> excerpt(const HeardFile& heard, std::int64_t first) {
  const auto length = static_cast<std::int64_t>(kExcerpt * static_cast<double>(heard.facts.rate));
  std::vector<float> samples;
  std::int64_t at = 0;
  sound::read(heard.file.path, {}, [&](std::span<const float> block) {
    for (const float x : block) {
      if (at >= first && at < first + length) {
        samples.push_back(x);
      }
      ++at;
    }
  });
  return samples;
}

Likeness likeness(const HeardFile& earlier, const HeardFile& later, const Resemblance& pair) {
  const auto rate = static_cast<double>(later.facts.rate);
  const auto begin = [&](std::int32_t hop) {
    return std::max<std::int64_t>(0, std::llround((hop * later.hop_seconds - kBefore) * rate));
  };
  const std::int64_t first_earlier = begin(pair.hop - pair.distance);
  const std::int64_t first_later = begin(pair.hop);
  const std::int64_t shift = first_later - first_earlier;
  const std::int64_t distance = std::llround(pair.distance * later.hop_seconds * rate);
  Likeness alike = compare(excerpt(earlier, first_earlier), excerpt(later, first_later), rate,
                           distance - shift, std::llround(2 * later.hop_seconds * rate));
  alike.distance += shift;
  return alike;
}

std::string likeness_text(const HeardFile& earlier, const HeardFile& later, const Likeness& alike) {
  std::string text = earlier.file.name;
  const double milliseconds = 1000 * later.seconds_at(std::abs(alike.distance));
  if (std::abs(alike.decibels) >= 0.05) {
    text += fmt::format(", {:.1f} dB {}", std::abs(alike.decibels),
                        alike.decibels > 0 ? "louder" : "quieter");
  }
  if (alike.distance != 0) {
    text += fmt::format(", {:.1f} ms {}", milliseconds, alike.distance > 0 ? "later" : "earlier");
  }
  if (text == earlier.file.name && alike.correlation > 0) {
    return text + ", all but the lowest bits";
  }
  return alike.correlation < 0 ? text + ", upside down" : text;
}

void tell_duplicates(const HeardFiles& files, const std::vector<std::size_t>& firsts,
                     SoundFindings& findings) {
  SoundPlaces where;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (firsts[i] != i) {
      where.add({files[i].file.name, {}, files[firsts[i]].file.name});
    }
  }
  if (!where.empty()) {
    findings.push_back({Severity::warning, "duplicates",
                        files_text(where) + " with the very samples of another", where,
                        leave_out(where)});
  }
}

}  // namespace

void check_repeats(const HeardFiles& files, Fingerprints& fingerprints, SoundFindings& findings,
                   const Between& between) {
  const std::vector<std::size_t> firsts = firsts_of(files);
  tell_duplicates(files, firsts, findings);
  SoundPlaces where;
  std::unordered_set<std::size_t> told;
  for (const Resemblance& pair : fingerprints.resemblances()) {
    const HeardFile& earlier = files[pair.earlier];
    const HeardFile& later = files[pair.later];
    const bool once = firsts[pair.earlier] == pair.earlier && firsts[pair.later] == pair.later;
    if (!once || told.contains(pair.later) || earlier.facts.rate != later.facts.rate) {
      continue;
    }
    between(1);
    const Likeness alike = likeness(earlier, later, pair);
    if (alike.is_same_take()) {
      told.insert(pair.later);
      where.add({later.file.name, {}, likeness_text(earlier, later, alike)});
    }
  }
  if (!where.empty()) {
    findings.push_back({Severity::warning, "near-duplicates",
                        files_text(where) + " with the take of another", where, leave_out(where)});
  }
}

}  // namespace wavenet::data
