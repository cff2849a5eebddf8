// The command line: flags to structs, exceptions to one line and an exit code.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>
#include <set>

#include "cli/arguments.h"
#include "cli/manuals.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "cli/values.h"
#include "wavenet/base/check.h"
#include "wavenet/base/nearest.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/base/shell.h"
#include "wavenet/version.h"

namespace {

constexpr int kRuntimeError = 1;
constexpr int kUsageError = 2;
constexpr const char* kHidden = "";  // CLI11's group of what help leaves out
constexpr const char* kQuiet = "--quiet";
constexpr int kMostTexts = 1 << 20;

std::string seed_limit() { return fmt::format("at most {}", cli::kLargestSeed); }

void add_train(CLI::App& app, cli::TrainArguments& a) {
  app.add_option("--recipe", a.recipe, "recipe by name, or a JSON file")
      ->type_name("RECIPE")
      ->default_str(wavenet::models::kDefaultRecipe);
  app.add_option("--data", a.data,
                 "list of words, one a line, or running text; - is standard input "
                 "(default: the embedded names)")
      ->type_name("FILE");
  app.add_option("--out", a.out, "run folder (default: runs/RECIPE, numbered)")->type_name("DIR");
  app.add_option("--steps", a.steps, "steps, instead of the recipe's")
      ->transform(cli::at_least_one());
  app.add_option("--seed", a.seed, "of the weights and minibatches")
      ->transform(cli::seed(seed_limit()))  // a run that goes on may have a larger one
      ->default_str(std::to_string(cli::kSeed));
  app.add_option("--split-seed", a.split_seed, "of the split")
      ->transform(cli::seed())
      ->default_str(std::to_string(cli::kSeed));
  app.add_option("--threads", a.threads,
                 "threads (default: one or all cores, as is faster); they change no bit")
      ->transform(cli::threads());
  app.add_option("--log-every", a.log_every,
                 "steps in a window of the log (default: 1000, fewer in runs below 20000 steps)")
      ->transform(cli::at_least_one());
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

void add_eval(CLI::App& app, cli::EvalArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_option("--data", a.data,
                 "list of words or running text; - is standard input (default: the one trained on)")
      ->type_name("FILE");
  cli::choice(app.add_option("--split", a.split,
                             "part of the data, or all of it (default: train and val; all of a "
                             "FILE that the model was not trained on)"),
              {"train", "val", "test", "all"});
  app.add_option("--threads", a.threads, "threads (default: all cores)")->transform(cli::threads());
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_sample(CLI::App& app, cli::SampleArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file")->required();
  app.add_option("-n", a.count, "how many (default: 20 words, or 1 text)")
      ->transform(cli::at_least_one());
  app.add_option("--seed", a.seed, "of the draws")->transform(cli::seed())->capture_default_str();
  auto* temperature =
      app.add_option("--temperature", a.temperature, "below 1 safer, above 1 wilder, 0 greedy")
          ->transform(cli::number())
          ->capture_default_str();
  app.add_flag("--greedy", a.greedy, "the likeliest character each time, as --temperature 0")
      ->excludes(temperature);
  app.add_option("--top-k", a.top_k, "keep the K likeliest characters; 0 keeps all")
      ->transform(cli::at_least_zero())
      ->capture_default_str();
  app.add_option("--top-p", a.top_p, "keep the likeliest characters up to this probability")
      ->transform(cli::number())
      ->capture_default_str();
  app.add_option("--min-p", a.min_p, "keep what is P times as likely as the likeliest")
      ->transform(cli::number())
      ->capture_default_str();
  app.add_option("--prompt", a.prompt, "how each word begins");
  app.add_option("--stop", a.stop, "a character that ends a word and is not part of it")
      ->transform(cli::not_empty());
  app.add_option("--max-length", a.max_length,
                 "characters at most, the prompt included (default: 1000; of a text 1000 after the "
                 "prompt)")
      ->transform(cli::at_least_zero());
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

void add_convert(CLI::App& app, cli::ConvertArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file of a tree")->required();
  cli::choice(app.add_option("--to", a.to, "kind of model"), {"convolution"})->required();
  app.add_option("--out", a.out,
                 "file; - is standard output (default: convolution.safetensors beside the model)")
      ->type_name("FILE");
  app.add_flag("--overwrite", a.overwrite, "replace the file, if it is a model");
  app.add_flag("--json", a.json, "one JSON object");
}

void add_bench(CLI::App& app, cli::BenchArguments& a) {
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
  cli::choice(app.add_option("--job", a.jobs, "what to measure (default: all); may be repeated"),
              {"train", "evaluate", "stream", "sample"})
      ->expected(1)
      ->take_all();
  app.add_option("--seconds", a.seconds, "of each job")
      ->transform(cli::number())
      ->capture_default_str();
  app.add_option("--threads", a.threads, "threads (default: all cores)")->transform(cli::threads());
  app.add_flag("--json", a.json, "one JSON object");
}

void add_study(CLI::App& app, cli::StudyArguments& a) {
  app.add_flag("--quick", a.quick, "few steps: under two minutes on two cores");
  app.add_option("--data", a.data,
                 "list of words, one a line; - is standard input (default: the embedded names)")
      ->type_name("FILE");
  app.add_option("--steps", a.steps, "steps of each network of windows, instead of 200000")
      ->transform(cli::at_least_one())
      ->excludes("--quick");
  app.add_option("--seed", a.seed, "of the weights and minibatches")
      ->transform(cli::whole_number(0, cli::kLargestSeed, seed_limit()))
      ->capture_default_str();
  app.add_option("--threads", a.threads,
                 "threads (default: one or all cores, as is faster); they change no bit")
      ->transform(cli::threads());
  app.add_flag("--json", a.json, "one JSON object a line");
}

void add_doctor(CLI::App& app, cli::DoctorArguments& a) {
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
      ->transform(cli::seed())
      ->capture_default_str();
  app.add_flag("--json", a.json, "one JSON object");
}

void add_report(CLI::App& app, cli::ReportArguments& a) {
  app.add_option("DIR", a.runs, "run folder; several are compared")->required();
  app.add_option("--out", a.out,
                 "file; - is standard output (default: DIR/report.html; of several runs "
                 "comparison.html)")
      ->type_name("FILE");
  app.add_option("--figures", a.figures, "directory that gets each figure as an SVG file")
      ->type_name("DIR");
  app.add_flag("--json", a.json, "one JSON object");
}

bool is_shown(const CLI::App* verb) { return verb->get_group() != kHidden; }

// Names of flags and verbs that `app` knows, for hints.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.push_back("--" + name);
    }
  }
  for (const CLI::App* verb : app.get_subcommands(is_shown)) {
    words.push_back(verb->get_name());
  }
  return words;
}

// Every verb is told in the same way to say nothing beside its results.
void add_quiet(CLI::App& app) {
  for (CLI::App* verb : app.get_subcommands([](CLI::App* each) { return is_shown(each); })) {
    if (verb->get_option_no_throw(kQuiet) == nullptr) {
      verb->add_flag_function(
          kQuiet, [](std::int64_t) { cli::say::be_quiet(); }, "no progress, notes or warnings");
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
        option->transform(cli::not_empty());
      }
    }
  }
}

