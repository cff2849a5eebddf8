// wavenet bench: how fast a recipe or a model trains, is judged and generates on this machine.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "wavenet/backend/cpu/peak.h"
#include "wavenet/base/split_mix.h"
#include "wavenet/generate/words.h"
#include "wavenet/run/run.h"
#include "wavenet/train/trainer.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

const std::array<std::string, 4> kJobs{"train", "evaluate", "stream", "sample"};
constexpr std::int64_t kWarmUp = 20;  // calls that are not measured

struct Pace {
  double seconds;  // of one call, on average
  std::int64_t calls;
};

// Calls `work` for about so many seconds, after warming up for a tenth of them.
Pace pace_of(double seconds, const std::function<void()>& work) {
  const auto run = [&](double limit, std::int64_t most) {
    const auto start = Clock::now();
    double spent = 0;
    std::int64_t calls = 0;
    do {
      work();
      ++calls;
      spent = std::chrono::duration<double>(Clock::now() - start).count();
    } while (spent < limit && calls < most);
    return Pace{spent / static_cast<double>(calls), calls};
  };
  run(seconds / 10, kWarmUp);
  return run(seconds, std::numeric_limits<std::int64_t>::max());
}

struct Bench {
  run::State state;
  std::shared_ptr<const data::Dataset> data;
  double seconds;
  int threads;
  bool choose_threads;  // in training
  double peak;
};

// Counts what is to be predicted in the minibatches that pass through it, asked for by one thread.
class Counted : public data::BatchSource {
 public:
  explicit Counted(const data::BatchSource& source) : source_(source) {}
  std::int64_t shards() const override { return source_.shards(); }
  data::Batch shard(std::int64_t step, std::int64_t shard) const override {
    data::Batch batch = source_.shard(step, shard);
    const auto* first = batch.targets.data<std::int32_t>();
    targets_ += std::count_if(first, first + batch.targets.numel(),
                              [](std::int32_t target) { return target >= 0; });
    ++shards_;
    return batch;
  }
  double targets_a_batch() const {
    return static_cast<double>(targets_ * shards()) / static_cast<double>(shards_);
  }

 private:
  const data::BatchSource& source_;
  mutable std::int64_t targets_ = 0;
  mutable std::int64_t shards_ = 0;
};

Json train(Bench& bench) {
  const std::unique_ptr<data::BatchSource> source = run::batches_for(bench.state, *bench.data);
  Counted batches(*source);
  train::Trainer trainer(*bench.state.model, batches, bench.state.saved.recipe,
                         {.seed = bench.state.saved.seed,
                          .threads = bench.threads,
                          .choose_threads = bench.choose_threads});
  const Pace pace = pace_of(bench.seconds, [&] { trainer.step(); });
  const double targets = batches.targets_a_batch();
  Json record{{"steps", pace.calls},
              {"ms_per_step", 1e3 * pace.seconds},
              {"steps_per_second", 1 / pace.seconds},
              {"characters_per_second", targets / pace.seconds}};
  const auto multiply_adds =
      static_cast<double>(models::multiply_adds(bench.state.model->wiring()));
  const double gflops = 3 * 2 * multiply_adds * targets / pace.seconds / 1e9;
  record["gflops"] = gflops;  // in products of matrices
  record["percent_of_peak"] = 100 * gflops / (bench.peak * bench.threads);  // of all cores allowed
  record["threads"] = trainer.threads();                                    // as chosen last
  return record;
}

Json evaluate(Bench& bench) {
  bench.state.model->eval();
  const Pace pace = pace_of(
      bench.seconds, [&] { run::loss_of(*bench.state.model, *bench.data, "val", bench.threads); });
  const std::int64_t targets = bench.data->pass("val", {})->targets();
  return {{"characters", targets},
          {"ms", 1e3 * pace.seconds},
          {"characters_per_second", static_cast<double>(targets) / pace.seconds}};
}

// One stream: a draw, a push, and so on.
Json stream(Bench& bench) {
  constexpr std::int64_t kTokens = 1000;  // of a call
  generate::Stream tokens(*bench.state.model);
  const auto sampler = bench.state.model->output().sampler({});
  std::uint64_t number = 0;
  const Pace pace = pace_of(bench.seconds, [&] {
    for (std::int64_t i = 0; i < kTokens; ++i) {
      const double u = unit_interval(split_mix(++number));
      tokens.push(sampler->draw(sampler->prepare(tokens.logits()), u));
    }
  });
  return {{"characters_per_second", static_cast<double>(kTokens) / pace.seconds}};
}

