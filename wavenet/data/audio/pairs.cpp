#include "wavenet/data/audio/pairs.h"

#include <algorithm>

#include "wavenet/base/check.h"
#include "wavenet/base/hash.h"
#include "wavenet/baselines/pair_marks.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/sound/wav_bytes.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kMaxPairBatch = std::int64_t{1} << 20;
constexpr std::int64_t kOutputs = 8192;
constexpr std::int64_t kMaxLatency = std::int64_t{1} << 20;
constexpr std::int64_t kHeardSeconds = 3;
constexpr std::int64_t kJudgedOfPairs = std::int64_t{1} << 19;  // samples

// Of what is trained and judged on, but for its level.
std::string fingerprint_of(const Pair& pair) {
  Fnv1a64 hash;
  hash.add(fmt::format("pairs {} {} {} {}\n", pair.rate, pair.train.first, pair.val.first,
                       pair.latency.samples));
  hash.add(pair.in.data(), pair.in.size() * sizeof(float));
  hash.add(pair.out.data(), pair.out.size() * sizeof(float));
  return hash.hex();
}

baselines::Played played(const Pair& pair, const Range& range) {
  const auto last = static_cast<std::size_t>(range.last);
  return {
      std::span<const float>(pair.in).first(last),
      std::span<const float>(pair.out).first(last).last(static_cast<std::size_t>(range.size()))};
}

std::string latency_note(const Latency& latency) {
  return fmt::format("the output was taken {} sample{} {}, {}", std::abs(latency.samples),
                     std::abs(latency.samples) == 1 ? "" : "s",
                     latency.samples < 0 ? "later" : "earlier",
                     latency.from == "data.latency"  ? "as data.latency says"
                     : latency.from == "correlation" ? "as correlation tells; listen to the "
                                                       "blips of a test signal to be sure"
                                                     : "as the blips tell");
}

double seconds_of(const Range& range, std::int64_t rate) {
  return static_cast<double>(range.size()) / static_cast<double>(rate);
}

}  // namespace

Pairs::Pairs(std::string source, Pair pair)
    : Dataset(std::move(source), fingerprint_of(pair),
              std::make_shared<const SampleCodec>(pair.rate, pair.scale)),
      pair_(std::move(pair)) {
  notes_.push_back(latency_note(pair_.latency));
  if (!pair_.planned) {
    notes_.push_back(fmt::format("the input is not the test signal, so the last {:.1f} s are val",
                                 seconds_of(pair_.val, pair_.rate)));
  }
}

Range Pairs::part(const std::string& name) const {
  if (name == "train") {
    return pair_.train;
  }
  if (name == "val") {
    return pair_.val;
  }
  if (name == "all") {
    return {0, std::ssize(pair_.in)};
  }
  if (name == "some of train" && judged("train") == name) {
    const std::int64_t first = pair_.train.first + (pair_.train.size() - kJudgedOfPairs) / 2;
    return {first, first + kJudgedOfPairs};
  }
  fail_usage("{}: a recording has the parts train, val and all, not '{}'", source(), name);
}

std::string Pairs::judged(const std::string& part) const {
  return part == "train" && pair_.train.size() > 2 * kJudgedOfPairs ? "some of train" : part;
}

std::string Pairs::summary() const {
  return fmt::format(
      "{} samples a second; train {:.1f} s ({} samples), val {:.1f} s ({} samples), {}", pair_.rate,
      seconds_of(pair_.train, pair_.rate), pair_.train.size(), seconds_of(pair_.val, pair_.rate),
      pair_.val.size(), pair_.planned ? "as the test signal is planned" : "the end");
}

std::vector<Fact> Pairs::facts() const {
  return {{"source", source()},
          {"sample_rate", pair_.rate},
          {"seconds", std::ssize(pair_.in) / pair_.rate},
          {"train", pair_.train.size()},
          {"val", pair_.val.size()},
          {"latency", fmt::format("{} samples, by {}", pair_.latency.samples, pair_.latency.from)},
          {"scale", fmt::format("{:.6g}", pair_.scale)},
          {"split", pair_.planned ? "test signal" : "end"}};
}

