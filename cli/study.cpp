// wavenet study: the article's networks, WaveNet grown part by part and the counting model on one
// split, a row of losses for each as it ends.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "wavenet/data/text/corpus.h"
#include "wavenet/models/convolution.h"
#include "wavenet/models/ngram_model.h"
#include "wavenet/run/run.h"
#include "wavenet/study/difference.h"
#include "wavenet/study/steps.h"
#include "wavenet/train/evaluate.h"
#include "wavenet/train/trainer.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kArticleSteps = 200'000;
constexpr std::int64_t kQuickSteps = 15'000;
constexpr std::size_t kColumns = 80;
constexpr std::string_view kIndent = "    ";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Setting {
  std::shared_ptr<const data::Corpus> corpus;
  std::uint64_t seed;
  run::Threads threads;
};

// One step of the study as it came out.
struct Row {
  double train = 0;
  double val = 0;
  std::int64_t parameters = 0;
  double seconds = 0;          // of training, converting or counting, not of judging
  std::string found{};         // what else there is to say, a sentence or none
  Json more = Json::object();  // the same as keys
};

// A network at the start of its training.
class Network {
 public:
  Network(const study::Step& step, const Setting& setting)
      : state_(begun(step, setting)),
        batches_(run::batches_for(state_, *setting.corpus)),
        trainer_(*state_.model, *batches_, state_.saved.recipe,
                 {.seed = setting.seed,
                  .threads = setting.threads.most,
                  .choose_threads = setting.threads.choose}) {}

  // The last minibatch's loss.
  double train(std::int64_t steps) {
    double loss = 0;
    for (std::int64_t i = 0; i < steps; ++i) {
      loss = trainer_.step();
    }
    return loss;
  }
  std::unique_ptr<models::Model> model() { return std::move(state_.model); }

 private:
  static run::State begun(const study::Step& step, const Setting& setting) {
    run::State state{{.recipe = step.recipe,
                      .codec = setting.corpus->codec(),
                      .seed = setting.seed,
                      .rng = Rng(setting.seed)},
                     nullptr};
    state.model = step.build(setting.corpus->vocabulary().size(), state.saved.rng);
    return state;
  }

  run::State state_;
  std::unique_ptr<data::BatchSource> batches_;
  train::Trainer trainer_;
};

std::int64_t steps_of(const study::Step& step) {
  return step.recipe.integer("train.steps", 1, run::kMaxSteps);
}

// By a few steps of each network, thrown away.
double expected_seconds(const std::vector<study::Step>& steps, const Setting& setting) {
  constexpr std::int64_t kTrial = 24;  // enough for the choice of threads
  double seconds = 0;
  for (const study::Step& step : steps) {
    if (step.kind == study::Kind::trained) {
      Network network(step, setting);
      network.train(kTrial);
      const auto start = Clock::now();
      network.train(kTrial);
      seconds += seconds_since(start) * static_cast<double>(steps_of(step)) / kTrial;
    }
  }
  return seconds;
}

// A tree by its windows, not by the convolution that it could be.
Row judged(models::Model& model, const Setting& setting, double seconds) {
  return {.train = train::mean_loss(model, setting.corpus->train, setting.threads.most),
          .val = train::mean_loss(model, setting.corpus->val, setting.threads.most),
          .parameters = model.parameter_count(),
          .seconds = seconds};
}

struct Study {
  Setting setting;
  std::unique_ptr<models::Model> trained{};  // by the last step that trained a tree

  Row row(const study::Step& step) {
    switch (step.kind) {
      case study::Kind::trained:
        return train(step);
      case study::Kind::converted:
        return convert();
      case study::Kind::counted:
        break;
    }
    return count(step);
  }

  Row train(const study::Step& step) {
    constexpr std::int64_t kAtOnce = 10;
    const std::int64_t steps = steps_of(step);
    LiveLine live;
    const auto start = Clock::now();
    Network network(step, setting);
    for (std::int64_t done = 0; done < steps;) {
      const std::int64_t more = std::min(kAtOnce, steps - done);
      const double loss = network.train(more);
      done += more;
      live.show(fmt::format("{}: step {}/{}  loss {:.4f}", step.name, done, steps, loss));
    }
    const double seconds = seconds_since(start);
    live.show(step.name + ": judging");
    std::unique_ptr<models::Model> model = network.model();
    Row row = judged(*model, setting, seconds);
    row.more["steps"] = steps;
    if (models::convolution_of(*model) != nullptr) {
      trained = std::move(model);
    }
    return row;
  }

