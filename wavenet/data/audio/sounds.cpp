#include "wavenet/data/audio/sounds.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/base/crc32.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/baselines/sound_marks.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/duration.h"
#include "wavenet/data/audio/mu_law.h"
#include "wavenet/sound/strings.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kMaxBatch = std::int64_t{1} << 20;
constexpr std::int64_t kDrawn = 2;         // sounds
constexpr std::int64_t kDrawnSeconds = 2;  // of each
constexpr std::size_t kExcerpts = 3;       // of val
constexpr std::int64_t kExcerptSeconds = 4;
constexpr float kQuiet = 1.0F / 16'384;  // what a dither of one bit stays below
constexpr std::uint32_t kParts = 10;
constexpr std::int64_t kJudgedOfTrain = std::int64_t{1} << 20;  // samples, where a run ends
constexpr std::int64_t kJudgedOfVal = std::int64_t{1} << 22;    // at each evaluation

bool is_val(const std::string& name) { return crc32(name) % kParts == 0; }

std::int64_t samples_of(const std::vector<Take>& takes) {
  std::int64_t samples = 0;
  for (const Take& take : takes) {
    samples += static_cast<std::int64_t>(take.codes.size());
  }
  return samples;
}

// Percent of the samples that are silent.
std::int64_t silence_of(const baselines::CodeCounts::Row& counts) {
  std::int64_t silent = 0;
  std::int64_t all = 0;
  for (std::size_t code = 0; code < counts.size(); ++code) {
    const float level = sound::level_of(static_cast<std::uint8_t>(code));
    silent += std::abs(level) < kQuiet * 2 ? counts[code] : 0;
    all += counts[code];
  }
  return all == 0 ? 0 : (200 * silent + all) / (2 * all);
}

// Beginnings of takes that lie evenly in a part, about `samples` in all; nothing of less than twice that.
std::vector<Take> some_of(const std::vector<Take>& takes, std::int64_t samples) {
  if (samples_of(takes) <= 2 * samples) {
    return {};
  }
  const auto most = static_cast<std::size_t>(samples / 16);
  std::vector<Take> some = takes;
  for (Take& take : some) {
    take.codes = take.codes.first(std::min(take.codes.size(), most));
  }
  const auto every =
      static_cast<std::size_t>(std::max<std::int64_t>(1, samples_of(some) / samples));
  std::vector<Take> chosen;
  for (std::size_t i = 0; i < some.size(); i += every) {
    chosen.push_back(some[i]);
  }
  return chosen;
}

double val_share_of(const Config& recipe) { return recipe.number_or("data.val_share", 0.1, 0, 1); }

// A model that was trained at another rate hears the data at its own.
std::int64_t rate_for(const Config& recipe, const OpenOptions& options) {
  const std::int64_t wanted = recipe.integer_or("data.sample_rate", 0, 1, kMaxSampleRate);
  if (!options.codec) {
    return wanted;
  }
  const std::optional<std::int64_t> rate = options.codec->sample_rate();
  check(rate.has_value(), "the model reads {}, and the data is sound", options.codec->kind());
  return *rate;
}

}  // namespace

Sounds::Sounds(std::string source, Takes takes, double val_share)
    : Dataset(std::move(source), takes.fingerprint(), std::make_shared<const MuLaw>(takes.rate())),
      takes_(std::move(takes)) {
  for (const Take& take : takes_.all()) {
    (is_val(take.name) ? val_ : train_).push_back(take);
  }
  by_file_ = !train_.empty() && !val_.empty();
  if (!by_file_) {
    split_each(val_share);
  }
  some_of_train_ = some_of(train_, kJudgedOfTrain);
  some_of_val_ = some_of(val_, kJudgedOfVal);
}

void Sounds::split_each(double val_share) {
  check(val_share > 0 && val_share < 1, "{}: data.val_share must be between 0 and 1, got {}",
        source(), val_share);
  train_.clear();
  val_.clear();
  for (const Take& take : takes_.all()) {
    const auto size = static_cast<double>(take.codes.size());
    const auto kept = take.codes.size() - static_cast<std::size_t>(size * val_share);
    train_.push_back({take.name, take.codes.first(kept)});
    val_.push_back({take.name, take.codes.subspan(kept)});
  }
  std::erase_if(val_, [](const Take& take) { return take.codes.empty(); });
  check(!val_.empty() && samples_of(train_) > 0,
        "{}: {} samples are too few to train and to judge on", source(), samples_of(takes_.all()));
}

const std::vector<Take>& Sounds::part(const std::string& name) const {
  if (name == "train") {
    return train_;
  }
  if (name == "val") {
    return val_;
  }
  if (name == "some of train" && !some_of_train_.empty()) {
    return some_of_train_;
  }
  if (name == "some of val" && !some_of_val_.empty()) {
    return some_of_val_;
  }
  if (name == "all") {
    return takes_.all();
  }
  fail_usage("{}: sound has the parts train, val and all, not '{}'", source(), name);
}

std::string Sounds::judged(const std::string& part) const {
  const bool some =
      (part == "train" && !some_of_train_.empty()) || (part == "val" && !some_of_val_.empty());
  return some ? "some of " + part : part;
}

std::vector<SoundCodes> Sounds::codes(const std::string& name) const {
  std::vector<SoundCodes> codes;
  for (const Take& take : part(name)) {
    codes.push_back(take.codes);
  }
  return codes;
}

