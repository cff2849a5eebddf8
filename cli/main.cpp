// The command line: flags to structs, exceptions to one line and an exit code.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "cli/arguments.h"
#include "wavenet/base/check.h"
#include "wavenet/base/nearest.h"

namespace {

constexpr int kRuntimeError = 1;
constexpr int kUsageError = 2;

const CLI::Validator kAtLeastOne = CLI::Range(std::int64_t{1}, std::int64_t{1} << 40, "at least 1");
// CLI11 reads -1 as the largest unsigned number.
const CLI::Validator kNotNegative(
    [](const std::string& text) {
      return text.starts_with('-') ? "Value " + text + " is below 0" : std::string();
    },
    "");
const CLI::Validator kThreads = CLI::Range(1, 1024, "1 to 1024");

void add_train(CLI::App& app, cli::TrainArguments& a) {
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file")->capture_default_str();
  app.add_option("--data", a.data,
                 "list of words, one a line, or running text; - is standard input "
                 "(default: the embedded names)");
  app.add_option("--out", a.out, "run folder (default: runs/RECIPE, numbered)");
  app.add_option("--steps", a.steps, "steps, instead of the recipe's")->check(kAtLeastOne);
  app.add_option("--seed", a.seed, "of the weights and minibatches")
      ->check(kNotNegative)
      ->capture_default_str();
  app.add_option("--split-seed", a.split_seed, "of the split")
      ->check(kNotNegative)
      ->capture_default_str();
  app.add_option("--threads", a.threads,
                 "threads (default: one or all cores, as is faster); they change no bit")
      ->check(kThreads);
  app.add_option("--log-every", a.log_every, "steps in a window of the log")
      ->check(kAtLeastOne)
      ->capture_default_str();
  app.add_flag("--resume", a.resume, "continue the run in --out");
  app.add_flag("--overwrite", a.overwrite, "replace the model in --out");
  app.add_option("--set", a.set, "KEY=VALUE: change one key of the recipe; may be repeated")
      ->expected(1)
      ->take_all();
  app.add_flag("--dedup", a.dedup, "take equal words as one before the split");
  app.add_flag("--json", a.json, "print one JSON object at the end");
  app.add_flag("--quiet", a.quiet, "no progress");
}

void add_eval(CLI::App& app, cli::EvalArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_option("--data", a.data, "list of words (default: the one trained on)");
  app.add_option("--split", a.split, "train, val or test (default: train and val)");
  app.add_option("--threads", a.threads, "threads (default: all cores)")->check(kThreads);
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_sample(CLI::App& app, cli::SampleArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_option("-n", a.count, "how many")->check(kAtLeastOne)->capture_default_str();
  app.add_option("--seed", a.seed, "of the draws")->check(kNotNegative)->capture_default_str();
  auto* temperature =
      app.add_option("--temperature", a.temperature, "below 1 safer, above 1 wilder, 0 greedy")
          ->capture_default_str();
  app.add_flag("--greedy", a.greedy, "the likeliest character each time, as --temperature 0")
      ->excludes(temperature);
  app.add_option("--top-k", a.top_k, "keep the K likeliest characters; 0 keeps all")
      ->capture_default_str();
  app.add_option("--top-p", a.top_p, "keep the likeliest characters up to this probability")
      ->capture_default_str();
  app.add_option("--min-p", a.min_p, "keep what is P times as likely as the likeliest")
      ->capture_default_str();
  app.add_option("--prompt", a.prompt, "how each word begins");
  app.add_option("--stop", a.stop, "a character that ends a word and is not part of it");
  app.add_option("--max-length", a.max_length, "characters at most")->capture_default_str();
  app.add_flag("--continue-stream", a.continue_stream,
               "draw where training left the random numbers, instead of --seed")
      ->excludes("--seed");
  app.add_flag("--unique", a.unique, "no word twice");
  app.add_flag("--novel", a.novel, "no word that stands in the training data");
  app.add_flag("--mark-known", a.mark_known, "mark words that stand in the training data");
  app.add_option("--data", a.data,
                 "the words for --novel and --mark-known (default: those trained on)");
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_convert(CLI::App& app, cli::ConvertArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file of a tree")->required();
  app.add_option("--to", a.to, "convolution")->required();
  app.add_option("--out", a.out, "file (default: convolution.safetensors beside the model)");
  app.add_flag("--overwrite", a.overwrite, "replace the file");
  app.add_flag("--json", a.json, "one JSON object");
}

void add_bench(CLI::App& app, cli::BenchArguments& a) {
  auto* model = app.add_option("MODEL", a.model, "run folder or .safetensors file");
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file, instead of a model")
      ->capture_default_str()
      ->excludes(model);
  app.add_option("--set", a.set, "KEY=VALUE: change one key of the recipe; may be repeated")
      ->expected(1)
      ->take_all()
      ->excludes(model);
  app.add_option("--data", a.data, "words or text (default: the embedded names)");
  app.add_option("--job", a.jobs, "train, evaluate, stream or sample; may be repeated")
      ->expected(1)
      ->take_all();
  app.add_option("--seconds", a.seconds, "of each job")->capture_default_str();
  app.add_option("--threads", a.threads, "threads (default: all cores)")->check(kThreads);
  app.add_flag("--json", a.json, "one JSON object");
}

void add_study(CLI::App& app, cli::StudyArguments& a) {
  app.add_flag("--quick", a.quick, "few steps: under two minutes on two cores");
  app.add_option("--data", a.data,
                 "list of words, one a line; - is standard input (default: the embedded names)");
  app.add_option("--steps", a.steps, "steps of each network of windows, instead of 200000")
      ->check(kAtLeastOne)
      ->excludes("--quick");
  app.add_option("--seed", a.seed, "of the weights and minibatches")
      ->check(kNotNegative)
      ->capture_default_str();
  app.add_option("--threads", a.threads,
                 "threads (default: one or all cores, as is faster); they change no bit")
      ->check(kThreads);
  app.add_flag("--json", a.json, "one JSON object a line");
}

// Names of flags and verbs that `app` knows, for hints.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.push_back("--" + name);
    }
  }
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(verb->get_name());
  }
  return words;
}