// As `wavenet sample` does, of the model that training left; characters are counted with the one
// that ends a word.
Json sample(Bench& bench) {
  constexpr std::int64_t kLength = 1000;
  constexpr int kWordsACall = 100;
  generate::Words words(*bench.state.model, {.max_length = kLength}, bench.state.saved.seed);
  std::int64_t characters = 0;
  std::int64_t calls = 0;
  const Pace pace = pace_of(bench.seconds, [&] {
    ++calls;
    for (int i = 0; i < kWordsACall; ++i) {
      characters += static_cast<std::int64_t>(words.next().tokens.size()) + 1;
    }
  });
  const double a_call = static_cast<double>(characters) / static_cast<double>(calls);
  return {{"characters_per_second", a_call / pace.seconds}};
}

Bench open(const BenchArguments& arguments) {
  const int threads = threads_or_all(arguments.threads);
  if (!arguments.model.empty()) {
    run::State state = run::open(arguments.model);
    auto data = open_data_of(state.saved, arguments.data);
    return {std::move(state), std::move(data),        arguments.seconds,
            threads,          arguments.threads == 0, cpu::peak_gflops()};
  }
  Config recipe = models::load_recipe(arguments.recipe);
  recipe.set_each(arguments.set);
  auto data = data::open(recipe, file_of(arguments.data), {.split_seed = kSeed});
  run::State state = run::new_state(std::move(recipe), *data, {.seed = kSeed});
  return {std::move(state), std::move(data),        arguments.seconds,
          threads,          arguments.threads == 0, cpu::peak_gflops()};
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

std::string counted(int count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void print(const Json& record) {
  fmt::print("{} parameters, {} at most; one core multiplies and adds at {:.0f} GFLOP/s\n",
             record["parameters"].get<std::int64_t>(),
             counted(record["threads"].get<int>(), "thread"), record["peak_gflops"].get<double>());
  const auto line = [&](const char* job, const auto& text) {
    if (record.contains(job)) {
      const Json& part = record[job];
      fmt::print("{:9} {:>12.0f} characters a second{}\n", job,
                 part["characters_per_second"].get<double>(), text(part));
    }
  };
  const auto number = [](const Json& part, const char* key) { return part[key].get<double>(); };
  line("train", [&](const Json& part) {
    return fmt::format("  {:.1f} steps a second, {:.3f} ms each on {}, {:.0f} % of the peak of {}",
                       number(part, "steps_per_second"), number(part, "ms_per_step"),
                       counted(part["threads"].get<int>(), "thread"),
                       number(part, "percent_of_peak"),
                       counted(record["threads"].get<int>(), "core"));
  });
  line("evaluate",
       [&](const Json& part) { return fmt::format("  val in {:.1f} ms", number(part, "ms")); });
  line("stream", [](const Json&) { return "  one after the other"; });
  line("sample", [](const Json&) { return "  words side by side"; });
  fmt::print("memory    {:>12.0f} MB at most\n", record["peak_memory_mb"].get<double>());
}

}  // namespace

int bench(const BenchArguments& arguments) {
  if (!(arguments.seconds > 0 && arguments.seconds <= 3600)) {
    fail_usage("--seconds: must be above 0 and at most 3600, got {}", arguments.seconds);
  }
  Bench bench = open(arguments);
  const std::string kind = bench.state.model->kind();
  check(kind != "Ngram", "bench: a counting model takes no steps; there is nothing to measure");
  Json record{{"recipe", arguments.model.empty() ? arguments.recipe : arguments.model},
              {"parameters", bench.state.model->parameter_count()},
              {"threads", bench.threads},
              {"peak_gflops", bench.peak}};
  const std::array<Json (*)(Bench&), 4> work{train, evaluate, stream, sample};
  const auto asks_for = [&](const std::string& job) {
    return std::count(arguments.jobs.begin(), arguments.jobs.end(), job) > 0;
  };
  const bool can_train = kind != "Convolution";
  if (can_train && arguments.model.empty() && asks_for("sample") && !asks_for("train")) {
    train(bench);  // a model that knows nothing draws long words, no two of which begin alike
  }
  for (std::size_t i = 0; i < kJobs.size(); ++i) {
    const bool can = can_train || kJobs[i] != "train";
    if (asks_for(kJobs[i]) || (arguments.jobs.empty() && can)) {
      record[kJobs[i]] = work[i](bench);
    }
  }
  record["peak_memory_mb"] = peak_memory_mb();
  if (arguments.json) {
    fmt::print("{}", json_line(record));
  } else {
    print(record);
  }
  return 0;
}

}  // namespace cli
