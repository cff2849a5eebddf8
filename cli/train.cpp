// wavenet train: from a list of words to a model, its losses and twenty samples.
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "wavenet/base/files.h"
#include "wavenet/data/split.h"
#include "wavenet/generate/generate.h"
#include "wavenet/train/metrics.h"
#include "wavenet/train/trainer.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr int kSamples = 20;
constexpr std::int64_t kMaxSteps = std::int64_t{1} << 40;

// runs/<recipe>, or the first of runs/<recipe>-2, -3, ... that holds no model.
fs::path free_folder(const std::string& recipe) {
  const std::string base = "runs/" + fs::path(recipe).stem().string();
  fs::path folder = base;
  for (int n = 2; fs::exists(folder / train::kModelFile); ++n) {
    folder = fmt::format("{}-{}", base, n);
  }
  return folder;
}

fs::path run_folder(const TrainArguments& arguments) {
  if (arguments.out.empty()) {
    if (arguments.resume) {
      fail_usage("train: --resume needs --out, the run to continue");
    }
    return free_folder(arguments.recipe);
  }
  const fs::path model = fs::path(arguments.out) / train::kModelFile;
  check(arguments.resume || arguments.overwrite || !fs::exists(model),
        "{}: already there; continue it with --resume, replace it with --overwrite, or choose "
        "another --out",
        model.string());
  return arguments.out;
}

Config recipe_of(const TrainArguments& arguments) {
  Config recipe = models::load_recipe(arguments.recipe);
  for (const std::string& assignment : arguments.set) {
    recipe.set(assignment);
  }
  if (arguments.steps) {
    recipe.set(fmt::format("train.steps={}", *arguments.steps));
  }
  const std::string format = recipe.text("data.format");
  if (format != "lines") {
    fail_usage("recipe: data.format must be 'lines', got '{}'", format);
  }
  return recipe;
}

struct Run {
  train::Checkpoint state;
  std::unique_ptr<models::Model> model;
};

// A run begun, or continued where its model file left it.
Run start(const TrainArguments& arguments, const fs::path& folder, Config recipe,
          const data::Words& words) {
  if (!arguments.resume) {
    Run run{{.recipe = std::move(recipe),
             .vocabulary = data::Vocabulary(words.words),
             .seed = arguments.seed,
             .split_seed = arguments.split_seed,
             .data_source = arguments.data,
             .data_fingerprint = words.fingerprint,
             .rng = Rng(arguments.seed)},
            nullptr};
    run.model = models::build(run.state.recipe, run.state.vocabulary.size(), run.state.rng);
    return run;
  }
  OpenModel opened = open_model(folder.string());
  Config before = opened.saved.recipe;
  before.set(fmt::format("train.steps={}", recipe.integer("train.steps", 1, kMaxSteps)));
  check(before.to_json() == recipe.to_json() && opened.saved.seed == arguments.seed &&
            opened.saved.split_seed == arguments.split_seed,
        "{}: was begun with another recipe or seed; --resume needs the same", folder.string());
  check(opened.saved.data_fingerprint == words.fingerprint,
        "{}: was begun with other words than {}", folder.string(), words.source);
  opened.saved.recipe = std::move(before);  // it knows which keys the model has read
  return {std::move(opened.saved), std::move(opened.model)};
}

void save(const fs::path& folder, Run& run, std::int64_t step) {
  run.state.step = step;
  run.state.tensors.clear();
  for (const auto& [name, tensor] : run.model->state()) {
    run.state.tensors[name] = tensor;
  }
  train::write_checkpoint(folder / train::kModelFile, run.state);
}

}  // namespace

int train(const TrainArguments& arguments) {
  const Config recipe = recipe_of(arguments);
  const std::int64_t steps = recipe.integer("train.steps", 1, kMaxSteps);
  const std::int64_t eval_every = recipe.integer_or("train.eval_every", 10'000, 1, kMaxSteps);
  const int threads = threads_or_all(arguments.threads);
  const data::Words words = open_words(arguments.data);
  const data::Split split = data::split_words(words, arguments.split_seed);
  const fs::path folder = run_folder(arguments);
  Run run = start(arguments, folder, recipe, words);
  const std::int64_t first = run.state.step;
  check(first <= steps, "{}: has {} steps already, more than the {} asked for", folder.string(),
        first, steps);
  const std::int64_t block_size = run.model->receptive_field();
  const auto windows_of = [&](const char* part) {
    return data::make_windows(split.part(part), run.state.vocabulary, block_size);
  };
  const data::Windows train_windows = windows_of("train");
  const data::Windows val_windows = windows_of("val");
  train::Trainer trainer(*run.model, train_windows, run.state.rng, run.state.recipe, first);
  run.state.recipe.integer("train.steps", 1, kMaxSteps);
  run.state.recipe.integer_or("train.eval_every", 10'000, 1, kMaxSteps);
  run.state.recipe.text("data.format");
  run.state.recipe.require_all_read();
  require_writable_directory(folder);
  if (!arguments.quiet) {
    fmt::print(stderr, "{}: {} words, {} characters; {} + {} examples; {} parameters; {}\n",
               words.source, words.words.size(), run.state.vocabulary.size() - 1,
               train_windows.size(), val_windows.size(), run.model->parameter_count(),
               folder.string());
  }

  train::Metrics metrics(folder / "metrics.jsonl", first);
  double seconds = 0;
  {
    Progress progress(first, steps, arguments.quiet);
    double window = 0;
    std::int64_t in_window = 0;
    double mean = 0;
    auto from = std::chrono::steady_clock::now();
    while (trainer.steps_done() < steps) {
      const double rate = trainer.rate();
      const double loss = trainer.step();
      const std::int64_t done = trainer.steps_done();
      window += loss;
      mean = window / static_cast<double>(++in_window);
      if (done % arguments.log_every == 0 || done == steps) {
        metrics.step(done - 1, mean, rate);
        window = 0;
        in_window = 0;
      }
      progress.show(done, mean, rate);
      if (done % eval_every == 0 && done < steps) {
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
        const double val = train::mean_loss(*run.model, val_windows, threads);
        metrics.evaluation(done, "val", val);
        progress.validation(val);
        save(folder, run, done);
        from = std::chrono::steady_clock::now();
      }
    }
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
  }
  save(folder, run, steps);
  const double train_loss = train::mean_loss(*run.model, train_windows, threads);
  const double val_loss = train::mean_loss(*run.model, val_windows, threads);
  metrics.evaluation(steps, "train", train_loss);
  metrics.evaluation(steps, "val", val_loss);
  const std::string path = (folder / train::kModelFile).string();
  if (arguments.json) {
    const nlohmann::ordered_json result{{"model", path},
                                        {"steps", steps - first},
                                        {"seconds", seconds},
                                        {"train", train_loss},
                                        {"val", val_loss}};
    fmt::print("{}\n", result.dump());
    return 0;
  }
  fmt::print("train {:.4f}  val {:.4f}  (nats per character; {} steps in {:.1f} s)\n\n", train_loss,
             val_loss, steps - first, seconds);
  Rng rng = run.state.rng;
  for (int i = 0; i < kSamples; ++i) {
    fmt::print("{}\n", run.state.vocabulary.decode(generate::word(*run.model, {}, rng).tokens));
  }
  fmt::print("\nmodel: {}\n", path);
  return 0;
}

}  // namespace cli
