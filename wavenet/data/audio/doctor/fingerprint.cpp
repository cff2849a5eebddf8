#include "wavenet/data/audio/doctor/fingerprint.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace wavenet::data {
namespace {

constexpr double kLookedAt = 8000;        // samples a second
constexpr std::int64_t kWordFrame = 512;  // samples: 64 ms
constexpr std::size_t kHop = 64;
constexpr std::size_t kPast = kWordFrame / kHop;  // frames that do not overlap
constexpr std::size_t kBands = 21;
constexpr double kLowestHertz = 200;  // Hz
constexpr double kHighest = 3400;
constexpr float kActiveFrame = 1e-3F;     // 30 dB, as energy
constexpr std::size_t kMostWords = 4000;  // of a file, about; half a minute
constexpr std::size_t kCommon = 48;       // a word that stands so often tells nothing
constexpr std::size_t kFewestWords = 5;   // that must agree
constexpr std::size_t kMostCompared = 3;  // files that a file is compared with

// By the word alone, so that of the same passage the same words stay, in files of any length.
bool is_kept(std::uint32_t word, std::uint32_t one_in) {
  return (word * 2654435761U >> 8) % one_in == 0;
}

}  // namespace

Fingerprinter::Fingerprinter(double rate)
    : step_(std::max<std::size_t>(1, static_cast<std::size_t>(rate / kLookedAt + 0.2))),
      transform_(kWordFrame) {
  low_rate_ = rate / static_cast<double>(step_);
  for (std::size_t band = 0; band <= kBands; ++band) {
    const double hertz =
        kLowestHertz * std::pow(kHighest / kLowestHertz, static_cast<double>(band) / kBands);
    const auto bin = static_cast<std::size_t>(std::llround(hertz * kWordFrame / low_rate_));
    const auto last = static_cast<std::size_t>(kWordFrame / 2);
    edges_.push_back(std::min(std::max(bin, edges_.empty() ? bin : edges_.back() + 1), last));
  }
}

double Fingerprinter::hop_seconds() const { return kHop / low_rate_; }

void Fingerprinter::add(std::span<const float> samples) {
  for (const float x : samples) {
    sum_ += static_cast<double>(x);
    if (++summed_ == step_) {
      waiting_.push_back(static_cast<float>(sum_ / static_cast<double>(step_)));
      sum_ = 0;
      summed_ = 0;
    }
  }
  std::size_t first = 0;
  for (; first + kWordFrame <= waiting_.size(); first += kHop) {
    see_frame(std::span<const float>(waiting_).subspan(first, kWordFrame));
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first));
}

void Fingerprinter::see_frame(std::span<const float> frame) {
  const std::span<const double> power = transform_.windowed_power(frame);
  std::vector<double> bands(kBands);
  for (std::size_t band = 0; band < kBands; ++band) {
    bands[band] =
        std::accumulate(power.begin() + static_cast<std::ptrdiff_t>(edges_[band]),
                        power.begin() + static_cast<std::ptrdiff_t>(edges_[band + 1]), 0.0);
  }
  std::vector<double> differences(kBands - 1);
  for (std::size_t i = 0; i + 1 < kBands; ++i) {
    differences[i] = bands[i] - bands[i + 1];
  }
  const auto slot = static_cast<std::size_t>(hops_) % kPast;
  if (past_.size() == kPast) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
      word = 2 * word + (differences[i] > past_[slot][i] ? 1U : 0U);
    }
    words_.push_back(
        {{word, hops_}, static_cast<float>(std::accumulate(bands.begin(), bands.end(), 0.0))});
  }
  past_.resize(std::max(past_.size(), slot + 1));
  past_[slot] = std::move(differences);
  ++hops_;
}

std::vector<FingerprintWord> Fingerprinter::finish() const {
  float loudest = 0;
  for (const auto& [word, energy] : words_) {
    loudest = std::max(loudest, energy);
  }
  std::uint32_t one_in = 1;
  while (words_.size() / one_in > kMostWords) {
    one_in *= 2;
  }
  std::vector<FingerprintWord> kept;
  for (const auto& [word, energy] : words_) {
    if (energy > kActiveFrame * loudest && is_kept(word.word, one_in)) {
      kept.push_back(word);
    }
  }
  return kept;
}

void Fingerprints::add(std::size_t file, const std::vector<FingerprintWord>& words) {
  for (const FingerprintWord& word : words) {
    entries_.push_back({word.word, static_cast<std::uint32_t>(file), word.hop});
  }
}

std::vector<Resemblance> Fingerprints::resemblances() {
  by_word_ = entries_;
  std::stable_sort(by_word_.begin(), by_word_.end(),
                   [](const Entry& a, const Entry& b) { return a.word < b.word; });
  std::vector<Resemblance> all;
  for (std::size_t first = 0, end = 0; first < entries_.size(); first = end) {
    while (end < entries_.size() && entries_[end].file == entries_[first].file) {
      ++end;
    }
    const std::vector<Resemblance> some =
        earlier_like(std::span<const Entry>(entries_).subspan(first, end - first));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::vector<Resemblance> Fingerprints::earlier_like(std::span<const Entry> words) const {
  struct Vote {
    std::uint32_t file;
    std::int32_t distance;
    std::int32_t hop;
  };
  std::vector<Vote> votes;
  for (const Entry& entry : words) {
    const auto [first, end] =
        std::equal_range(by_word_.begin(), by_word_.end(), entry,
                         [](const Entry& a, const Entry& b) { return a.word < b.word; });
    if (static_cast<std::size_t>(end - first) > kCommon) {
      continue;
    }
    for (auto other = first; other != end && other->file < entry.file; ++other) {
      votes.push_back({other->file, entry.hop - other->hop, entry.hop});
    }
  }
  std::sort(votes.begin(), votes.end(), [](const Vote& a, const Vote& b) {
    return std::tie(a.file, a.distance, a.hop) < std::tie(b.file, b.distance, b.hop);
  });
  // Neighbouring distances count together: the frames of two files do not fall on the same samples.
  std::vector<Resemblance> best;
  for (std::size_t first = 0, end = 0; first < votes.size(); ++first) {
    while (end < votes.size() && votes[end].file == votes[first].file &&
           votes[end].distance <= votes[first].distance + 1) {
      ++end;
    }
    const std::size_t count = end - first;
    if (count < kFewestWords) {
      continue;
    }
    const Vote& middle = votes[first + count / 2];
    if (!best.empty() && best.back().earlier == middle.file) {
      if (count > best.back().words) {
        best.back() = {middle.file, words[0].file, middle.distance, middle.hop, count};
      }
    } else {
      best.push_back({middle.file, words[0].file, middle.distance, middle.hop, count});
    }
  }
  std::stable_sort(best.begin(), best.end(),
                   [](const Resemblance& a, const Resemblance& b) { return a.words > b.words; });
  best.resize(std::min(best.size(), kMostCompared));
  return best;
}

}  // namespace wavenet::data
