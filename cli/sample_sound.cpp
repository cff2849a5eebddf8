// wavenet sample, of a model of sound: WAV files, or raw samples as they are made.
#include <unistd.h>

#include <array>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/interrupt.h"
#include "cli/json_line.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "wavenet/base/files.h"
#include "wavenet/generate/sounds.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/write.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr std::int64_t kTogether = 64;  // sounds made side by side
constexpr std::int64_t kBlocks = 100;   // that a second is made in
constexpr std::int64_t kMostOfAFile =
    (std::int64_t{1} << 31) - 64;  // samples, 4 GiB with what stands before them

void refuse_flags_of_words(const SampleArguments& a) {
  refuse({{"--prompt", !a.prompt.empty()},
          {"--stop", !a.stop.empty()},
          {"--max-length", a.max_length.has_value()},
          {"--continue-stream", a.continue_stream},
          {"--unique", a.unique},
          {"--novel", a.novel},
          {"--mark-known", a.mark_known},
          {"--data", !a.data.empty()}},
         "sample", "characters", a.model, "sound");
}

std::int64_t samples_in(const char* flag, double seconds, std::int64_t rate) {
  check_usage(seconds > 0, "{}: must be above 0, got {}", flag, seconds);
  const double samples = std::round(seconds * static_cast<double>(rate));
  check_usage(samples >= 1, "{}: {} s hold no sample at {} samples a second", flag, seconds, rate);
  check_usage(samples < static_cast<double>(std::int64_t{1} << 53), "{}: {} s are too many", flag,
              seconds);
  return static_cast<std::int64_t>(samples);
}

// Whether the samples go to standard output, raw.
bool is_raw(const SampleArguments& a) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  if (a.out != "-") {
    return a.out.empty() && !terminal && !a.json;
  }
  check_usage(!terminal,
              "--out -: raw samples are nothing for a terminal; send them on, as by `| aplay`, or "
              "name a file");
  check_usage(!a.json, "--out -: the samples take standard output, so --json does not fit");
  return true;
}

// Sound `number` of so many, from 0.
fs::path numbered(const fs::path& out, std::int64_t number) {
  fs::path name = out;
  return name.replace_filename(
      fmt::format("{}-{}{}", out.stem().string(), number + 1, out.extension().string()));
}

std::vector<fs::path> files_named(const SampleArguments& a, std::int64_t count) {
  const fs::path out = a.out;
  check_wav_name(out);
  std::vector<fs::path> files;
  for (std::int64_t i = 0; i < count; ++i) {
    files.push_back(count == 1 ? out : numbered(out, i));
    require_replaceable_wav(files.back(), a.overwrite);
  }
  return files;
}

// The first `count` of sample-1.wav, sample-2.wav, ... in a row that are free.
std::vector<fs::path> free_files(std::int64_t count) {
  std::vector<fs::path> files;
  for (std::int64_t number = 0; std::ssize(files) < count; ++number) {
    files.push_back(numbered("sample.wav", number));
    if (fs::exists(status_of(files.back()))) {
      files.clear();
    }
  }
  return files;
}

// Where sounds go: each to a file of its own, or one to standard output.
class Places {
 public:
  Places(const std::vector<fs::path>& files, std::int64_t rate) : files_(files) {
    for (const fs::path& file : files) {
      writers_.emplace_back(file, rate);
    }
    if (files.empty()) {
      raw_.emplace(STDOUT_FILENO, "standard output");
    }
  }
  // False where nobody reads any more.
  bool add(std::size_t sound, std::span<const std::uint8_t> codes) {
    levels_.clear();
    for (const std::uint8_t code : codes) {
      levels_.push_back(sound::level_of(code));
    }
    if (raw_) {
      return raw_->add(levels_);
    }
    writers_[sound].add(levels_);
    return true;
  }
  void finish() {
    for (sound::WavWriter& writer : writers_) {
      writer.finish();
    }
  }
  const std::vector<fs::path>& files() const { return files_; }

 private:
  std::vector<fs::path> files_;
  std::vector<sound::WavWriter> writers_;
  std::optional<sound::RawWriter> raw_;
  std::vector<float> levels_;
};

struct Task {
  const SampleArguments& arguments;
  const models::Model& model;
  std::int64_t rate;
  std::int64_t samples;  // of each sound, after the prime
  std::vector<std::uint8_t> prime;
};

void print(const Task& task, const Places& places, std::int64_t first, std::int64_t made) {
  const auto all = made + std::ssize(task.prime);
  const double seconds = static_cast<double>(all) / static_cast<double>(task.rate);
  for (const fs::path& file : places.files()) {
    if (task.arguments.json) {
      const nlohmann::ordered_json line{{"file", file.string()},       {"number", ++first},
                                        {"seed", task.arguments.seed}, {"rate", task.rate},
                                        {"seconds", seconds},          {"samples", all},
                                        {"prime", task.prime.size()}};
      fmt::print("{}", json_line(line));
    } else {
      fmt::print("{}: {:.3f} s, {} samples, {} a second\n", file.string(), seconds, all, task.rate);
    }
  }
  std::fflush(stdout);
}

