// Table: the steps of the study, done one after the other, each of which gives a row of losses.
//
//   const std::vector<study::Step> steps = study::steps(15'000);
//   study::Table table(data::open(steps.front().recipe, {"names.txt"}), {.threads = {2}});
//   for (const study::Step& step : steps) {
//     const study::Row row = table.row(step);   // row.val: 2.1337 nats a character
//   }
//
// Every network draws from the same seed, and all are judged on the same words. One thread at a
// time may use a Table. Left out: printing, and a run folder; nothing is kept (run/run.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "wavenet/data/dataset.h"
#include "wavenet/run/run.h"
#include "wavenet/study/difference.h"
#include "wavenet/study/steps.h"

namespace wavenet::study {

struct Setting {
  run::Threads threads{};   // no loss depends on them
  std::uint64_t seed = 42;  // of weights and minibatches
};

// What came of a step.
struct Row {
  double train = 0;  // nats per character
  double val = 0;
  std::int64_t parameters = 0;  // none of what counts
  double seconds = 0;           // of training, converting or counting, not of judging
  // Of each kind of step its own:
  std::optional<std::int64_t> steps{};   // trained: of training
  std::optional<Difference> apart{};     // converted: from the tree that it was made of
  std::optional<std::int64_t> ngrams{};  // counted: that it keeps
};

// Where the training of a network is.
struct Progress {
  std::int64_t done;
  std::int64_t steps;
  std::optional<double> loss{};  // of the last minibatch; none: it is trained, and judged now
};
// Is told every ten steps, on the thread that trains.
using Follow = std::function<void(const Progress& progress)>;

class Table {
 public:
  // The data must have the parts train and val in memory, and be of what the steps' recipes read.
  explicit Table(std::shared_ptr<const data::Dataset> data, Setting setting = {})
      : data_(std::move(data)), setting_(setting) {}

  // Does one step. A conversion takes the last tree that was trained; throws Error where there is
  // none, and train::Diverged.
  Row row(const Step& step, const Follow& follow = {});
  // Of training all of them, by a few steps of each, thrown away. It takes about a second.
  double expected_seconds(const std::vector<Step>& steps) const;

 private:
  Row train(const Step& step, const Follow& follow);
  Row convert() const;
  Row count(const Step& step) const;
  Row judged(models::Model& model, double seconds) const;

  std::shared_ptr<const data::Dataset> data_;
  Setting setting_;
  std::unique_ptr<models::Model> tree_{};  // of the last step that trained one
};

}  // namespace wavenet::study
