// Dataset: the data of a run, split: what a model is trained on, judged on, and shown beside.
//
//   std::shared_ptr<const data::Dataset> names = data::open(recipe, {"names.txt"}, {.split_seed = 42});
//   auto batches = names->batches(recipe, {.receptive_field = 64, .seed = 42});
//   auto val = names->pass("val", train::pass_options(*model));
//
// The parts are train and val, and test where a kind of data has one. A dataset is immutable, and any
// thread may use it. Left out: what codes mean (codec.h), and data that a
// trained model is only judged on (text/reading.h).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/base/config.h"
#include "wavenet/base/registry.h"
#include "wavenet/base/stop.h"
#include "wavenet/data/batch.h"
#include "wavenet/data/codec.h"
#include "wavenet/data/pass.h"
#include "wavenet/log/records.h"
#include "wavenet/log/run_info.h"

namespace wavenet::data {

// What minibatches are asked for.
struct BatchOptions {
  std::int64_t receptive_field = 1;  // of the model
  bool windows = false;              // it reads windows, each with one target (models::Reads)
  std::uint64_t seed = 42;
  Rng rng{};  // for a source that draws from the run's own random numbers
  std::int64_t steps_done = 0;
};

// What of a judged part also stands in train, so that a model may know it by heart.
struct Overlap {
  std::vector<Sequence> seen;
  std::vector<Sequence> unseen;
};

// What is drawn from a model to show how it is doing.
struct Draws {
  std::int64_t count;    // 0: nothing
  std::int64_t longest;  // codes of each, at most; at least 1
};

// One thing of a part, as a file is, to be judged alone.
struct NamedPass {
  std::string name;
  std::unique_ptr<Pass> pass;
};

class Dataset {
 public:
  virtual ~Dataset() = default;
  const std::string& source() const { return source_; }  // for messages: a path, or "stdin"
  // 16 hex digits: a run goes on only with the same data.
  const std::string& fingerprint() const { return fingerprint_; }
  const std::shared_ptr<const Codec>& codec() const { return codec_; }

  // In one line: "32033 words, 26 characters; 182625 + 22655 examples".
  virtual std::string summary() const = 0;
  // For run.json and the report.
  virtual std::vector<Fact> facts() const = 0;
  // What was changed while it was read, or is strange about it, a sentence each.
  virtual const std::vector<std::string>& notes() const;
  // The baselines, fitted to train and judged on a part.
  virtual Marks marks(const std::string& part) const = 0;
  // Reads what keys the data has of its own ("data.*"), train.batch_size and train.shards. Throws
  // UsageError for values that fit neither the data nor the model.
  virtual std::unique_ptr<BatchSource> batches(const Config& recipe,
                                               const BatchOptions& options) const = 0;
  // It must not outlive the dataset. Throws UsageError for a name that is no part.
  virtual std::unique_ptr<Pass> pass(const std::string& part, const PassOptions& options) const = 0;
  // The part whose loss stands for that of train or val while training goes on and where it ends: the part
  // itself, or some of it where judging all would take long.
  virtual std::string judged(const std::string& part) const { return part; }
  // The same for each thing of a part alone, where it has such that people know by name; else none.
  virtual std::vector<NamedPass> passes(const std::string& part, const PassOptions& options) const;
  // All codes of a part in memory, for models that count. Throws UsageError for data that is too
  // large for that.
  virtual const std::vector<Sequence>& sequences(const std::string& part) const;
  // Nothing where being seen means nothing.
  virtual std::optional<Overlap> overlap(const std::string& part) const;
  virtual Draws draws() const = 0;
  // What a run's log begins with, for those who look at its samples: what the data itself is like.
  virtual std::vector<Record> shown() const;
  // Where answers are sounds: that part of val which shown() has, for a model's answer to be heard beside;
  // else null. As pass() for the rest.
  virtual std::unique_ptr<Pass> heard(const PassOptions& options) const;
  // Says whether something drawn stands in train; empty where that means nothing. It may be slow to
  // make and is quick to ask.
  virtual std::function<bool(const Sequence& drawn)> recogniser() const;

 protected:
  Dataset(std::string source, std::string fingerprint, std::shared_ptr<const Codec> codec)
      : source_(std::move(source)),
        fingerprint_(std::move(fingerprint)),
        codec_(std::move(codec)) {}
  Dataset(const Dataset&) = default;
  Dataset(Dataset&&) = default;

 private:
  std::string source_;
  std::string fingerprint_;
  std::shared_ptr<const Codec> codec_;
};

// A file of data, or bytes that the caller has read in its place, as those of standard input.
struct File {
  File(std::string file) : path(std::move(file)) {}
  File(const char* file) : path(file) {}
  File(const std::filesystem::path& file) : path(file.string()) {}
  // `name` stands for them in messages.
  static File of_bytes(std::string name, std::string content) {
    File file(std::move(name));
    file.bytes = std::move(content);
    return file;
  }

  std::string path;  // empty: the names in the library
  std::optional<std::string> bytes{};
};

struct OpenOptions {
  std::uint64_t split_seed = 42;
  // That of a trained model: what it has no code for is an Error. Null: it is made from the data.
  std::shared_ptr<const Codec> codec{};
  Between between{};  // reading may take long
};

// What the codec of such data is before any is read: that of the embedded names, or of sound.
std::shared_ptr<const Codec> usual_codec(const Config& recipe);

// Of a recipe's "data.format".
using DatasetMaker = std::function<std::shared_ptr<const Dataset>(
    const Config& recipe, const File& file, const OpenOptions& options)>;
Registry<DatasetMaker>& datasets();
// Throws Error, which names the file, for data that cannot be read, and UsageError for the recipe.
std::shared_ptr<const Dataset> open(const Config& recipe, const File& file,
                                    const OpenOptions& options = {});

}  // namespace wavenet::data
