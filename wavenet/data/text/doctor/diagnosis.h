// Diagnosis: a word list or a text looked at before training, from its raw bytes, so that what the
// loader would refuse or silently skip is seen as it stands in the file.
//
//   data::Diagnosis found = data::diagnose(bytes, "names.txt", {.receptive_field = 8});
//   for (const data::Finding& finding : found.findings) { ... }   // the gravest first
//
// A finding is an error exactly where training would refuse the file. Left out: what only training
// can show (train/verdict.h).
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "wavenet/base/stop.h"
#include "wavenet/data/text/corpus.h"
#include "wavenet/data/text/doctor/finding.h"

namespace wavenet::data {

// What the recipe asks of the data.
struct DoctorOptions {
  Format format = Format::lines;
  std::uint64_t split_seed = 42;
  bool dedup = false;
  double val_share = 0.1;            // of a text
  std::int64_t receptive_field = 0;  // characters that an answer depends on; 0: not known
  std::int64_t piece = 0;            // of a text: characters predicted together
  std::string fixed = "fixed.txt";   // the file that the findings' commands write
};

struct CharacterCount {
  char32_t character;
  std::int64_t count;
  Places where;
};

// After the split: how many words each part has, and how many of those also stand in train.
struct Parts {
  std::size_t train;
  std::size_t val;
  std::size_t test;
  std::size_t val_seen;
  std::size_t test_seen;
};

struct Diagnosis {
  std::string source;
  std::string fixed;  // as the options name it
  Format format = Format::lines;
  bool byte_order_mark = false;
  std::size_t lines = 0;
  std::size_t blank = 0;                       // of them: nothing in them but blanks
  std::size_t different = 0;                   // lines without their repetitions; blank ones apart
  std::int64_t characters = 0;                 // without line ends
  std::map<std::size_t, std::size_t> lengths;  // characters of a line -> lines, blank ones apart
  std::vector<CharacterCount> alphabet;        // the most frequent first
  std::optional<Parts> parts;                  // of a list that loads
  std::vector<Finding> findings;

  std::size_t filled() const { return lines - blank; }
  bool has(Severity severity) const;
};

// `source` stands for the file in messages: its path, "stdin" or "the embedded names".
// `between` is called every few thousand lines.
Diagnosis diagnose(
    std::string_view bytes, const std::string& source, const DoctorOptions& options,
    const Between& between = [](double) {});

}  // namespace wavenet::data