int report(int code, std::string_view message) {
  fmt::print(stderr, "wavenet: {}\n", message);
  return code;
}

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App& at = chosen.empty() ? app : *chosen.front();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> rest = app.remaining(true);
    const std::string word = rest.empty() ? "" : rest.front().substr(0, rest.front().find('='));
    return report(kUsageError, fmt::format("unknown argument '{}'{}", word,
                                           wavenet::nearest_hint(word, known_words(at))));
  }
  if (chosen.empty() && !app.remaining().empty()) {  // CLI11 says only that a verb is missing
    const std::string verb = app.remaining().front();
    return report(kUsageError, fmt::format("unknown verb '{}'{}", verb,
                                           wavenet::nearest_hint(verb, known_words(app))));
  }
  return report(kUsageError, error.what());
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("Trains, judges and runs character models: from an MLP to a tree.", "wavenet");
  app.set_version_flag("--version", "wavenet " WAVENET_VERSION);
  app.require_subcommand(1);
  std::function<int()> run;

  cli::TrainArguments train;
  CLI::App& train_verb = *app.add_subcommand("train", "train a model on a list of words");
  add_train(train_verb, train);
  train_verb.callback([&] { run = [&] { return cli::train(train); }; });

  cli::EvalArguments eval;
  CLI::App& eval_verb = *app.add_subcommand("eval", "loss of a model on a split of the data");
  add_eval(eval_verb, eval);
  eval_verb.callback([&] { run = [&] { return cli::eval(eval); }; });

  cli::SampleArguments sample;
  CLI::App& sample_verb = *app.add_subcommand("sample", "generate words");
  add_sample(sample_verb, sample);
  sample_verb.callback([&] { run = [&] { return cli::sample(sample); }; });

  cli::ScoreArguments score;
  CLI::App& score_verb = *app.add_subcommand("score", "loss of given words, per character");
  score_verb.add_option("MODEL", score.model, "run folder or .safetensors file")->required();
  score_verb.add_option("TEXT", score.texts, "words (default: lines of standard input)");
  score_verb.add_flag("--json", score.json, "one JSON object a line");
  score_verb.callback([&] { run = [&] { return cli::score(score); }; });

  cli::InspectArguments inspect;
  CLI::App& inspect_verb = *app.add_subcommand("inspect", "shapes and parameters, layer by layer");
  auto* model = inspect_verb.add_option("MODEL", inspect.model, "run folder or .safetensors file");
  inspect_verb.add_option("--recipe", inspect.recipe, "recipe by name, or a JSON file")
      ->excludes(model);
  inspect_verb
      .add_option("--set", inspect.set, "KEY=VALUE: change one key of the recipe; may be repeated")
      ->expected(1)
      ->take_all();
  inspect_verb.add_flag("--json", inspect.json, "one JSON object");
  inspect_verb.callback([&] { run = [&] { return cli::inspect(inspect); }; });

  cli::CheckArguments check;
  CLI::App& check_verb =
      *app.add_subcommand("check", "prove causality, caching and receptive field on a model");
  check_verb.add_option("MODEL", check.model, "run folder or .safetensors file")->required();
  check_verb.add_flag("--json", check.json, "one JSON object a line");
  check_verb.callback([&] { run = [&] { return cli::check_model(check); }; });

  cli::ConvertArguments convert;
  CLI::App& convert_verb = *app.add_subcommand("convert", "a tree as convolutions, a new file");
  add_convert(convert_verb, convert);
  convert_verb.callback([&] { run = [&] { return cli::convert(convert); }; });

  cli::BenchArguments bench;
  CLI::App& bench_verb = *app.add_subcommand("bench", "speed of a recipe or model on this machine");
  add_bench(bench_verb, bench);
  bench_verb.callback([&] { run = [&] { return cli::bench(bench); }; });

  cli::StudyArguments study;
  CLI::App& study_verb = *app.add_subcommand("study", "the article step by step, as one table");
  add_study(study_verb, study);
  study_verb.callback([&] { run = [&] { return cli::study(study); }; });

  cli::RecipesArguments recipes;
  CLI::App& recipes_verb = *app.add_subcommand("recipes", "list the recipes, or print one");
  recipes_verb.add_option("NAME", recipes.name, "recipe to print as JSON");
  recipes_verb.add_flag("--json", recipes.json, "one JSON object a line");
  recipes_verb.callback([&] { run = [&] { return cli::recipes(recipes); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  const int code = run();
  if (std::fflush(stdout) != 0) {
    return report(kRuntimeError, "standard output: cannot be written");
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const wavenet::UsageError& error) {
    return report(kUsageError, error.what());
  } catch (const std::exception& error) {
    return report(kRuntimeError, error.what());
  }
}
