// wavenet bench: how fast a recipe or a model trains, is judged and generates on this machine.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/bench_player.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "wavenet/backend/cpu/peak.h"
#include "wavenet/models/amplifier.h"
#include "wavenet/run/speed.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

struct Bench {
  run::State state;
  std::shared_ptr<const data::Dataset> data;
  run::SpeedOptions how;
  double peak;
};

Json training(Bench& bench) {
  const run::TrainingSpeed speed = run::training_speed(bench.state, *bench.data, bench.how);
  return {{"precision", bench.state.saved.recipe.text_or("train.precision", "f32")},
          {"steps", speed.step.calls},
          {"ms_per_step", 1e3 * speed.step.seconds},
          {"steps_per_second", 1 / speed.step.seconds},
          {"characters_per_second", speed.codes_per_second()},
          {"gflops", speed.gflops},
          {"percent_of_peak",  // of all cores allowed
           100 * speed.gflops / (bench.peak * bench.how.threads.most)},
          {"threads", speed.threads}};
}

Json evaluating(Bench& bench) {
  const run::JudgingSpeed speed = run::judging_speed(*bench.state.model, *bench.data, bench.how);
  return {{"characters", speed.targets},
          {"ms", 1e3 * speed.pass.seconds},
          {"characters_per_second", speed.codes_per_second()}};
}

Json streaming(Bench& bench) {
  const run::StreamSpeed speed = run::stream_speed(*bench.state.model, bench.how);
  return {{"characters_per_second", speed.codes_per_second},
          {"gflops", speed.gflops},
          {"percent_of_peak", 100 * speed.gflops / bench.peak}};  // of one core
}

// As `wavenet sample` does, of the model that training left.
Json sampling(Bench& bench) {
  return {{"characters_per_second",
           run::sampling_speed(*bench.state.model, bench.state.saved.seed, bench.how)}};
}

// In the order in which they are done.
struct Job {
  const char* name;
  Json (*measure)(Bench&);
};
constexpr Job kJobs[]{
    {"train", training}, {"evaluate", evaluating}, {"stream", streaming}, {"sample", sampling}};

Bench open(const BenchArguments& arguments) {
  const run::SpeedOptions how{
      .seconds = arguments.seconds,
      .threads = {threads_or_all(arguments.threads), arguments.threads == 0}};
  if (!arguments.model.empty()) {
    run::State state = run::open(arguments.model);
    auto data = open_data_of(state.saved, arguments.data);
    return {std::move(state), std::move(data), how, cpu::peak_gflops()};
  }
  Config recipe = models::load_recipe(arguments.recipe);
  std::vector<std::string> assignments = arguments.set;
  if (!arguments.precision.empty()) {
    assignments.push_back("train.precision=" + arguments.precision);
  }
  recipe.set_each(assignments);
  auto data = data::open(recipe, file_of(arguments.data), {.split_seed = kSeed});
  run::State state = run::new_state(std::move(recipe), *data, {.seed = kSeed});
  return {std::move(state), std::move(data), how, cpu::peak_gflops()};
}

std::string counted(int count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void print(const Json& record) {
  fmt::print("{} parameters, {} at most; one core multiplies and adds at {:.0f} GFLOP/s\n",
             record["parameters"].get<std::int64_t>(),
             counted(record["threads"].get<int>(), "thread"), record["peak_gflops"].get<double>());
  const std::string unit = record["unit"].get<std::string>();
  const auto line = [&](const char* job, const auto& text) {
    if (record.contains(job)) {
      const Json& part = record[job];
      fmt::print("{:9} {:>12.0f} {}s a second{}\n", job,
                 part["characters_per_second"].get<double>(), unit, text(part));
    }
  };
  const auto number = [](const Json& part, const char* key) { return part[key].get<double>(); };
  line("train", [&](const Json& part) {
    const bool rounded = part["precision"] == "bf16";
    const std::string share =  // of an amplifier's step nobody counts the multiply-adds
        number(part, "gflops") == 0
            ? ""
            : fmt::format(", {:.0f} % of the {}peak of {}", number(part, "percent_of_peak"),
                          rounded ? "f32 " : "", counted(record["threads"].get<int>(), "core"));
    return fmt::format("  {:.1f} steps a second, {:.3f} ms each {}on {}{}",
                       number(part, "steps_per_second"), number(part, "ms_per_step"),
                       rounded ? "in bf16 " : "", counted(part["threads"].get<int>(), "thread"),
                       share);
  });
  line("evaluate",
       [&](const Json& part) { return fmt::format("  val in {:.1f} ms", number(part, "ms")); });
  line("stream", [](const Json&) { return "  one after the other"; });
  line("sample", [&](const Json&) {
    return unit == "sample" ? "  of 1,000 at most, side by side" : "  words side by side";
  });
  fmt::print("memory    {:>12.0f} MB at most\n", record["peak_memory_mb"].get<double>());
}

}  // namespace

int bench(const BenchArguments& arguments) {
  if (!(arguments.seconds > 0 && arguments.seconds <= 3600)) {
    fail_usage("--seconds: must be above 0 and at most 3600, got {}", arguments.seconds);
  }
  if (arguments.model.ends_with(".nam")) {
    return bench_player(arguments);
  }
  Bench bench = open(arguments);
  check(bench.state.model->takes_steps(),
        "bench: a counting model takes no steps; there is nothing to measure");
  Json record{{"recipe", arguments.model.empty() ? arguments.recipe : arguments.model},
              {"unit", bench.state.saved.codec->unit()},
              {"parameters", bench.state.model->parameter_count()},
              {"threads", bench.how.threads.most},
              {"peak_gflops", bench.peak}};
  const auto asks_for = [&](const std::string& job) {
    return std::count(arguments.jobs.begin(), arguments.jobs.end(), job) > 0;
  };
  const bool is_amplifier = models::amplifier_of(*bench.state.model) != nullptr;
  const bool can_train = bench.state.model->why_not_trained().empty();
  if (can_train && arguments.model.empty() && asks_for("sample") && !asks_for("train")) {
    training(bench);  // a model that knows nothing draws long words, no two of which begin alike
  }
  for (const auto& [job, measure] : kJobs) {
    const std::string_view name(job);
    const bool draws = name == "stream" || name == "sample";
    const bool can = (can_train || name != "train") && (!is_amplifier || !draws);
    if (asks_for(job) || (arguments.jobs.empty() && can)) {
      record[job] = measure(bench);
    }
  }
  record["peak_memory_mb"] = static_cast<double>(run::peak_memory()) / 1e6;
  if (arguments.json) {
    fmt::print("{}", json_line(record));
  } else {
    print(record);
  }
  return 0;
}

}  // namespace cli