  Row convert() {
    const auto start = Clock::now();
    const auto convolution = models::convolution_of(*trained);
    Row row = judged(*convolution, setting, seconds_since(start));
    const study::Difference apart = study::difference(*trained, *convolution, setting.corpus->val);
    row.found =
        apart.largest == 0
            ? fmt::format("Every logit is the same to the last bit, up to {:.1f}.", apart.logit)
            : fmt::format("No logit differs by more than {:.1g}; the largest is {:.1f}.",
                          apart.largest, apart.logit);
    row.more = {{"largest_difference", apart.largest}, {"largest_logit", apart.logit}};
    return row;
  }

  Row count(const study::Step& step) {
    const auto start = Clock::now();
    models::Ngram model(setting.corpus->vocabulary().size(),
                        step.recipe.integer("model.order", 1, baselines::NgramCounts::kMaxOrder));
    model.fit(setting.corpus->train);
    Row row{.seconds = seconds_since(start)};
    row.train = model.counts().loss(setting.corpus->train);
    row.val = model.counts().loss(setting.corpus->val);
    row.found = fmt::format("It keeps {} counts.", model.counts().size());
    row.more["counts"] = model.counts().size();
    return row;
  }
};

// A sentence in lines that fit, indented.
void print_wrapped(const std::string& sentence) {
  std::istringstream words(sentence);
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && kIndent.size() + line.size() + 1 + word.size() > kColumns) {
      fmt::print("{}{}\n", kIndent, line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  fmt::print("{}{}\n", kIndent, line);
}

void print(const study::Step& step, const Row& row) {
  fmt::print("{:22} {:7.4f} {:7.4f} {:>11} {:>9.1f}\n", step.name, row.train, row.val,
             row.parameters, row.seconds);
  print_wrapped(row.found.empty() ? step.teaches : step.teaches + " " + row.found);
}

void print_json(const study::Step& step, const Row& row) {
  Json record{{"step", step.name},
              {"train", row.train},
              {"val", row.val},
              {"parameters", row.parameters},
              {"seconds", row.seconds}};
  record.update(row.more);
  record["teaches"] = step.teaches;
  fmt::print("{}", json_line(record));
}

void say_what_is_to_come(const std::vector<study::Step>& steps, std::int64_t count,
                         double seconds) {
  const auto networks = std::count_if(steps.begin(), steps.end(), [](const study::Step& step) {
    return step.kind == study::Kind::trained;
  });
  const std::string less =
      count < kArticleSteps ? fmt::format(", not the article's {}", kArticleSteps) : "";
  const std::string time = seconds < 90 ? fmt::format("{:.0f} s", std::max(1.0, seconds))
                                        : fmt::format("{:.0f} min", seconds / 60);
  say::note(fmt::format(
      "study: {} networks of {} steps each{} ({} steps where a minibatch is whole names); about {}",
      networks, count, less, study::steps_on_names(count), time));
}

}  // namespace

int study(const StudyArguments& arguments) {
  const std::int64_t count =
      arguments.steps.value_or(arguments.quick ? kQuickSteps : kArticleSteps);
  const std::vector<study::Step> steps = study::steps(count);
  Study study{{data::open_corpus(steps.front().recipe, file_of(arguments.data), kSeed),
               arguments.seed,
               run::Threads{threads_or_all(arguments.threads), arguments.threads == 0}}};
  say_what_is_to_come(steps, count, expected_seconds(steps, study.setting));
  if (!arguments.json) {
    fmt::print("{:22} {:>7} {:>7} {:>11} {:>9}\n", "step", "train", "val", "parameters", "seconds");
  }
  for (const study::Step& step : steps) {
    const Row row = study.row(step);
    arguments.json ? print_json(step, row) : print(step, row);
    std::fflush(stdout);
  }
  if (!arguments.json) {
    fmt::print("\nlosses in nats per character; train {}, val {} words\n",
               study.setting.corpus->train.size(), study.setting.corpus->val.size());
  }
  return 0;
}

}  // namespace cli