// Makes sounds `first` and on, one a place; false where it was stopped, or nobody reads any more.
class Maker {
 public:
  Maker(const Task& task, const Stop& stop, SoundProgress& progress)
      : task_(task), stop_(stop), progress_(progress) {}

  bool make(Places& places, std::int64_t first, std::int64_t count) {
    generate::Sounds sounds(task_.model, draws(), task_.arguments.seed, count,
                            static_cast<std::uint64_t>(first));
    sounds.prime(task_.prime);
    bool wanted = true;
    for (std::int64_t i = 0; i < count && !task_.prime.empty(); ++i) {
      wanted = places.add(static_cast<std::size_t>(i), task_.prime) && wanted;
    }
    made_ = 0;
    const std::int64_t block = std::max<std::int64_t>(1, task_.rate / kBlocks);
    while (wanted && made_ < task_.samples && !stop_.asked()) {
      wanted = add(places, sounds, std::min(block, task_.samples - made_));
      progress_.show(all_);
    }
    return wanted && made_ == task_.samples;
  }
  std::int64_t made() const { return made_; }

  output::DrawOptions draws() const {
    const SampleArguments& a = task_.arguments;
    return {a.greedy ? 0 : a.temperature, a.top_k, a.top_p, a.min_p};
  }

 private:
  bool add(Places& places, generate::Sounds& sounds, std::int64_t length) {
    codes_.resize(static_cast<std::size_t>(sounds.count() * length));
    sounds.make(codes_);
    made_ += length;
    all_ += length * sounds.count();
    bool wanted = true;
    for (std::int64_t i = 0; i < sounds.count(); ++i) {
      wanted = places.add(static_cast<std::size_t>(i),
                          std::span(codes_).subspan(static_cast<std::size_t>(i * length),
                                                    static_cast<std::size_t>(length))) &&
               wanted;
    }
    return wanted;
  }

  const Task& task_;
  const Stop& stop_;
  SoundProgress& progress_;
  std::vector<std::uint8_t> codes_;
  std::int64_t made_ = 0;  // of each
  std::int64_t all_ = 0;
};

std::vector<std::uint8_t> prime_of(const SampleArguments& a, std::int64_t rate) {
  if (a.prime.empty()) {
    check_usage(!a.prime_seconds,
                "--prime-seconds: says how much of --prime to take, and none is given");
    return {};
  }
  const std::int64_t most = a.prime_seconds ? samples_in("--prime-seconds", *a.prime_seconds, rate)
                                            : std::numeric_limits<std::int64_t>::max();
  std::vector<std::uint8_t> codes = codes_of_file(a.prime, rate, most);
  if (a.prime_seconds && std::ssize(codes) < most) {
    say::note(fmt::format("{}: all of its {:.3f} s are taken, --prime-seconds asks for {}", a.prime,
                          static_cast<double>(codes.size()) / static_cast<double>(rate),
                          *a.prime_seconds));
  }
  return codes;
}

}  // namespace

int sample_sound(const SampleArguments& arguments, const run::State& opened,
                 const data::MuLaw& codec) {
  refuse_flags_of_words(arguments);
  const std::int64_t rate = codec.rate();
  const std::int64_t count = arguments.count.value_or(1);
  Task task{arguments,
            *opened.model,
            rate,
            samples_in("--seconds", arguments.seconds.value_or(kSampleSeconds), rate),
            {}};
  const bool raw = is_raw(arguments);
  check_usage(!raw || count == 1,
              "-n {}: standard output takes one sound; name files by --out NAME.wav", count);
  const std::vector<fs::path> files = raw                     ? std::vector<fs::path>()
                                      : arguments.out.empty() ? free_files(count)
                                                              : files_named(arguments, count);
  task.prime = prime_of(arguments, rate);
  check_usage(
      raw || task.samples + std::ssize(task.prime) < kMostOfAFile,
      "--seconds: a WAV file holds {} s at {} samples a second at most, standard output more",
      kMostOfAFile / rate, rate);

  if (raw && arguments.out.empty()) {
    say::note(
        fmt::format("standard output is no terminal and gets raw samples: 16 bits, little "
                    "endian, {} a second",
                    rate));
  }
  const Interrupt interrupt;
  SoundProgress progress(count * task.samples, rate);
  Maker maker(task, interrupt.stop(), progress);
  output::check_options(maker.draws());
  bool whole = true;
  for (std::int64_t first = 0; first < count && whole; first += kTogether) {
    const std::int64_t now = std::min(kTogether, count - first);
    Places places(
        raw ? files : std::vector<fs::path>(files.begin() + first, files.begin() + first + now),
        rate);
    whole = maker.make(places, first, now);
    if (maker.made() > 0) {
      places.finish();
      say::clear_live();
      print(task, places, first, maker.made());
    }
  }
  say::note(progress.speed());
  return interrupt.stop().asked() ? kInterrupted : 0;
}

}  // namespace cli
