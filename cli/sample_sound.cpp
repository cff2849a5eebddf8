// wavenet sample, of a model of sound: WAV files, or raw samples as they are made.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/interrupt.h"
#include "cli/json_line.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "cli/wav_file.h"
#include "wavenet/base/files.h"
#include "wavenet/generate/recordings.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr std::int64_t kTogether = 64;          // sounds made side by side
constexpr std::int64_t kBlocksPerSecond = 100;  // that a second is made in
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

// The names of as many files as there are sounds; none of which stands in memory.
class Names {
 public:
  // By --out. Throws Error where one stands there that is not to be replaced.
  static Names given(const SampleArguments& a, std::int64_t count) {
    require_wav_name(a.out);
    Names names(a.out, 0, count > 1);
    Phase phase("looking for files that are there already");
    for (std::int64_t i = 0; i < count; ++i) {
      require_replaceable(names.of(i), a.overwrite);
      say_now_and_then(phase, i, count);
    }
    return names;
  }
  // The first of sample-1.wav, sample-2.wav, ... of which so many in a row are free.
  static Names free(std::int64_t count) {
    Names names("sample.wav", 0, true);
    Phase phase("looking for names that are free");
    for (std::int64_t i = 0; i < count; ++i) {
      if (fs::exists(status_of(names.of(i)))) {
        names.first_ += i + 1;
        i = -1;
      }
      say_now_and_then(phase, i, count);
    }
    return names;
  }

  fs::path of(std::int64_t sound) const {
    return numbered_ ? numbered(out_, first_ + sound) : out_;
  }
  std::vector<fs::path> of(std::int64_t first, std::int64_t count) const {
    std::vector<fs::path> files;
    for (std::int64_t i = first; i < first + count; ++i) {
      files.push_back(of(i));
    }
    return files;
  }

 private:
  Names(fs::path out, std::int64_t first, bool numbered)
      : out_(std::move(out)), first_(first), numbered_(numbered) {}
  static void say_now_and_then(Phase& phase, std::int64_t done, std::int64_t count) {
    constexpr std::int64_t kPause = 1024;
    if (done % kPause == 0) {
      phase(static_cast<double>(done) / static_cast<double>(count));
    }
  }

  fs::path out_;
  std::int64_t first_;
  bool numbered_;
};

// Throws Error, with figures, where the disk has no room for so many sounds. What is replaced gives room
// back, so nothing is known then.
void require_room(const SampleArguments& a, std::int64_t count, std::int64_t samples_of_each) {
  fs::path folder = fs::path(a.out).parent_path();
  folder = folder.empty() ? fs::path(".") : folder;
  std::error_code unknown;
  const fs::space_info room = fs::space(folder, unknown);
  const double bytes = static_cast<double>(count) * static_cast<double>(44 + 2 * samples_of_each);
  check_as(ErrorKind::io, unknown || a.overwrite || bytes <= static_cast<double>(room.available),
           "sample: {} sound{} take{} {:.1f} GB, and {:.1f} GB are free in {}", count,
           count == 1 ? "" : "s", count == 1 ? "s" : "", bytes / 1e9,
           static_cast<double>(room.available) / 1e9, folder.string());
}

struct Task {
  const SampleArguments& arguments;
  const models::Model& model;
  output::DrawOptions draws;
  std::int64_t rate;
  std::int64_t samples;  // of each sound, after the prime
  std::vector<std::uint8_t> prime;
};

