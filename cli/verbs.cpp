#include <CLI/CLI.hpp>
#include <memory>

#include "cli/arguments.h"
#include "cli/command_line.h"
#include "cli/say.h"
#include "cli/values.h"
#include "manual/manuals.h"

namespace cli {
namespace {

constexpr const char* kAnyCores =
    "threads (default: one or all cores, as is faster); they change no bit";
constexpr const char* kObject = "one JSON object";
constexpr const char* kObjects = "one JSON object a line";

constexpr std::uint64_t kAnySeed = std::numeric_limits<std::uint64_t>::max();

std::string seed_limit() { return "at most " + std::to_string(kLargestSeed); }

// Flags and arguments of several verbs.

CLI::Option* add_model(CLI::App& app, std::string& to) {
  return app.add_option("MODEL", to, "run folder or .safetensors file");
}

CLI::Option* add_recipe(CLI::App& app, std::string& to,
                        const char* about = "recipe by name, or a JSON file") {
  return app.add_option("--recipe", to, about)
      ->type_name("RECIPE")
      ->default_str(wavenet::models::kDefaultRecipe);
}

CLI::Option* add_set(CLI::App& app, std::vector<std::string>& to) {
  return app.add_option("--set", to, "change one key of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
}

void add_file(CLI::App& app, const char* name, std::string& to, const char* about) {
  app.add_option(name, to, about)->type_name("FILE");
}

// Help tells the default, where there is one.
template <class Number>
CLI::Option* add_number(CLI::App& app, const char* name, Number& to, const char* about,
                        const CLI::Validator& rule = number()) {
  return app.add_option(name, to, about)->transform(rule)->capture_default_str();
}

void add_threads(CLI::App& app, int& to, const char* about = "threads (default: all cores)") {
  app.add_option("--threads", to, about)->transform(whole_number("1 to 1024", 1, 1024));
}

void add_size(CLI::App& app, double& to) {
  add_number(app, "--size", to,
             "0 to 1, of an amplifier's model that can be had in several sizes: below 1 smaller "
             "and faster");
}

CLI::Option* add_precision(CLI::App& app, std::string& to) {
  return choice(
      app.add_option("--precision", to,
                     "to what operands of products are rounded in training; sums and parameters "
                     "stay f32 (default: the recipe's, f32 in those that come along)"),
      {"f32", "bf16"});
}

void add_dedup(CLI::App& app, bool& to) {
  app.add_flag("--dedup", to, "take equal words as one before the split");
}

void add_train(CLI::App& app, TrainArguments& a) {
  add_recipe(app, a.recipe);
  add_file(app, "--data", a.data,
           "list of words, one a line, running text, sound (a folder, a file, or several with "
           "commas between), or an amplifier's recording IN.wav,OUT.wav; - is standard input "
           "(default: the embedded names)");
  app.add_option("--out", a.out, "run folder (default: runs/RECIPE, numbered)")->type_name("DIR");
  add_number(app, "--steps", a.steps, "steps, instead of the recipe's", at_least(1));
  // A run that goes on may have a larger seed.
  add_number(app, "--seed", a.seed, "of the weights and minibatches",
             whole_number(seed_limit(), 0, kAnySeed, kLargestSeed))
      ->default_str(std::to_string(kSeed));
  add_number(app, "--split-seed", a.split_seed, "of the split", whole_number())
      ->default_str(std::to_string(kSeed));
  add_threads(app, a.threads, kAnyCores);
  add_number(app, "--log-every", a.log_every,
             "steps in a window of the log (default: 1000, fewer in runs below 20000 steps)",
             at_least(1));
  auto* resume = app.add_flag("--resume", a.resume,
                              "continue the run in --out, with its recipe, data and seeds");
  app.add_flag("--overwrite", a.overwrite, "replace the run in --out")->excludes(resume);
  add_precision(app, a.precision);
  add_set(app, a.set);
  app.add_flag("--no-report", a.no_report,
               "no report.html, and no look at layers and samples for it");
  add_dedup(app, a.dedup);
}

void add_eval(CLI::App& app, EvalArguments& a) {
  add_model(app, a.model)->required();
  add_file(
      app, "--data", a.data,
      "what the model reads, as train takes it; - is standard input (default: the data trained "
      "on)");
  choice(app.add_option("--split", a.split,
                        "part of the data, or all of it (default: train and val; all of a "
                        "FILE that the model was not trained on)"),
         {"train", "val", "test", "all"});
  add_threads(app, a.threads);
}

void add_sample(CLI::App& app, SampleArguments& a) {
  add_model(app, a.model)->required();
  add_number(app, "-n", a.count, "how many (default: 20 words, 1 text, or 1 sound)", at_least(1));
  add_number(app, "--seed", a.seed, "of the draws", whole_number());
  auto* temperature =
      add_number(app, "--temperature", a.temperature, "below 1 safer, above 1 wilder, 0 greedy");
  app.add_flag("--greedy", a.greedy, "the likeliest each time, as --temperature 0")
      ->excludes(temperature);
  add_number(app, "--top-k", a.top_k, "keep the K likeliest; 0 keeps all", at_least(0));
  add_number(app, "--top-p", a.top_p, "keep the likeliest up to this probability");
  add_number(app, "--min-p", a.min_p, "keep what is P times as likely as the likeliest");
  app.add_option("--prompt", a.prompt, "how each word begins");
  app.add_option("--stop", a.stop, "a character that ends a word and is not part of it")
      ->check(not_empty);
  add_number(app, "--max-length", a.max_length,
             "characters at most, the prompt included (default: 1000; of a text 1000 after the "
             "prompt)",
             at_least(0));
  app.add_flag("--continue-stream", a.continue_stream,
               "draw where training left the random numbers, instead of --seed")
      ->excludes("--seed");
  app.add_flag("--unique", a.unique, "no word twice");
  app.add_flag("--novel", a.novel, "no word that stands in the training data");
  app.add_flag("--mark-known", a.mark_known, "mark words that stand in the training data");
  add_file(app, "--data", a.data,
           "list of words that --novel and --mark-known take instead, all of it (default: the "
           "training part of the list trained on)");
  add_number(app, "--seconds", a.seconds, "of sound to make, the prime not counted (default: 3)");
  add_file(app, "--out", a.out,
           "WAV file of a sound, of several NAME-1.wav, NAME-2.wav, ...; - is standard output: raw "
           "16-bit samples, little endian, as they are made (default: sample-1.wav, or the next "
           "number that is free; standard output where that is no terminal)");
  app.add_flag("--overwrite", a.overwrite, "replace the files of --out, if they are WAV");
  add_file(app, "--prime", a.prime, "sound that each goes on from, and begins with");
  add_number(app, "--prime-seconds", a.prime_seconds,
             "how much of the prime's beginning to take (default: all)");
}

void add_score(CLI::App& app, ScoreArguments& a) {
  add_model(app, a.model)->required();
  constexpr int kMost = 1 << 20;
  // The parser takes "[a,b]" for a list where more may follow, but not where many are expected.
  app.add_option("TEXT", a.texts,
                 "word, or text of a model of running text (default: the lines of standard input, "
                 "as they stand); of a model of sound, files")
      ->take_all()
      ->expected(kMost)
      ->allow_extra_args(false);
  app.add_flag("--curve", a.curve, "of sound, the loss of each 10 ms too");
}

void add_inspect(CLI::App& app, InspectArguments& a) {
  auto* model = add_model(app, a.model)->description("run folder, .safetensors or .nam file");
  add_recipe(app, a.recipe)->excludes(model);
  add_set(app, a.set);
}

void add_check(CLI::App& app, CheckArguments& a) { add_model(app, a.model)->required(); }

void add_convert(CLI::App& app, ConvertArguments& a) {
  app.add_option("MODEL", a.model, "run folder or .safetensors file of a tree or an amplifier")
      ->required();
  choice(app.add_option("--to", a.to, "of a tree a convolution, of an amplifier a .nam file"),
         {"convolution", "nam"})
      ->required();
  add_file(app, "--out", a.out,
           "file; - is standard output (default: convolution.safetensors or model.nam beside the "
           "model)");
  app.add_flag("--overwrite", a.overwrite, "replace the file, if it is a model");
  app.add_flag("--plain", a.plain, "nam: the form of version 0.5.4, for older plugins");
  add_file(
      app, "--reference", a.reference,
      "nam: one second of noise at 48 kHz, to measure loudness and gain with (default: the file "
      "has neither)");
}

void add_bench(CLI::App& app, BenchArguments& a) {
  auto* model = app.add_option("MODEL", a.model,
                               "run folder, .safetensors file, or .nam file of an amplifier");
  add_recipe(app, a.recipe, "recipe by name, or a JSON file, instead of a model")->excludes(model);
  add_set(app, a.set)->excludes(model);
  add_precision(app, a.precision)->excludes(model);
  add_file(app, "--data", a.data, "words, text or sound (default: the embedded names)");
  choice(app.add_option("--job", a.jobs, "what to measure (default: all); may be repeated"),
         {"train", "evaluate", "stream", "sample"})
      ->expected(1)
      ->take_all();
  add_number(app, "--seconds", a.seconds, "of each job");
  add_threads(app, a.threads);
  add_number(app, "--block", a.block, "samples that an amplifier plays at once",
             whole_number("1 to 65536", 1, 65536));
  add_size(app, a.size);
}

void add_play(CLI::App& app, PlayArguments& a) {
  app.add_option("MODEL", a.model, ".nam file of an amplifier")->required();
  auto* in = app.add_option("FILE", a.in, "sound to play through it, of any format");
  app.add_option("-o,--out", a.out,
                 "WAV file, as long as the sound (with --stdin default: standard output, raw)")
      ->type_name("FILE");
  choice(app.add_option("--stdin", a.raw,
                        "raw samples of standard input at the model's rate, as they come: floats "
                        "or 16 bits, little endian"),
         {"f32", "s16"})
      ->excludes(in);
  choice(app.add_option("--bits", a.bits, "of a sample; 32 are floats")->capture_default_str(),
         {"16", "24", "32"});
  add_size(app, a.size);
  app.add_flag("--overwrite", a.overwrite, "replace the file of --out, if it is WAV");
}

void add_report(CLI::App& app, ReportArguments& a) {
  app.add_option("DIR", a.runs, "run folder; several are compared")->required();
  add_file(app, "--out", a.out,
           "file; - is standard output (default: DIR/report.html; of several runs "
           "comparison.html)");
  app.add_option("--figures", a.figures, "directory that gets each figure as an SVG file")
      ->type_name("DIR");
}

void add_doctor(CLI::App& app, DoctorArguments& a) {
  app.add_option("DATA", a.data,
                 "list of words, running text, or sound (a folder, a file, or several with commas "
                 "between), as the recipe reads it; without a recipe IN.wav,OUT.wav is an "
                 "amplifier's recording; - is standard input (default: the embedded names)");
  add_recipe(app, a.recipe);
  add_set(app, a.set);
  add_dedup(app, a.dedup);
  add_number(app, "--split-seed", a.split_seed, "of the split", whole_number());
}

void add_capture(CLI::App& app, CaptureArguments& a) {
  choice(app.add_option("WHAT", a.what, "signal: three minutes to play into an amplifier"),
         {"signal"})
      ->required();
  app.add_option("-o,--out", a.out, "WAV file")->type_name("FILE")->capture_default_str();
  choice(app.add_option("--sample", a.sample, "how samples are written; both hold them exactly"),
         {"int24", "float32"})
      ->capture_default_str();
  app.add_flag("--overwrite", a.overwrite, "replace the file, if it is WAV");
}

void add_study(CLI::App& app, StudyArguments& a) {
  app.add_flag("--quick", a.quick, "few steps: under two minutes on two cores");
  add_file(app, "--data", a.data,
           "list of words, one a line; - is standard input (default: the embedded names)");
  add_number(app, "--steps", a.steps, "steps of each network of windows, instead of 200000",
             at_least(1))
      ->excludes("--quick");
  add_number(app, "--seed", a.seed, "of the weights and minibatches",
             whole_number(seed_limit(), 0, kLargestSeed));
  add_threads(app, a.threads, kAnyCores);
}

void add_recipes(CLI::App& app, RecipesArguments& a) {
  app.add_option("RECIPE", a.name, "recipe to print as JSON");
}

// No file, folder or recipe has an empty name, and a flag takes its word whole.
void take_words_whole(CLI::App& verb) {
  using enum manual::Completes;
  for (CLI::Option* option : verb.get_options()) {
    const bool positional = option->get_positional();
    if (!positional) {
      option->allow_extra_args(false);  // or the parser splits "[a,b]"
    }
    const std::string value = positional ? option->get_name(true) : option->get_type_name();
    if (const auto by = manual::completes(value); by != nothing && by != choices) {
      option->check(not_empty);
    }
  }
}

// What help says of a verb.
struct Told {
  const char* name;
  const char* about;
  const char* json;
  const char* examples;  // whole commands, one a line
};

// A verb, whose flags go to a struct of its own and which then obeys it. Each is told in the same
// way to answer in JSON, and to say nothing beside its results.
template <class Arguments>
Arguments& add_verb(CLI::App& app, Chosen& chosen, const Told& told,
                    void (*add_flags)(CLI::App&, Arguments&), int (*obey)(const Arguments&)) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& verb = *app.add_subcommand(told.name, told.about)->footer(told.examples);
  add_flags(verb, *arguments);
  verb.add_flag("--json", arguments->json, told.json);
  verb.add_flag("--quiet", arguments->quiet, "no progress, notes or warnings");
  take_words_whole(verb);
  verb.callback([&chosen, arguments, obey] {
    chosen = [arguments, obey] {
      if (arguments->quiet) {
        say::be_quiet();
      }
      return obey(*arguments);
    };
  });
  return *arguments;
}

// Called by the build; help leaves it out, as it is in no group.
void add_manuals(CLI::App& app, Chosen& chosen) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& verb =
      *app.add_subcommand("manuals", "write man pages and shell completions")->group("");
  verb.add_option("DIR", *folder, "where to")->required()->check(not_empty);
  verb.callback([&app, &chosen, folder] {
    chosen = [&app, folder] {
      manual::write_manuals(definition_of(app), *folder);
      return 0;
    };
  });
}

}  // namespace

