// Lines that stand in the file before: single ones, and whole blocks pasted twice.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "wavenet/base/utf8.h"
#include "wavenet/data/doctor/checks.h"
#include "wavenet/data/split.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kShortestBlock = 5;     // sorted lists share runs of two and three by nature
constexpr double kChance = 1e-3;              // a block must be this unlikely to arise by itself
constexpr std::size_t kLongestNeeded = 1000;  // where longer ones arise by chance, none is told
constexpr std::size_t kBlocksShown = 5;
constexpr std::size_t kShortestText = 200;  // characters; plays repeat a few short speeches

struct Block {
  std::size_t first;  // where it stands first, as an index of lines
  std::size_t again;
  std::size_t size;
};

// Lines as numbers: equal ones have the same.
using Ids = std::vector<std::uint32_t>;

// Two places of n lines agree in m successive lines with a chance of c^m, c being that two lines
// are equal; there are less than n^2 / 2 pairs of places. None is long enough when lines hardly
// differ.
std::size_t shortest_block(const Ids& ids, const std::vector<std::size_t>& counts) {
  const auto n = static_cast<double>(ids.size());
  double equal = 0;
  for (const std::size_t count : counts) {
    equal += static_cast<double>(count) / n * (static_cast<double>(count) / n);
  }
  const double needed = equal < 1 ? std::log(kChance / (n * n / 2)) / std::log(equal) : n;
  return std::max(kShortestBlock, static_cast<std::size_t>(std::ceil(std::min(needed, n))));
}

std::uint64_t hash_of(const Ids& ids, std::size_t first, std::size_t size) {
  std::uint64_t hash = size;
  for (std::size_t i = first; i < first + size; ++i) {
    hash = (hash ^ ids[i]) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 29U;
  }
  return hash;
}

// Runs of at least `shortest` lines that stand before as well, the two apart from each other.
std::vector<Block> blocks_in(const Ids& ids, std::size_t shortest) {
  std::vector<Block> blocks;
  if (shortest > kLongestNeeded) {
    return blocks;
  }
  std::unordered_map<std::uint64_t, std::size_t> first_at;  // hash of a run -> where it begins
  for (std::size_t i = 0; i + shortest <= ids.size();) {
    const auto [found, is_new] = first_at.try_emplace(hash_of(ids, i, shortest), i);
    const std::size_t j = found->second;
    std::size_t size = 0;
    while (!is_new && i + size < ids.size() && j + size < i && ids[j + size] == ids[i + size]) {
      ++size;
    }
    if (size >= shortest) {
      blocks.push_back({j, i, size});
      i += size;
    } else {
      ++i;
    }
  }
  return blocks;
}

class RepeatsCheck : public Check {
 public:
  explicit RepeatsCheck(const DoctorOptions& options) : options_(options) {}

  void see(const Line& line) override {
    if (line.text.empty()) {
      return;
    }
    const auto [found, is_new] =
        known_.try_emplace(line.text, static_cast<std::uint32_t>(known_.size()));
    if (is_new) {
      counts_.push_back(0);
      runs_.push_back(0);
      lengths_.push_back(line.text.size());
    } else {
      repeated_.add(line.number);
    }
    ++counts_[found->second];
    ++words_;
    if (ids_.empty() || ids_.back() != found->second) {
      ids_.push_back(found->second);
      numbers_.push_back(line.number);
      ++runs_[found->second];
    }
  }

  void conclude(Diagnosis& diagnosis) override {
    diagnosis.different = known_.size();
    if (ids_.empty()) {
      return;
    }
    conclude_blocks(diagnosis);
    if (options_.format == Format::lines && !repeated_.empty()) {
      conclude_duplicates(diagnosis);
    }
  }

 private:
  std::string lines_of(std::size_t first, std::size_t size) const {
    return fmt::format("{}-{}", numbers_[first], numbers_[first + size - 1]);
  }