Marks Pairs::marks(const std::string& name) const {
  return baselines::pair_marks(played(pair_, pair_.train), played(pair_, part(name)));
}

std::unique_ptr<BatchSource> Pairs::batches(const Config& recipe,
                                            const BatchOptions& options) const {
  check_usage(!options.windows,
              "recipe: recordings of an amplifier need a model that reads sequences");
  recipe.integer_or("train.shards", 1, 1, 1);
  const auto of_train = [&](const std::vector<float>& samples) {
    return std::span<const float>(samples).subspan(static_cast<std::size_t>(pair_.train.first),
                                                   static_cast<std::size_t>(pair_.train.size()));
  };
  return std::make_unique<PairItems>(
      Aligned{of_train(pair_.in), of_train(pair_.out)},
      PairBatches{.batch = recipe.integer("train.batch_size", 1, kMaxPairBatch),
                  .outputs = recipe.integer_or("data.outputs", kOutputs, 1, kMaxPairBatch),
                  .receptive_field = options.receptive_field},
      options.seed);
}

std::unique_ptr<Pass> Pairs::pass(const std::string& name, const PassOptions& options) const {
  const Range range = part(name);
  return std::make_unique<PairPass>(all(), range.first, range.last, options);
}

Range Pairs::heard_range() const {
  const std::int64_t most = std::min(kHeardSeconds * pair_.rate, kMaxSoundBytes / 2);
  return {pair_.val.first, pair_.val.first + std::min(most, pair_.val.size())};
}

std::vector<Record> Pairs::shown() const {
  const Range range = heard_range();
  const auto record = [&](const char* name, const std::vector<float>& samples) {
    return SoundRecord{
        .step = 0,
        .name = name,
        .rate = pair_.rate,
        .codes = sound::pcm16_of(std::span<const float>(samples).subspan(
            static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.size()))),
        .bits = 16};
  };
  return {record("val/input", pair_.in), record("val/target", pair_.out)};
}

std::unique_ptr<Pass> Pairs::heard(const PassOptions& options) const {
  const Range range = heard_range();
  return std::make_unique<PairPass>(all(), range.first, range.last, options);
}

bool reads_pairs(const Config& recipe) { return recipe.text_or("data.format", "") == "pairs"; }

PairOptions pair_options(const Config& recipe) {
  PairOptions options{.latency = {},
                      .val_share = recipe.number_or("data.val_share", 0.1, 0, 1),
                      .normalise = recipe.boolean_or("data.normalise", true),
                      .scale = {}};
  // Asked for even where it is absent, so that it may be set.
  const std::int64_t latency = recipe.integer_or("data.latency", 0, -kMaxLatency, kMaxLatency);
  if (recipe.contains("data.latency")) {
    options.latency = latency;
  }
  return options;
}

std::shared_ptr<const Dataset> open_pairs(const Config& recipe, const File& file,
                                          const OpenOptions& options) {
  if (file.bytes || file.path.empty()) {
    fail_usage("an amplifier is recorded in files: name two with --data IN.wav,OUT.wav");
  }
  Recording recording = read_recording(file.path, options.between);
  PairOptions how = pair_options(recipe);
  if (options.codec) {
    const SampleCodec* samples = sample_codec_of(*options.codec);
    check(samples != nullptr, "the model reads {}, and the data is a recording of an amplifier",
          options.codec->kind());
    check(recording.rate() == samples->rate(),
          "{}: {} samples a second, and the model was trained at {}", recording.in.file,
          recording.rate(), samples->rate());
    how.scale = samples->scale();
  }
  return std::make_shared<const Pairs>(file.path, made_ready(std::move(recording), how));
}

}  // namespace wavenet::data