const baselines::CodeCounts& Sounds::counts() const {
  std::call_once(counting_, [&] { counts_.emplace(codes("train")); });
  return *counts_;
}

std::string Sounds::summary() const {
  const auto duration = [&](std::int64_t samples) {
    return duration_text(static_cast<double>(samples) / static_cast<double>(rate()));
  };
  const std::int64_t train = samples_of(train_);
  const std::int64_t val = samples_of(val_);
  const std::size_t files = takes_.all().size();
  return fmt::format(
      "{} file{}, {} samples a second; train {} ({} samples), val {} ({} samples), {}", files,
      files == 1 ? "" : "s", rate(), duration(train), train, duration(val), val,
      by_file_ ? "whole files" : "the end of each file");
}

std::vector<Fact> Sounds::facts() const {
  std::vector<Fact> facts{{"source", source()}};
  const auto add = [&](const char* name, std::int64_t number) { facts.push_back({name, number}); };
  add("files", std::ssize(takes_.all()));
  add("sample_rate", rate());
  add("seconds", samples_of(takes_.all()) / rate());
  add("train", samples_of(train_));
  add("val", samples_of(val_));
  add("silence_percent", silence_of(counts().all()));
  facts.push_back({"split", by_file_ ? "files" : "ends"});
  return facts;
}

Marks Sounds::marks(const std::string& part) const {
  return baselines::sound_marks(codes("train"), counts(), codes(part));
}

std::unique_ptr<BatchSource> Sounds::batches(const Config& recipe,
                                             const BatchOptions& options) const {
  if (options.windows) {
    fail_usage("recipe: sound needs a model that reads sequences, as model.kind wavenet does");
  }
  return std::make_unique<SoundPieces>(
      codes("train"),
      SoundBatches{.batch = recipe.integer("train.batch_size", 1, kMaxBatch),
                   .length = recipe.integer("data.piece", 1, kMaxBatch),
                   .receptive_field = options.receptive_field,
                   .shards = recipe.integer_or("train.shards", 1, 1, 1024)},
      options.seed);
}

std::unique_ptr<Pass> Sounds::pass(const std::string& part, const PassOptions& options) const {
  return std::make_unique<CodesPass<std::uint8_t>>(codes(part), options);
}

std::vector<NamedPass> Sounds::passes(const std::string& part, const PassOptions& options) const {
  std::vector<NamedPass> passes;
  for (const Take& take : this->part(part)) {
    passes.push_back({take.name, std::make_unique<CodesPass<std::uint8_t>>(
                                     std::vector<SoundCodes>{take.codes}, options)});
  }
  return passes;
}

Draws Sounds::draws() const { return {kDrawn, std::min(kDrawnSeconds * rate(), kMaxSoundBytes)}; }

// The longest takes of val are likeliest to hold more than silence.
std::vector<Record> Sounds::shown() const {
  std::vector<Take> longest = val_;
  std::stable_sort(longest.begin(), longest.end(),
                   [](const Take& a, const Take& b) { return a.codes.size() > b.codes.size(); });
  std::vector<Record> records;
  for (std::size_t i = 0; i < std::min(longest.size(), kExcerpts); ++i) {
    const SoundCodes codes = longest[i].codes.first(
        std::min(longest[i].codes.size(),
                 static_cast<std::size_t>(std::min(kExcerptSeconds * rate(), kMaxSoundBytes))));
    records.emplace_back(SoundRecord{.step = 0,
                                     .name = "val/" + longest[i].name,
                                     .rate = rate(),
                                     .codes = {codes.begin(), codes.end()}});
  }
  const baselines::CodeCounts::Row& counts = this->counts().all();
  records.emplace_back(
      CodesRecord{.step = 0, .of = "train", .counts = {counts.begin(), counts.end()}});
  return records;
}

bool reads_sound(const Config& recipe) {
  const std::string format = recipe.text_or("data.format", "");
  return format == "sound" || format == "notes";
}

std::shared_ptr<const Dataset> open_sounds(const Config& recipe, const File& file,
                                           const OpenOptions& options) {
  if (file.bytes || file.path.empty()) {
    fail_usage("sound is read from files: name a folder or files with --data");
  }
  Takes takes = read_takes(file.path, {.rate = rate_for(recipe, options),
                                       .exclude = names_in(recipe.text_or("data.exclude", "")),
                                       .trim = recipe.number_or("data.trim", 0, 0, 120),
                                       .between = options.between});
  return std::make_shared<const Sounds>(file.path, std::move(takes), val_share_of(recipe));
}

std::shared_ptr<const Dataset> open_notes(const Config& recipe, const File& file,
                                          const OpenOptions&) {
  if (file.bytes || !file.path.empty()) {
    fail_usage(
        "recipe: data.format notes is the sound in the library; files are of data.format sound");
  }
  std::vector<Takes::Made> made;
  for (const sound::Clip& clip : sound::notes()) {
    std::vector<std::uint8_t> codes(clip.samples.size());
    sound::code(clip.samples, codes);
    made.push_back({clip.name, std::move(codes)});
  }
  return std::make_shared<const Sounds>(
      "the embedded notes", Takes(sound::kNotesRate, std::move(made)), val_share_of(recipe));
}

}  // namespace wavenet::data