  std::string told(const Block& block) const {
    return fmt::format("lines {} repeat lines {}, {} in the same order",
                       lines_of(block.again, block.size), lines_of(block.first, block.size),
                       counted(block.size, "line"));
  }

  // All lines of the blocks, each once.
  Places places_of(const std::vector<Block>& blocks) const {
    std::vector<Places::Range> ranges;
    for (const Block& block : blocks) {
      for (const std::size_t at : {block.first, block.again}) {
        ranges.emplace_back(numbers_[at], numbers_[at + block.size - 1]);
      }
    }
    std::sort(ranges.begin(), ranges.end());
    Places where;
    std::size_t last = 0;
    for (const auto& [from, to] : ranges) {
      where.add_range(std::max(from, last + 1), to);
      last = std::max(last, to);
    }
    return where;
  }

  std::size_t characters_in(const Block& block) const {
    std::size_t characters = 0;
    for (std::size_t i = block.again; i < block.again + block.size; ++i) {
      characters += lengths_[ids_[i]];
    }
    return characters;
  }

  // One command removes all that are told of.
  void conclude_blocks(Diagnosis& diagnosis) const {
    std::vector<Block> blocks = blocks_in(ids_, shortest_block(ids_, runs_));
    if (options_.format == Format::text) {
      std::erase_if(blocks,
                    [&](const Block& block) { return characters_in(block) < kShortestText; });
    }
    if (blocks.empty()) {
      return;
    }
    const std::size_t found = blocks.size();
    blocks.resize(std::min(found, kBlocksShown));
    Finding finding{Severity::warning, "pasted twice", told(blocks.front()), places_of(blocks),
                    "if it was pasted by mistake, remove what is repeated"};
    std::string ranges;
    for (const Block& block : blocks) {
      ranges += fmt::format("{}{},{}d", ranges.empty() ? "" : ";", numbers_[block.again],
                            numbers_[block.again + block.size - 1]);
      finding.details.push_back(told(block));
    }
    finding.command = mended_by(fmt::format("sed '{}'", ranges), diagnosis);
    if (found == 1) {
      finding.details.clear();
    } else {
      finding.what = fmt::format("{} blocks of lines repeat earlier ones", found);
    }
    if (found > kBlocksShown) {
      finding.details.push_back(fmt::format("and {} more", found - kBlocksShown));
    }
    diagnosis.findings.push_back(std::move(finding));
  }

  void conclude_duplicates(Diagnosis& diagnosis) const {
    const auto most = std::max_element(counts_.begin(), counts_.end());
    const auto id = static_cast<std::uint32_t>(most - counts_.begin());
    const auto word = std::find_if(known_.begin(), known_.end(),
                                   [&](const auto& entry) { return entry.second == id; });
    diagnosis.findings.push_back(
        {Severity::note, "duplicates",
         fmt::format("{} of {} {} an earlier one; '{}' stands {} times", repeated_.lines(),
                     counted(words_, "word"), repeated_.lines() == 1 ? "repeats" : "repeat",
                     excerpt(encode_utf8(word->first)), *most),
         repeated_,
         options_.dedup ? "nothing: the recipe takes equal words as one"
         : known_.size() < kFewestWords
             ? kGiveMore
             : "keep them if frequency matters; else train with --dedup"});
  }

  DoctorOptions options_;
  std::unordered_map<std::u32string, std::uint32_t> known_;
  std::vector<std::size_t> counts_;   // by id
  std::vector<std::size_t> runs_;     // by id, in ids_
  std::vector<std::size_t> lengths_;  // by id, in characters
  std::size_t words_ = 0;
  Ids ids_;  // of the lines that are not blank; of equal ones in succession, as sorting makes, one
  std::vector<std::size_t> numbers_;  // their line numbers
  Places repeated_;
};

}  // namespace

std::unique_ptr<Check> repeats_check(const DoctorOptions& options) {
  return std::make_unique<RepeatsCheck>(options);
}

}  // namespace wavenet::data
