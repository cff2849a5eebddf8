// What the command line asks for, one struct a verb.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/models/recipes.h"

namespace cli {

inline constexpr std::uint64_t kSeed = 42;
inline constexpr std::int64_t kSampleWords = 20;
inline constexpr std::int64_t kSampleTexts = 1;
inline constexpr std::int64_t kSampleLength = 1000;  // characters
inline constexpr double kSampleSeconds = 3;          // of sound
// Of weights and minibatches, whose numbers are those of torch.manual_seed: it uses 32 bits.
inline constexpr std::uint64_t kLargestSeed = 0xffff'ffff;

// Of every verb.
struct CommonArguments {
  bool json = false;
  bool quiet = false;
};

// Of verbs that take a trained model.
struct ModelArguments : CommonArguments {
  std::string model;
};

// Recipe, data, steps, seeds and log_every that are left out, a run that goes on takes from its
// folder.
struct TrainArguments : CommonArguments {
  std::string command;  // as the user typed it
  std::string recipe;   // empty: kDefaultRecipe
  std::string data;     // empty: the embedded names; "-": standard input
  std::string out;      // empty: runs/<recipe>, numbered
  std::optional<std::int64_t> steps;
  std::optional<std::uint64_t> seed;        // kSeed
  std::optional<std::uint64_t> split_seed;  // kSeed
  int threads = 0;                          // 0: all cores
  std::optional<std::int64_t> log_every;
  bool resume = false;
  bool overwrite = false;
  bool dedup = false;
  std::string precision;  // empty: the recipe's
  bool no_report = false;
  std::vector<std::string> set;
};

struct EvalArguments : ModelArguments {
  std::string data;
  std::string split;  // empty: train and val, or all of a file that is not the training data
  int threads = 0;
};

struct SampleArguments : ModelArguments {
  std::optional<std::int64_t> count;  // kSampleWords, of a text kSampleTexts
  std::uint64_t seed = kSeed;
  double temperature = 1.0;
  bool greedy = false;
  std::int64_t top_k = 0;
  double top_p = 1.0;
  double min_p = 0.0;
  std::string prompt;
  std::string stop;
  std::optional<std::int64_t> max_length;  // kSampleLength, of a text so many after the prompt
  bool continue_stream = false;
  bool unique = false;
  bool novel = false;
  bool mark_known = false;
  std::string data;
  std::optional<double> seconds;  // kSampleSeconds
  std::string out;  // empty: sample-1.wav, or what is not a terminal; "-": raw samples
  bool overwrite = false;
  std::string prime;  // a file of sound
  std::optional<double> prime_seconds;
};

struct ScoreArguments : ModelArguments {
  std::vector<std::string> texts;  // or files of sound
  bool curve = false;
};

struct InspectArguments : ModelArguments {
  std::string recipe;
  std::vector<std::string> set;
};

struct ConvertArguments : ModelArguments {
  std::string to;
  std::string out;  // empty: convolution.safetensors, or model.nam, beside the model
  bool overwrite = false;
  bool plain = false;     // of a .nam file: the form that older plugins read
  std::string reference;  // of a .nam file: what its loudness is measured with
};

struct BenchArguments : ModelArguments {
  std::string recipe = wavenet::models::kDefaultRecipe;
  std::string data;
  std::vector<std::string> set;
  std::string precision;          // empty: the recipe's
  std::vector<std::string> jobs;  // empty: all
  double seconds = 2;             // of each job
  int threads = 0;
  std::int64_t block = 64;  // samples, of an amplifier's model
  double size = 1;          // of one that can be had in several
};

struct PlayArguments : ModelArguments {
  std::string in;          // a file of sound; empty with raw
  std::string out;         // empty with raw: raw samples to standard output
  std::string raw;         // "f32" or "s16": raw samples from standard input; empty: none
  std::int64_t bits = 32;  // of a sample of the WAV file
  double size = 1;
  bool overwrite = false;
};

struct ReportArguments : CommonArguments {
  std::vector<std::string> runs;  // folders
  std::string out;                // empty: report.html in the one folder, or comparison.html here
  std::string figures;            // directory; empty: none
};

struct StudyArguments : CommonArguments {
  std::string data;
  bool quick = false;
  std::optional<std::int64_t> steps;
  std::uint64_t seed = kSeed;
  int threads = 0;
};

struct RecipesArguments : CommonArguments {
  std::string name;
};

struct CheckArguments : ModelArguments {};

struct CaptureArguments : CommonArguments {
  std::string what;  // "signal"
  std::string out = "in.wav";
  std::string sample = "int24";
  bool overwrite = false;
};

struct DoctorArguments : CommonArguments {
  std::string data;    // empty: the embedded names; "-": standard input
  std::string recipe;  // empty: kDefaultRecipe
  std::vector<std::string> set;
  bool dedup = false;
  std::uint64_t split_seed = kSeed;
};

// Each verb does its work and returns the exit code; errors are exceptions.
int train(const TrainArguments& arguments);
int eval(const EvalArguments& arguments);
int sample(const SampleArguments& arguments);
int score(const ScoreArguments& arguments);
int inspect(const InspectArguments& arguments);
int convert(const ConvertArguments& arguments);
int report(const ReportArguments& arguments);
int recipes(const RecipesArguments& arguments);
int check_model(const CheckArguments& arguments);
int bench(const BenchArguments& arguments);
int play(const PlayArguments& arguments);
int doctor(const DoctorArguments& arguments);
int study(const StudyArguments& arguments);
int capture(const CaptureArguments& arguments);

}  // namespace cli
