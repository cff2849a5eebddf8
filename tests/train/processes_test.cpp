// Several processes that train one model, here as threads: they end with the bits of one.
#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "tests/train/words.h"
#include "wavenet/data/text/batches.h"
#include "wavenet/models/wavenet.h"
#include "wavenet/train/trainer.h"

namespace wavenet::train {
namespace {

// What the ranks share.
struct Meeting {
  explicit Meeting(int ranks)
      : floats(static_cast<std::size_t>(ranks)), doubles(floats.size()), all(ranks) {}
  std::vector<std::vector<float>> floats;
  std::vector<double> doubles;
  std::barrier<> all;
};

class Rank : public comm::Communicator {
 public:
  Rank(Meeting& meeting, int rank) : meeting_(meeting), rank_(rank) {}
  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(meeting_.floats.size()); }
  void sum(std::span<float> values) override {
    meeting_.floats[static_cast<std::size_t>(rank_)].assign(values.begin(), values.end());
    meeting_.all.arrive_and_wait();
    std::vector<std::vector<float>> parts = meeting_.floats;
    comm::sum_by_tree(parts, [](std::vector<float>& to, const std::vector<float>& from) {
      std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
    });
    std::copy(parts[0].begin(), parts[0].end(), values.begin());
    meeting_.all.arrive_and_wait();
  }
  double sum(double value) override {
    meeting_.doubles[static_cast<std::size_t>(rank_)] = value;
    meeting_.all.arrive_and_wait();
    std::vector<double> parts = meeting_.doubles;
    comm::sum_by_tree(parts, [](double& to, double from) { to += from; });
    meeting_.all.arrive_and_wait();
    return parts[0];
  }
  void broadcast(std::span<std::byte>, int) override { meeting_.all.arrive_and_wait(); }

 private:
  Meeting& meeting_;
  int rank_;
};

struct Trained {
  std::vector<double> losses;
  std::vector<std::vector<float>> weights;
  bool operator==(const Trained&) const = default;
};

Trained trained(comm::Communicator& processes, std::int64_t shards) {
  Rng rng(7);
  models::WaveNet model({.vocabulary = kVocabulary,
                         .embedding = 6,
                         .residual = 8,
                         .skip = 8,
                         .dilations = {1, 2},
                         .dropout = 0.1},
                        rng);
  data::WholeSequences batches(made_up_words(60, 6), {.batch = 24, .shards = shards}, 5);
  Trainer trainer(model, batches,
                  Config::parse(R"({"train": {"optimizer": "adamw",
      "schedule": "constant", "learning_rate": 0.01, "clip": 1.0}})",
                                "recipe"),
                  {.seed = 3, .processes = &processes});
  Trained result;
  for (int i = 0; i < 6; ++i) {
    result.losses.push_back(trainer.step());
  }
  for (const auto& [name, tensor] : model.parameters()) {
    result.weights.push_back(tensor.to_vector<float>());
  }
  return result;
}

TEST(Processes, EndWithTheBitsOfOne) {
  for (const std::int64_t shards : {4, 7, 8}) {
    const Trained one = trained(comm::alone(), shards);
    for (int ranks = 2; ranks <= 4; ++ranks) {
      Meeting meeting(ranks);
      std::vector<Trained> results(static_cast<std::size_t>(ranks));
      std::vector<std::thread> threads;
      for (int rank = 0; rank < ranks; ++rank) {
        threads.emplace_back([&, rank] {
          Rank self(meeting, rank);
          results[static_cast<std::size_t>(rank)] = trained(self, shards);
        });
      }
      for (std::thread& thread : threads) {
        thread.join();
      }
      for (const Trained& result : results) {
        EXPECT_TRUE(result == one) << shards << " shards, " << ranks << " processes";
      }
    }
  }
}

TEST(Processes, MustNotBeMoreThanShards) {
  Meeting meeting(2);
  Rank self(meeting, 0);
  try {
    trained(self, 1);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "recipe: train.shards gives 1 parts of a minibatch to 2 processes");
  }
}

}  // namespace
}  // namespace wavenet::train
