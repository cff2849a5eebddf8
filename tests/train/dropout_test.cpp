// What dropout leaves out in the course of training.
#include <gtest/gtest.h>

#include <bitset>
#include <mutex>

#include "tests/train/words.h"
#include "wavenet/train/trainer.h"

namespace wavenet::train {
namespace {

constexpr std::size_t kBits = 4096;
using Mask = std::bitset<kBits>;

// A model that only shows what three dropouts, one after the other, leave out.
class Probe : public models::Model {
 public:
  Probe()
      : Model({models::Reads::sequences, 1, kVocabulary}, nullptr),
        dropout_(add_child("dropout", nn::Dropout(0.5))),
        x_(add_parameter("x", zeros({1}))) {}
  std::string kind() const override { return "Probe"; }
  const std::vector<Mask>& masks() const { return masks_; }
  Tensor raw(const Inputs& inputs) override {
    for (int layer = 0; layer < 3; ++layer) {
      const std::vector<float> y = dropout_(ones({kBits})).to_vector<float>();
      Mask mask;
      for (std::size_t i = 0; i < kBits; ++i) {
        mask[i] = y[i] != 0;
      }
      const std::lock_guard lock(mutex_);
      masks_.push_back(mask);
    }
    return x_ * ones({inputs.x.size(0), inputs.x.size(1), kVocabulary});
  }

 private:
  nn::Dropout& dropout_;
  Tensor x_;
  std::mutex mutex_;
  std::vector<Mask> masks_;
};

class TwoShards : public data::BatchSource {
 public:
  std::int64_t shards() const override { return 2; }
  data::Batch shard(std::int64_t, std::int64_t) const override {
    const Tensor tokens = Tensor::from<std::int32_t>({0, 1}, {1, 2});
    return {{tokens}, tokens};
  }
};

// Each layer, shard, step and seed drops elements of its own, also after many steps: no mask is
// like another, nor like another that is shifted. Two have half of their bits in common, 32 more or
// less being a deviation.
TEST(Dropout, DropsAnewInEachLayerShardAndStep) {
  std::vector<Mask> masks;
  struct Begin {
    std::uint64_t seed;
    std::int64_t step;
  };
  for (const auto [seed, step] :
       {Begin{42, 0}, Begin{43, 0}, Begin{42, 1 << 24}, Begin{42, std::int64_t{1} << 39}}) {
    Probe probe;
    TwoShards batches;
    const Config recipe = Config::parse(
        R"({"train": {"optimizer": "sgd", "schedule": "constant", "learning_rate": 0.5}})",
        "recipe");
    Trainer trainer(probe, batches, recipe, {.seed = seed, .threads = 2, .steps_done = step});
    trainer.step();
    trainer.step();
    masks.insert(masks.end(), probe.masks().begin(), probe.masks().end());
  }
  ASSERT_EQ(masks.size(), 4U * 2 * 2 * 3);
  for (std::size_t i = 0; i < masks.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(masks[i].count()), kBits / 2.0, 7 * 32);
    for (std::size_t j = 0; j < masks.size(); ++j) {
      for (std::size_t shift = 0; shift < 100; ++shift) {
        if (i == j && shift == 0) {
          continue;
        }
        const std::size_t rest = kBits - shift;  // the others are compared with zeros
        const std::size_t differ =
            ((masks[i] ^ (masks[j] >> shift)) << shift).count();  // drops those
        ASSERT_NEAR(static_cast<double>(differ), static_cast<double>(rest) / 2, 7 * 32)
            << "mask " << i << " is like mask " << j << " shifted by " << shift;
      }
    }
  }
}

}  // namespace
}  // namespace wavenet::train
