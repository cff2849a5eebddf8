// A small model of sound against PyTorch 1.13: logits and losses after silence, by the layers and by a
// stream; and 50 steps of training by pieces, some of which begin cold and some of which end without
// targets. The expected tensors are made by python/make_sound_goldens.py. Trained in f64, no loss of
// the 50 steps is off by more than 1e-6 of itself.
#include "tests/nn/golden.h"

namespace {

using namespace wavenet;
using golden::Case;

constexpr std::int64_t kCodes = 256;
constexpr std::int32_t kSilence = 128;
constexpr std::int64_t kBatches = 5;  // that training goes round

Case case_of(const std::string& name) {
  static const io::SafeTensors file = golden::read("sound");
  return {file, name, 1e-5F};
}

Config recipe() {
  return Config::parse(
      R"({"model": {"kind": "wavenet", "embedding": 6, "residual": 8, "skip": 10, "width": 2,
                    "dilations": [1, 2, 4, 1, 2, 4]},
          "train": {"steps": 50, "optimizer": "adamw", "schedule": "cosine", "learning_rate": 3e-3,
                    "warmup": 5, "weight_decay": 0.05, "clip": 1.0, "ema": 0.95}})",
      "sound");
}

std::unique_ptr<models::Model> initial_model() {
  Rng rng(1);  // whose weights are replaced at once
  std::unique_ptr<models::Model> model = models::build(recipe(), {kCodes, kSilence}, rng);
  golden::load(case_of("initial"), *model);
  return model;
}

template <class T>
Tensor vector_of(const std::vector<T>& values) {
  return Tensor::from(std::vector<float>(values.begin(), values.end()),
                      {static_cast<std::int64_t>(values.size())});
}

TEST(SoundGolden, LogitsAfterSilence) {
  const Case golden = case_of("sound");
  const auto model = initial_model();
  const std::vector<std::int32_t> codes = golden["codes"].to_vector<std::int32_t>();
  std::vector<std::int32_t> read{kSilence};
  read.insert(read.end(), codes.begin(), codes.end() - 1);
  const auto count = static_cast<std::int64_t>(codes.size());
  const Tensor logits = model->logits(Tensor::from(read, {1, count}));
  golden.expect(reshape(logits, {count, kCodes}), "logits");
  golden.expect(vector_of(train::losses(*model, codes)), "losses");
}

TEST(SoundGolden, StreamAfterSilence) {
  const Case golden = case_of("sound");
  generate::Stream stream(*initial_model());
  std::vector<float> logits;
  const std::vector<std::int32_t> codes = golden["codes"].to_vector<std::int32_t>();
  for (const std::int32_t code : codes) {
    logits.insert(logits.end(), stream.logits().begin(), stream.logits().end());
    stream.push(code);
  }
  golden.expect(Tensor::from(logits, {static_cast<std::int64_t>(codes.size()), kCodes}), "logits");
}

// The minibatches of the golden in two shards, of unequally many targets.
class GoldenPieces : public data::BatchSource {
 public:
  std::int64_t shards() const override { return 2; }
  data::Batch shard(std::int64_t step, std::int64_t shard) const override {
    const Case golden = case_of("train");
    const std::string number = std::to_string(step % kBatches);
    const Tensor inputs = half_of(golden["inputs_" + number], shard);
    const Tensor targets = half_of(golden["targets_" + number], shard);
    return {{inputs, {.past = inputs.size(1) - targets.size(1)}}, targets};
  }

 private:
  static Tensor half_of(const Tensor& whole, std::int64_t which) {
    const std::vector<std::int32_t> all = whole.to_vector<std::int32_t>();
    const auto half = static_cast<std::ptrdiff_t>(all.size()) / 2;
    const auto begin = all.begin() + which * half;
    return Tensor::from(std::vector<std::int32_t>(begin, begin + half),
                        {whole.size(0) / 2, whole.size(1)});
  }
};

TEST(SoundGolden, TrainingByPieces) {
  const Case golden = case_of("train");
  const auto model = initial_model();
  const GoldenPieces batches;
  train::Trainer trainer(*model, batches, recipe());
  std::vector<double> losses;
  for (int step = 0; step < 50; ++step) {
    losses.push_back(trainer.step());
  }
  golden.expect(vector_of(losses), "losses");
  for (const auto& [name, tensor] : model->parameters()) {
    golden.expect(tensor, "final/" + name);
  }
  const optim::UseAverage use(*trainer.average());
  for (const auto& [name, tensor] : model->parameters()) {
    golden.expect(tensor, "average/" + name);
  }
}

}  // namespace
