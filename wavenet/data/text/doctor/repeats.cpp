// Lines that stand in the file before: single ones, and whole blocks pasted twice.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wavenet/base/utf8.h"
#include "wavenet/data/text/doctor/checks.h"
#include "wavenet/data/text/split.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kShortestBlock = 5;     // sorted lists share runs of two and three by nature
constexpr double kChance = 1e-3;              // a block must be this unlikely to arise by itself
constexpr std::size_t kLongestNeeded = 1000;  // where longer ones arise by chance, none is told
constexpr std::size_t kBlocksShown = 5;
constexpr std::size_t kShortestText = 200;  // characters; plays repeat a few short speeches

struct Block {
  Places::Range first;  // where it stands first
  Places::Range again;
  std::size_t begin;  // of `again`, in Runs
  std::size_t size;
};

using Ids = std::vector<std::uint32_t>;

// The lines, but of equal ones in succession, as sorting makes, one.
struct Runs {
  Ids ids;
  std::vector<std::uint32_t> numbers;  // in the file
  std::vector<std::uint32_t> counts;   // in ids, by id

  Places::Range lines(std::size_t at, std::size_t size) const {
    return {numbers[at], numbers[at + size - 1]};
  }
};

Runs runs_of(const Lines& lines) {
  Runs runs{{}, {}, std::vector<std::uint32_t>(lines.different())};
  runs.ids.reserve(lines.ids().size());
  runs.numbers.reserve(lines.ids().size());
  for (std::size_t i = 0; i < lines.ids().size(); ++i) {
    const std::uint32_t id = lines.ids()[i];
    if (runs.ids.empty() || runs.ids.back() != id) {
      runs.ids.push_back(id);
      runs.numbers.push_back(lines.numbers()[i]);
      ++runs.counts[id];
    }
  }
  return runs;
}

// Two places of n lines agree in m successive lines with a chance of c^m, c being that two lines
// are equal; there are less than n^2 / 2 pairs of places. None is long enough when lines hardly
// differ.
std::size_t shortest_block(const Runs& runs) {
  const auto n = static_cast<double>(runs.ids.size());
  double equal = 0;
  for (const std::uint32_t count : runs.counts) {
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

// At least `shortest` lines that stand before as well in this order, the two apart from each other.
std::vector<Block> blocks_in(const Runs& runs, std::size_t shortest) {
  const Ids& ids = runs.ids;
  std::vector<Block> blocks;
  if (shortest > kLongestNeeded) {
    return blocks;
  }
  IndexTable first_at;     // of each so many lines, where they begin first
  std::size_t single = 0;  // the next line that stands nowhere else, which no block can hold
  for (std::size_t i = 0; i + shortest <= ids.size();) {
    for (single = std::max(single, i); single < i + shortest && runs.counts[ids[single]] > 1;) {
      ++single;
    }
    if (single < i + shortest) {
      i = single + 1;
      continue;
    }
    const auto here = ids.begin() + static_cast<std::ptrdiff_t>(i);
    const auto length = static_cast<std::ptrdiff_t>(shortest);
    const std::size_t j = first_at.find_or_add(
        hash_of(ids, i, shortest), static_cast<std::uint32_t>(i),
        [&](std::uint32_t other) { return std::equal(here, here + length, ids.begin() + other); });
    std::size_t size = 0;
    while (i + size < ids.size() && j + size < i && ids[j + size] == ids[i + size]) {
      ++size;
    }
    if (size >= shortest) {
      blocks.push_back({runs.lines(j, size), runs.lines(i, size), i, size});
      i += size;
    } else {
      ++i;
    }
  }
  return blocks;
}

std::string told(const Block& block) {
  return fmt::format("lines {}-{} repeat lines {}-{}, {} in the same order", block.again.first,
                     block.again.second, block.first.first, block.first.second,
                     counted(block.size, "line"));
}

// All lines of the blocks, each once.
Places places_of(const std::vector<Block>& blocks) {
  std::vector<Places::Range> ranges;
  for (const Block& block : blocks) {
    ranges.push_back(block.first);
    ranges.push_back(block.again);
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

class RepeatsCheck : public Check {
 public:
  RepeatsCheck(const DoctorOptions& options, Lines& lines) : options_(options), lines_(lines) {}

  void see(const Line& line) override {
    if (line.text.empty()) {
      return;
    }
    const bool is_new = line.problem.empty() ? lines_.add(line.number, line.kept)
                                             : lines_.add(line.number, encode_utf8(line.text));
    if (!is_new) {
      repeated_.add(line.number);
    }
  }

  void conclude(Diagnosis& diagnosis) override {
    lines_.finish();
    diagnosis.different = lines_.different();
    if (lines_.ids().empty()) {
      return;
    }
    conclude_blocks(diagnosis);
    if (options_.format == Format::lines && !repeated_.empty()) {
      conclude_duplicates(diagnosis);
    }
  }

 private:
  std::size_t characters_in(const Block& block, const Runs& runs) const {
    std::size_t characters = 0;
    for (std::size_t i = block.begin; i < block.begin + block.size; ++i) {
      characters += decode_utf8(lines_.text(runs.ids[i])).size();
    }
    return characters;
  }

  // One command removes all that are told of.
  void conclude_blocks(Diagnosis& diagnosis) const {
    const Runs runs = runs_of(lines_);
    std::vector<Block> blocks = blocks_in(runs, shortest_block(runs));
    if (options_.format == Format::text) {
      std::erase_if(blocks,
                    [&](const Block& block) { return characters_in(block, runs) < kShortestText; });
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
      ranges +=
          fmt::format("{}{},{}d", ranges.empty() ? "" : ";", block.again.first, block.again.second);
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
    const std::vector<std::uint32_t> counts = lines_.counts();
    const auto most = std::max_element(counts.begin(), counts.end());
    const auto id = static_cast<std::uint32_t>(most - counts.begin());
    diagnosis.findings.push_back(
        {Severity::note, "duplicates",
         fmt::format("{} of {} {} an earlier one; '{}' stands {} times", repeated_.lines(),
                     counted(lines_.ids().size(), "word"),
                     repeated_.lines() == 1 ? "repeats" : "repeat", excerpt(lines_.text(id)),
                     *most),
         repeated_,
         options_.dedup ? "nothing: the recipe takes equal words as one"
         : lines_.different() < kFewestWords
             ? kGiveMore
             : "keep them if frequency matters; else train with --dedup"});
  }

  DoctorOptions options_;
  Lines& lines_;
  Places repeated_;
};

}  // namespace

std::unique_ptr<Check> repeats_check(const DoctorOptions& options, Lines& lines) {
  return std::make_unique<RepeatsCheck>(options, lines);
}

}  // namespace wavenet::data