void add_verbs(CLI::App& app, const std::string& command, Chosen& chosen) {
  const auto add = [&](auto add_flags, auto obey, const Told& told) -> auto& {
    return add_verb(app, chosen, told, add_flags, obey);
  };
  add(add_train, train,
      {"train", "train a model on words, text or sound", "print one JSON object at the end",
       "wavenet train --recipe wavenet-names --data names.txt --out runs/mine\n"
       "wavenet train --recipe tree-76k --set train.learning_rate=0.05\n"
       "wavenet train --resume --out runs/mine"})
      .command = command;
  add(add_eval, eval,
      {"eval", "loss of a model on data, or on a part of it", kObjects,
       "wavenet eval runs/mine --split test\nwavenet eval runs/mine --data held-out.txt"});
  add(add_sample, sample,
      {"sample", "generate words, text or sound", kObjects,
       "wavenet sample runs/mine -n 5 --temperature 0.8 --prompt ma\n"
       "wavenet sample runs/mine -n 1000 --unique --novel\n"
       "wavenet sample runs/mine --novel --data known.txt\n"
       "wavenet sample runs/speech --seconds 3 --out x.wav\n"
       "wavenet sample runs/speech --seconds 10 --out - | aplay -f S16_LE -r 8000"});
  add(add_score, score,
      {"score", "loss of given words, texts or sounds, per character or sample", kObjects,
       "wavenet score runs/mine emma olivia\nwavenet score runs/mine < names.txt\n"
       "wavenet score runs/speech a.wav b.flac"});
  add(add_inspect, inspect,
      {"inspect", "shapes and parameters, layer by layer", kObject,
       "wavenet inspect runs/mine\nwavenet inspect --recipe wavenet-text\nwavenet inspect "
       "plexi.nam"});
  add(add_check, check_model,
      {"check", "prove causality, caching, receptive field and codec on a model", kObjects,
       "wavenet check runs/mine"});
  add(add_convert, convert,
      {"convert", "a tree as convolutions, an amplifier as a .nam file", kObject,
       "wavenet convert runs/tree --to convolution --out stack.safetensors\n"
       "wavenet convert runs/plexi --to nam --out plexi.nam"});
  add(add_bench, bench,
      {"bench", "speed of a recipe or model on this machine", kObject,
       "wavenet bench --recipe wavenet-names\nwavenet bench runs/mine --job sample\n"
       "wavenet bench plexi.nam --block 32"});
  add(add_play, play,
      {"play", "sound through an amplifier's model", kObject,
       "wavenet play plexi.nam guitar.wav -o amped.wav\n"
       "wavenet play plexi.nam riff.flac -o riff.wav --bits 24\n"
       "wavenet play plexi.nam --stdin s16 | aplay -f S16_LE -r 48000"});
  add(add_report, report,
      {"report", "a run, or several, as one HTML page", kObject,
       "wavenet report runs/mine\nwavenet report runs/a runs/b --out both.html"});
  add(add_doctor, doctor,
      {"doctor", "what is wrong with data, and where, before training on it", kObject,
       "wavenet doctor names.txt\nwavenet doctor shakespeare.txt --recipe wavenet-text\n"
       "wavenet doctor speech --recipe wavenet-speech\nwavenet doctor in.wav,out.wav"});
  add(add_capture, capture,
      {"capture", "what to play into an amplifier to model it", kObject,
       "wavenet capture signal --out in.wav"});
  add(add_study, study,
      {"study", "the article step by step, as one table", kObjects,
       "wavenet study --quick\nwavenet study --data names.txt"});
  add(add_recipes, recipes,
      {"recipes", "list the recipes, or print one", kObjects,
       "wavenet recipes\nwavenet recipes tree-76k > mine.json"});
  add_manuals(app, chosen);
}

}  // namespace cli
