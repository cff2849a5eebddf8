// Sounds: recorded or synthesised sound as a dataset, in mu-law codes.
//
//   data.format "sound": a folder of sound files with all below it, a file, or several
//     data.sample_rate: that all are brought to (default: the files' own, if all agree)
//     data.piece: samples of a take that are predicted together
//     data.exclude: names of folders and files to leave out, with commas between them
//     data.trim: what is so many decibels below full scale is cut from both ends (default 0: nothing)
//     data.val_share: see below
//   data.format "notes": the plucked strings in the library; only data.piece and data.val_share count
//
// A file is val where the CRC-32 of its name (relative to the folder) is a multiple of 10, so that others do
// not change parts when files are added. Where that leaves one of the parts empty, the last data.val_share
// (0.1) of each file is val. Before every take stands silence. There is no test part; "all" is a part to
// judge. Left out: reading the files (takes.h).
#pragma once

#include <mutex>
#include <optional>

#include "wavenet/baselines/code_counts.h"
#include "wavenet/data/audio/takes.h"
#include "wavenet/data/dataset.h"

namespace wavenet::data {

class Sounds : public Dataset {
 public:
  // Throws Error for a share outside ]0, 1[, and where a part would be empty.
  Sounds(std::string source, Takes takes, double val_share);
  const Takes& takes() const { return takes_; }
  std::int64_t rate() const { return takes_.rate(); }
  // Of train, val, all, or what judged() names. Throws UsageError for another name.
  const std::vector<Take>& part(const std::string& name) const;
  std::vector<SoundCodes> codes(const std::string& part) const;

  std::string summary() const override;
  std::vector<Fact> facts() const override;
  const std::vector<std::string>& notes() const override { return takes_.notes(); }
  Marks marks(const std::string& part) const override;
  // Throws UsageError for a model of windows.
  std::unique_ptr<BatchSource> batches(const Config& recipe,
                                       const BatchOptions& options) const override;
  std::unique_ptr<Pass> pass(const std::string& part, const PassOptions& options) const override;
  std::vector<NamedPass> passes(const std::string& part, const PassOptions& options) const override;
  // "some of train" and "some of val" are the beginnings of files that lie evenly in the part.
  std::string judged(const std::string& part) const override;
  Draws draws() const override;
  std::vector<Record> shown() const override;

 private:
  void split_each(double val_share);
  // Of train; counted when first asked for.
  const baselines::CodeCounts& counts() const;

  Takes takes_;
  bool by_file_;  // the split
  std::vector<Take> train_;
  std::vector<Take> val_;
  std::vector<Take> some_of_train_;  // empty where all of it can be judged
  std::vector<Take> some_of_val_;    // the same
  mutable std::once_flag counting_;
  mutable std::optional<baselines::CodeCounts> counts_;
};

// Whether the recipe's data.format is one of those above.
bool reads_sound(const Config& recipe);

// By the registry.
std::shared_ptr<const Dataset> open_sounds(const Config& recipe, const File& file,
                                           const OpenOptions& options);
std::shared_ptr<const Dataset> open_notes(const Config& recipe, const File& file,
                                          const OpenOptions& options);

}  // namespace wavenet::data