void print(const Task& task, const std::vector<fs::path>& files, std::int64_t first,
           std::int64_t made) {
  const auto all = made + std::ssize(task.prime);
  const double seconds = static_cast<double>(all) / static_cast<double>(task.rate);
  for (const fs::path& file : files) {
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

// Sounds `first` and on, one a file, or one to standard output where there is none. False where it was
// stopped, or nobody reads any more.
bool make(const Task& task, const std::vector<fs::path>& files, std::int64_t first,
          const Stop& stop, SoundProgress& progress) {
  const std::int64_t count = std::max<std::int64_t>(1, std::ssize(files));
  generate::Sounds sounds(task.model, task.draws, task.arguments.seed, count,
                          static_cast<std::uint64_t>(first));
  generate::Recordings recordings = files.empty()
                                        ? generate::Recordings(STDOUT_FILENO, "standard output")
                                        : generate::Recordings(files, task.rate);
  const auto show = [&](std::int64_t made) { progress.show(first * task.samples + made * count); };
  const std::int64_t made =
      generate::record(sounds, recordings,
                       {.prime = task.prime,
                        .samples = task.samples,
                        .block = std::max<std::int64_t>(1, task.rate / kBlocksPerSecond)},
                       [&](std::int64_t so_far) {
                         show(so_far);
                         return !stop.asked();
                       });
  show(made);
  if (made > 0) {
    recordings.finish();
    say::clear_live();
    print(task, files, first, made);
  }
  return made == task.samples;
}

std::vector<std::uint8_t> prime_of(const SampleArguments& a, std::int64_t rate) {
  if (a.prime.empty()) {
    check_usage(!a.prime_seconds,
                "--prime-seconds: says how much of --prime to take, and none is given");
    return {};
  }
  const std::int64_t most = a.prime_seconds ? samples_in("--prime-seconds", *a.prime_seconds, rate)
                                            : std::numeric_limits<std::int64_t>::max();
  data::Heard heard = data::hear(a.prime, rate, most);
  tell(heard);
  if (a.prime_seconds && std::ssize(heard.codes) < most) {
    say::note(fmt::format("{}: all of its {:.3f} s are taken, --prime-seconds asks for {}", a.prime,
                          static_cast<double>(heard.codes.size()) / static_cast<double>(rate),
                          *a.prime_seconds));
  }
  return std::move(heard.codes);
}

}  // namespace

int sample_sound(const SampleArguments& arguments, const run::State& opened, std::int64_t rate) {
  refuse_flags_of_words(arguments);
  const std::int64_t count = arguments.count.value_or(1);
  const output::DrawOptions draws{arguments.greedy ? 0 : arguments.temperature, arguments.top_k,
                                  arguments.top_p, arguments.min_p};
  output::check_options(draws);
  Task task{arguments,
            *opened.model,
            draws,
            rate,
            samples_in("--seconds", arguments.seconds.value_or(kSampleSeconds), rate),
            {}};
  const bool raw = is_raw(arguments);
  check_usage(!raw || count == 1,
              "-n {}: standard output takes one sound; name files by --out NAME.wav", count);
  if (!raw && !arguments.out.empty()) {
    require_wav_name(arguments.out);
  }
  task.prime = prime_of(arguments, rate);
  const std::int64_t samples = task.samples + std::ssize(task.prime);
  check_usage(
      raw || samples < kMostOfAFile,
      "--seconds: a WAV file holds {} s at {} samples a second at most, standard output more",
      kMostOfAFile / rate, rate);
  std::optional<Names> names;
  if (!raw) {
    require_room(arguments, count, samples);
    names = arguments.out.empty() ? Names::free(count) : Names::given(arguments, count);
  }

  if (raw && arguments.out.empty()) {
    say::note(
        fmt::format("standard output is no terminal and gets raw samples: 16 bits, little "
                    "endian, {} a second",
                    rate));
  }
  const Interrupt interrupt;
  SoundProgress progress(count * task.samples, rate);
  bool whole = true;
  for (std::int64_t first = 0; first < count && whole; first += kTogether) {
    const std::int64_t now = std::min(kTogether, count - first);
    whole = make(task, names ? names->of(first, now) : std::vector<fs::path>(), first,
                 interrupt.stop(), progress);
  }
  say::note(progress.speed());
  return interrupt.stop().asked() ? kInterrupted : 0;
}

}  // namespace cli