bool wants_quiet(const CLI::App& verb) {
  const CLI::Option* quiet = verb.get_option_no_throw(kQuiet);
  return quiet != nullptr && quiet->count() > 0;
}

std::string help_of(const CLI::App* app, const std::string&, CLI::AppFormatMode) {
  constexpr std::size_t kColumns = 100;  // at most, and where standard output is no terminal
  const std::size_t wide = cli::columns_of(STDOUT_FILENO);
  const std::size_t columns = wide == 0 ? kColumns : std::min(wide, kColumns);
  const CLI::App* parent = app->get_parent();
  return parent == nullptr ? cli::help(cli::definition_of(*app), columns)
                           : cli::help(parent->get_name(), cli::verb_of(*app), columns);
}

// A closed standard error loses the message, not the exit code.
int report(int code, std::string_view message) {
  std::signal(SIGPIPE, SIG_IGN);
  cli::say::error(message);
  return code;
}

// `code`, where all that was printed has reached standard output.
int written(int code) {
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  return failed ? report(kRuntimeError, "standard output: cannot be written") : code;
}

// What may help with `word`, which `verb` does not know. A flag that is another verb's may be what
// this one takes without a flag, and the other way round.
std::string hint_for(const std::string& word, const CLI::App& verb) {
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = option->get_positional() ? option->get_name(true) : "";
    if (!name.empty() && "--" + CLI::detail::to_lower(name) == word) {
      return fmt::format("; {} stands without a flag", name);
    }
  }
  if (!word.starts_with('-') && verb.get_option_no_throw("--data") != nullptr) {
    return "; a file of data goes with --data";
  }
  const std::vector<std::string> known = known_words(verb);
  const bool before_its_verb = std::find(known.begin(), known.end(), word) != known.end();
  return before_its_verb ? "; it stands behind the verb" : wavenet::nearest_hint(word, known);
}

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App& at = chosen.empty() ? app : *chosen.front();
  const std::vector<std::string> rest = app.remaining(true);
  const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                       (!chosen.empty() && !rest.empty() &&
                        dynamic_cast<const CLI::RequiredError*>(&error) != nullptr);
  if (unknown) {
    const std::string word = rest.empty() ? "" : rest.front().substr(0, rest.front().find('='));
    return report(kUsageError, fmt::format("unknown argument '{}'{}", word, hint_for(word, at)));
  }
  if (chosen.empty() && !app.remaining().empty()) {  // CLI11 says only that a verb is missing
    const std::string verb = app.remaining().front();
    return report(kUsageError, fmt::format("unknown verb '{}'{}", verb,
                                           wavenet::nearest_hint(verb, known_words(app))));
  }
  if (chosen.empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return report(kUsageError, "no verb given; `wavenet --help` lists them");
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    // "--steps: 1 required INT missing", "--steps: At most 1 required but received 2"
    const std::string text = error.what();
    const bool twice = text.find("At most") != text.npos || text.find("received") != text.npos;
    return report(kUsageError, text.substr(0, text.find(':')) +
                                   (twice ? ": given more than once" : ": needs a value"));
  }
  return report(kUsageError, error.what());
}

