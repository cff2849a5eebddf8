#include "cli/verbs.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <set>

#include "cli/arguments.h"
#include "cli/definition.h"
#include "cli/say.h"
#include "cli/values.h"
#include "manual/manuals.h"

namespace cli {
namespace {

constexpr const char* kHidden = "";  // CLI11's group of what help leaves out
constexpr int kMostTexts = 1 << 20;

std::string seed_limit() { return fmt::format("at most {}", kLargestSeed); }

void add_train(CLI::App& app, TrainArguments& a) {
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file")
      ->type_name("RECIPE")
      ->default_str(wavenet::models::kDefaultRecipe);
  app.add_option("--data", a.data,
                 "list of words, one a line, or running text; - is standard input "
                 "(default: the embedded names)")
      ->type_name("FILE");
  app.add_option("--out", a.out, "run folder (default: runs/RECIPE, numbered)")->type_name("DIR");
  app.add_option("--steps", a.steps, "steps, instead of the recipe's")->transform(at_least_one());
  app.add_option("--seed", a.seed, "of the weights and minibatches")
      ->transform(seed(seed_limit()))  // a run that goes on may have a larger one
      ->default_str(std::to_string(kSeed));
  app.add_option("--split-seed", a.split_seed, "of the split")
      ->transform(seed())
      ->default_str(std::to_string(kSeed));
  app.add_option("--threads", a.threads,
                 "threads (default: one or all cores, as is faster); they change no bit")
      ->transform(threads());
  app.add_option("--log-every", a.log_every,
                 "steps in a window of the log (default: 1000, fewer in runs below 20000 steps)")
      ->transform(at_least_one());
  auto* resume = app.add_flag("--resume", a.resume,
                              "continue the run in --out, with its recipe, data and seeds");
  app.add_flag("--overwrite", a.overwrite, "replace the run in --out")->excludes(resume);
  app.add_option("--set", a.set, "change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  app.add_flag("--no-report", a.no_report,
               "no report.html, and no look at layers and samples for it");
  app.add_flag("--dedup", a.dedup, "take equal words as one before the split");
  app.add_flag("--json", a.json, "print one JSON object at the end");
  app.add_flag("--quiet", a.quiet, "no progress, notes or warnings");
}

void add_eval(CLI::App& app, EvalArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_option("--data", a.data,
                 "list of words or running text; - is standard input (default: the one trained on)")
      ->type_name("FILE");
  choice(app.add_option("--split", a.split,
                        "part of the data, or all of it (default: train and val; all of a "
                        "FILE that the model was not trained on)"),
         {"train", "val", "test", "all"});
  app.add_option("--threads", a.threads, "threads (default: all cores)")->transform(threads());
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_sample(CLI::App& app, SampleArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_option("-n", a.count, "how many (default: 20 words, or 1 text)")
      ->transform(at_least_one());
  app.add_option("--seed", a.seed, "of the draws")->transform(seed())->capture_default_str();
  auto* temperature =
      app.add_option("--temperature", a.temperature, "below 1 safer, above 1 wilder, 0 greedy")
          ->transform(number())
          ->capture_default_str();
  app.add_flag("--greedy", a.greedy, "the likeliest character each time, as --temperature 0")
      ->excludes(temperature);
  app.add_option("--top-k", a.top_k, "keep the K likeliest characters; 0 keeps all")
      ->transform(at_least_zero())
      ->capture_default_str();
  app.add_option("--top-p", a.top_p, "keep the likeliest characters up to this probability")
      ->transform(number())
      ->capture_default_str();
  app.add_option("--min-p", a.min_p, "keep what is P times as likely as the likeliest")
      ->transform(number())
      ->capture_default_str();
  app.add_option("--prompt", a.prompt, "how each word begins");
  app.add_option("--stop", a.stop, "a character that ends a word and is not part of it")
      ->transform(not_empty());
  app.add_option("--max-length", a.max_length,
                 "characters at most, the prompt included (default: 1000; of a text 1000 after the "
                 "prompt)")
      ->transform(at_least_zero());
  app.add_flag("--continue-stream", a.continue_stream,
               "draw where training left the random numbers, instead of --seed")
      ->excludes("--seed");
  app.add_flag("--unique", a.unique, "no word twice");
  app.add_flag("--novel", a.novel, "no word that stands in the training data");
  app.add_flag("--mark-known", a.mark_known, "mark words that stand in the training data");
  app.add_option(
         "--data", a.data,
         "list of words that --novel and --mark-known take instead, all of it (default: the "
         "training part of the list trained on)")
      ->type_name("FILE");
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_convert(CLI::App& app, ConvertArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file of a tree")->required();
  choice(app.add_option("--to", a.to, "kind of model"), {"convolution"})->required();
  app.add_option("--out", a.out,
                 "file; - is standard output (default: convolution.safetensors beside the model)")
      ->type_name("FILE");
  app.add_flag("--overwrite", a.overwrite, "replace the file, if it is a model");
  app.add_flag("--json", a.json, "one JSON object");
}

void add_bench(CLI::App& app, BenchArguments& a) {
  auto* model = app.add_option("MODEL", a.model, "run folder or .safetensors file");
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file, instead of a model")
      ->type_name("RECIPE")
      ->capture_default_str()
      ->excludes(model);
  app.add_option("--set", a.set, "change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->excludes(model);
  app.add_option("--data", a.data, "words or text (default: the embedded names)")
      ->type_name("FILE");
  choice(app.add_option("--job", a.jobs, "what to measure (default: all); may be repeated"),
         {"train", "evaluate", "stream", "sample"})
      ->expected(1)
      ->take_all();
  app.add_option("--seconds", a.seconds, "of each job")->transform(number())->capture_default_str();
  app.add_option("--threads", a.threads, "threads (default: all cores)")->transform(threads());
  app.add_flag("--json", a.json, "one JSON object");
}

void add_study(CLI::App& app, StudyArguments& a) {
  app.add_flag("--quick", a.quick, "few steps: under two minutes on two cores");
  app.add_option("--data", a.data,
                 "list of words, one a line; - is standard input (default: the embedded names)")
      ->type_name("FILE");
  app.add_option("--steps", a.steps, "steps of each network of windows, instead of 200000")
      ->transform(at_least_one())
      ->excludes("--quick");
  app.add_option("--seed", a.seed, "of the weights and minibatches")
      ->transform(whole_number(0, kLargestSeed, seed_limit()))
      ->capture_default_str();
  app.add_option("--threads", a.threads,
                 "threads (default: one or all cores, as is faster); they change no bit")
      ->transform(threads());
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_doctor(CLI::App& app, DoctorArguments& a) {
  app.add_option("DATA", a.data,
                 "list of words or running text, as the recipe reads it; - is standard input "
                 "(default: the embedded names)");
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file")
      ->type_name("RECIPE")
      ->capture_default_str();
  app.add_option("--set", a.set, "change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  app.add_flag("--dedup", a.dedup, "take equal words as one before the split");
  app.add_option("--split-seed", a.split_seed, "of the split")
      ->transform(seed())
      ->capture_default_str();
  app.add_flag("--json", a.json, "one JSON object");
}

void add_report(CLI::App& app, ReportArguments& a) {
  app.add_option("DIR", a.runs, "run folder; several are compared")->required();
  app.add_option("--out", a.out,
                 "file; - is standard output (default: DIR/report.html; of several runs "
                 "comparison.html)")
      ->type_name("FILE");
  app.add_option("--figures", a.figures, "directory that gets each figure as an SVG file")
      ->type_name("DIR");
  app.add_flag("--json", a.json, "one JSON object");
}

void add_score(CLI::App& app, ScoreArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  // The parser takes "[a,b]" for a list where more may follow, but not where many are expected.
  app.add_option("TEXT", a.texts,
                 "word, or text of a model of running text (default: the lines of standard input, "
                 "as they stand)")
      ->take_all()
      ->expected(kMostTexts)
      ->allow_extra_args(false);
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_inspect(CLI::App& app, InspectArguments& a) {
  auto* model = app.add_option("MODEL", a.model, "run folder or .safetensors file");
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file")
      ->default_str(wavenet::models::kDefaultRecipe)
      ->type_name("RECIPE")
      ->excludes(model);
  app.add_option("--set", a.set, "change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  app.add_flag("--json", a.json, "one JSON object");
}

void add_check(CLI::App& app, CheckArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_recipes(CLI::App& app, RecipesArguments& a) {
  app.add_option("RECIPE", a.name, "recipe to print as JSON");
  app.add_flag("--json", a.json, "one JSON object a line");
}

// A verb, whose flags go to a struct of its own and which then obeys it.
template <class Arguments>
Arguments& add_verb(CLI::App& app, const char* name, const char* about,
                    void (*add_flags)(CLI::App&, Arguments&), int (*obey)(const Arguments&),
                    Chosen& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& verb = *app.add_subcommand(name, about);
  add_flags(verb, *arguments);
  verb.callback(
      [&chosen, arguments, obey] { chosen = [arguments, obey] { return obey(*arguments); }; });
  return *arguments;
}

// Called by the build.
void add_manuals(CLI::App& app, Chosen& chosen) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& verb =
      *app.add_subcommand("manuals", "write man pages and shell completions")->group(kHidden);
  verb.add_option("DIR", *folder, "where to")->required();
  verb.callback([&app, &chosen, folder] {
    chosen = [&app, folder] {
      manual::write_manuals(definition_of(app), *folder);
      return 0;
    };
  });
}

// Every verb is told in the same way to say nothing beside its results.
void add_quiet(CLI::App& app) {
  for (CLI::App* verb : shown_verbs(app)) {
    if (verb->get_option_no_throw(kQuiet) == nullptr) {
      verb->add_flag_function(
          kQuiet, [](std::int64_t) { say::be_quiet(); }, "no progress, notes or warnings");
    }
  }
}

// No file, folder or recipe has an empty name, and a flag takes its word whole.
void take_words_whole(CLI::App& app) {
  const std::set<std::string> named{"FILE", "DATA", "MODEL", "DIR", "RECIPE"};
  for (CLI::App* verb : app.get_subcommands([](CLI::App*) { return true; })) {
    for (CLI::Option* option : verb->get_options()) {
      const bool positional = option->get_positional();
      if (!positional) {
        option->allow_extra_args(false);  // or the parser splits "[a,b]"
      }
      if (named.contains(positional ? option->get_name(true) : option->get_type_name())) {
        option->transform(not_empty());
      }
    }
  }
}

}  // namespace

std::vector<CLI::App*> shown_verbs(CLI::App& app) {
  return app.get_subcommands([](const CLI::App* verb) { return verb->get_group() != kHidden; });
}
std::vector<const CLI::App*> shown_verbs(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* verb) { return verb->get_group() != kHidden; });
}

void add_verbs(CLI::App& app, const std::string& command, Chosen& chosen) {
  add_verb(app, "train", "train a model on a list of words", add_train, train, chosen).command =
      command;
  add_verb(app, "eval", "loss of a model on data, or on a part of it", add_eval, eval, chosen);
  add_verb(app, "sample", "generate words or text", add_sample, sample, chosen);
  add_verb(app, "score", "loss of given words or texts, per character", add_score, score, chosen);
  add_verb(app, "inspect", "shapes and parameters, layer by layer", add_inspect, inspect, chosen);
  add_verb(app, "check", "prove causality, caching and receptive field on a model", add_check,
           check_model, chosen);
  add_verb(app, "convert", "a tree as convolutions, a new file", add_convert, convert, chosen);
  add_verb(app, "bench", "speed of a recipe or model on this machine", add_bench, bench, chosen);
  add_verb(app, "report", "a run, or several, as one HTML page", add_report, report, chosen);
  add_verb(app, "doctor", "what is wrong with data, and where, before training on it", add_doctor,
           doctor, chosen);
  add_verb(app, "study", "the article step by step, as one table", add_study, study, chosen);
  add_verb(app, "recipes", "list the recipes, or print one", add_recipes, recipes, chosen);
  add_manuals(app, chosen);
  add_quiet(app);
  take_words_whole(app);
}

}  // namespace cli