// The command as a shell takes it again.
std::string typed(int argc, char** argv) {
  std::string command = "wavenet";
  for (int i = 1; i < argc; ++i) {
    command += ' ' + wavenet::shell_word(argv[i]);
  }
  return command;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("Trains, judges and runs character models: from an MLP to a tree.", "wavenet");
  app.set_version_flag("--version", std::string("wavenet ") + wavenet::kVersion,
                       "print the version");
  app.set_help_flag("-h,--help", "print this help");
  app.formatter_fn(help_of);
  app.require_subcommand(1);
  std::function<int()> run;

  cli::TrainArguments train;
  CLI::App& train_verb = *app.add_subcommand("train", "train a model on a list of words");
  add_train(train_verb, train);
  train.command = typed(argc, argv);
  train_verb.callback([&] { run = [&] { return cli::train(train); }; });

  cli::EvalArguments eval;
  CLI::App& eval_verb = *app.add_subcommand("eval", "loss of a model on data, or on a part of it");
  add_eval(eval_verb, eval);
  eval_verb.callback([&] { run = [&] { return cli::eval(eval); }; });

  cli::SampleArguments sample;
  CLI::App& sample_verb = *app.add_subcommand("sample", "generate words or text");
  add_sample(sample_verb, sample);
  sample_verb.callback([&] { run = [&] { return cli::sample(sample); }; });

  cli::ScoreArguments score;
  CLI::App& score_verb =
      *app.add_subcommand("score", "loss of given words or texts, per character");
  score_verb.add_option("MODEL", score.model, "run folder or .safetensors file")->required();
  // The parser takes "[a,b]" for a list where more may follow, but not where many are expected.
  score_verb
      .add_option("TEXT", score.texts,
                  "word, or text of a model of running text (default: the lines of standard input, "
                  "as they stand)")
      ->take_all()
      ->expected(kMostTexts)
      ->allow_extra_args(false);
  score_verb.add_flag("--json", score.json, "one JSON object a line");
  score_verb.callback([&] { run = [&] { return cli::score(score); }; });

  cli::InspectArguments inspect;
  CLI::App& inspect_verb = *app.add_subcommand("inspect", "shapes and parameters, layer by layer");
  auto* model = inspect_verb.add_option("MODEL", inspect.model, "run folder or .safetensors file");
  inspect_verb.add_option("--recipe", inspect.recipe, "recipe by name, or a JSON file")
      ->default_str(wavenet::models::kDefaultRecipe)
      ->type_name("RECIPE")
      ->excludes(model);
  inspect_verb.add_option("--set", inspect.set, "change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
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

  cli::ReportArguments report_of;
  CLI::App& report_verb = *app.add_subcommand("report", "a run, or several, as one HTML page");
  add_report(report_verb, report_of);
  report_verb.callback([&] { run = [&] { return cli::report(report_of); }; });

  cli::DoctorArguments doctor;
  CLI::App& doctor_verb =
      *app.add_subcommand("doctor", "what is wrong with data, and where, before training on it");
  add_doctor(doctor_verb, doctor);
  doctor_verb.callback([&] { run = [&] { return cli::doctor(doctor); }; });

  cli::StudyArguments study;
  CLI::App& study_verb = *app.add_subcommand("study", "the article step by step, as one table");
  add_study(study_verb, study);
  study_verb.callback([&] { run = [&] { return cli::study(study); }; });

  cli::RecipesArguments recipes;
  CLI::App& recipes_verb = *app.add_subcommand("recipes", "list the recipes, or print one");
  recipes_verb.add_option("RECIPE", recipes.name, "recipe to print as JSON");
  recipes_verb.add_flag("--json", recipes.json, "one JSON object a line");
  recipes_verb.callback([&] { run = [&] { return cli::recipes(recipes); }; });

  // Called by the build.
  std::string manuals;
  CLI::App& manuals_verb =
      *app.add_subcommand("manuals", "write man pages and shell completions")->group(kHidden);
  manuals_verb.add_option("DIR", manuals, "where to")->required();
  manuals_verb.callback([&] {
    run = [&] {
      cli::write_manuals(cli::definition_of(app), manuals);
      return 0;
    };
  });
  add_quiet(app);
  take_words_whole(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return written(app.exit(help));
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  if (wants_quiet(*app.get_subcommands().front())) {
    cli::say::be_quiet();
  }
  return written(run());
}

// So that no file that is opened gets the number of a standard one that is closed, and with it what
// is said there. What stands in is opened the wrong way round: using it still fails.
void occupy_standard_files() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) < 0) {
      ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_files();
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond its limit is a failed write
  try {
    return parse_and_run(argc, argv);
  } catch (const wavenet::Error& error) {
    const bool misused = error.kind() == wavenet::ErrorKind::usage;
    return std::ferror(stdout) != 0 && !misused
               ? written(kRuntimeError)
               : report(misused ? kUsageError : kRuntimeError, error.what());
  } catch (const std::exception& error) {  // fmt's, where it cannot print
    return std::ferror(stdout) != 0 ? written(kRuntimeError)
                                    : report(kRuntimeError, wavenet::message_of(error));
  }
}
