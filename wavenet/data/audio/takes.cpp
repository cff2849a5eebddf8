#include "wavenet/data/audio/takes.h"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/hash.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/codes_file.h"
#include "wavenet/data/audio/trim.h"
#include "wavenet/sound/read.h"

namespace wavenet::data {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t kNamed = 5;  // files of a note
constexpr std::size_t kTableRows = 100;

// Of rate, names and codes, in the order of the files.
class Fingerprint {
 public:
  explicit Fingerprint(std::int64_t rate) { hash_.add(fmt::format("mu-law {}", rate)); }
  void add(SoundCodes codes) { hash_.add(codes.data(), codes.size()); }
  void end(const std::string& name, std::size_t samples) {
    hash_.add(fmt::format("\n{}\n{}\n", name, samples));
  }
  std::string hex() const { return hash_.hex(); }

 private:
  Fnv1a64 hash_;
};

std::string fingerprint_of(std::int64_t rate, const std::vector<Take>& takes) {
  Fingerprint fingerprint(rate);
  for (const Take& take : takes) {
    fingerprint.add(take.codes);
    fingerprint.end(take.name, take.codes.size());
  }
  return fingerprint.hex();
}

// "a.wav, b.wav and 3 more".
std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kNamed);
  const std::string first = fmt::format(
      "{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return shown == names.size() ? first : fmt::format("{} and {} more", first, names.size() - shown);
}

std::string files(std::size_t count) {
  return fmt::format("{} file{}", count, count == 1 ? "" : "s");
}

// What was done to which files, as one sentence a kind.
class Changes {
 public:
  Changes(std::int64_t rate, const std::vector<std::string>& skipped)
      : rate_(rate), skipped_(skipped) {}

  void add(const std::string& name, const sound::Report& report) {
    if (report.resampled) {
      resampled_[report.facts.rate].push_back(name);
    }
    if (report.facts.channels > 1) {
      mixed_[report.facts.channels].push_back(name);
    }
    if (report.clamped > 0) {
      clamped_files_.push_back(name);
      clamped_ += report.clamped;
    }
    warnings_.insert(warnings_.end(), report.warnings.begin(), report.warnings.end());
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    if (!skipped_.empty()) {
      notes.push_back(fmt::format("{} left out, as their names are those of no sound: {}",
                                  files(skipped_.size()), listed(skipped_)));
    }
    for (const auto& [rate, names] : resampled_) {
      notes.push_back(fmt::format("{} resampled from {} to {} samples a second",
                                  files(names.size()), rate, rate_));
    }
    for (const auto& [channels, names] : mixed_) {
      notes.push_back(fmt::format("{} of {} channels mixed to one", files(names.size()), channels));
    }
    if (clamped_ > 0) {
      notes.push_back(fmt::format("{} samples beyond full scale clamped, in {}: {}", clamped_,
                                  files(clamped_files_.size()), listed(clamped_files_)));
    }
    for (std::size_t i = 0; i < std::min(warnings_.size(), kNamed); ++i) {
      notes.push_back(warnings_[i]);
    }
    if (warnings_.size() > kNamed) {
      notes.push_back(fmt::format("and {} more of the kind; `wavenet doctor` names all",
                                  warnings_.size() - kNamed));
    }
    return notes;
  }

 private:
  std::int64_t rate_;
  std::vector<std::string> skipped_;
  std::map<std::int64_t, std::vector<std::string>> resampled_;  // by their rate
  std::map<std::int64_t, std::vector<std::string>> mixed_;      // by their channels
  std::vector<std::string> clamped_files_;
  std::int64_t clamped_ = 0;
  std::vector<std::string> warnings_;
};

fs::path cache_folder(const fs::path& wanted) {
  if (!wanted.empty()) {
    return wanted;
  }
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr ? value : "");
  };
  if (const std::string cache = variable("XDG_CACHE_HOME"); cache.starts_with('/')) {
    return fs::path(cache) / "wavenet";
  }
  const std::string home = variable("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache" / "wavenet";
}

// What was cut from each file, as lines of a table.
class CutTable {
 public:
  void add(const std::string& name, const TrimmedCodes::Cut& cut, std::int64_t rate) {
    const auto seconds = [&](std::int64_t samples) {
      return static_cast<double>(samples) / static_cast<double>(rate);
    };
    all_ += cut.begin + cut.end + cut.kept;
    peak_ = std::max(peak_, cut.peak);
    rate_ = rate;
    if (cut.begin + cut.end > 0) {
      cut_ += cut.begin + cut.end;
      rows_.push_back(
          fmt::format("  {:8.3f} s at its begin {:8.3f} s at its end {:8.3f} s left  {}",
                      seconds(cut.begin), seconds(cut.end), seconds(cut.kept), name));
    }
  }
  // Throws Error where nothing is left.
  void require_some(const std::string& source, double decibels) const {
    check(
        cut_ < all_,
        "{}: everything was cut: the loudest sample of {:.1f} s is {:.1f} dB below full scale, and "
        "data.trim cuts what is more than {:g} dB below it",
        source, static_cast<double>(all_) / static_cast<double>(rate_),
        -20 * std::log10(static_cast<double>(peak_)), decibels);
  }
  void add_to(std::vector<std::string>& notes) const {
    if (rows_.empty()) {
      return;
    }
    notes.push_back(fmt::format("{:.1f} % was cut from the ends of {}:",
                                100 * static_cast<double>(cut_) / static_cast<double>(all_),
                                files(rows_.size())));
    const std::size_t shown = std::min(rows_.size(), kTableRows);
    notes.insert(notes.end(), rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(shown));
    if (shown < rows_.size()) {
      notes.push_back(fmt::format("  and of {} more", rows_.size() - shown));
    }
  }

 private:
  std::vector<std::string> rows_;
  std::int64_t all_ = 0;
  std::int64_t cut_ = 0;
  std::int64_t rate_ = 1;
  float peak_ = 0;
};

std::int64_t common_rate(const std::vector<sound::SoundFile>& files, const std::string& source) {
  std::map<std::int64_t, std::size_t> rates;
  for (const sound::SoundFile& file : files) {
    ++rates[sound::look(file.path).rate];
  }
  if (rates.size() > 1) {
    std::vector<std::string> found;
    for (const auto& [rate, count] : rates) {
      found.push_back(fmt::format("{} of {}", count, rate));
    }
    fail_usage("{}: its files have several rates ({}); choose one by --set data.sample_rate={}",
               source, fmt::join(found, ", "), rates.begin()->first);
  }
  return rates.begin()->first;
}

// The name of a cache: it changes with each file and option on which the codes depend.
std::string key_of(const std::vector<sound::SoundFile>& files, const TakeOptions& options) {
  Fnv1a64 hash;
  hash.add(fmt::format("1 {} {}", options.rate, options.trim));
  for (const sound::SoundFile& file : files) {
    struct stat status {};
    check(::stat(file.path.c_str(), &status) == 0, "{}: no such file", file.path.string());
    hash.add(fmt::format("\n{}\n{}\n{} {}.{} {}.{}", file.name, fs::absolute(file.path).string(),
                         status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                         status.st_ctim.tv_sec, status.st_ctim.tv_nsec));
  }
  return hash.hex();
}

using AddCodes = std::function<void(SoundCodes)>;

// What is known of codes that were decoded.
struct About {
  std::int64_t rate = 0;
  std::vector<std::pair<std::string, std::size_t>> takes{};  // names and numbers of samples
  std::vector<std::string> notes{};
  std::string fingerprint{};

  std::string text() const {
    return Json{{"rate", rate}, {"fingerprint", fingerprint}, {"notes", notes}, {"takes", takes}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  // Throws for what text() has not written.
  static About of(std::string_view text) {
    const Json json = Json::parse(text);
    return {json.at("rate").get<std::int64_t>(),
            json.at("takes").get<std::vector<std::pair<std::string, std::size_t>>>(),
            json.at("notes").get<std::vector<std::string>>(),
            json.at("fingerprint").get<std::string>()};
  }
};

About decode(const Chosen& chosen, const std::string& source, const TakeOptions& options,
             const AddCodes& add) {
  const std::vector<sound::SoundFile>& files = chosen.files;
  About about{.rate = options.rate > 0 ? options.rate : common_rate(files, source)};
  Fingerprint fingerprint(about.rate);
  Changes changes(about.rate, chosen.skipped);
  CutTable cuts;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (options.between) {
      options.between(static_cast<double>(i) / static_cast<double>(files.size()));
    }
    TrimmedCodes coder(options.trim, [&](SoundCodes codes) {
      fingerprint.add(codes);
      add(codes);
    });
    changes.add(files[i].name,
                sound::read(files[i].path, {.rate = about.rate},
                            [&](std::span<const float> samples) { coder.add(samples); }));
    const TrimmedCodes::Cut cut = coder.finish();
    cuts.add(files[i].name, cut, about.rate);
    if (cut.kept > 0) {
      about.takes.emplace_back(files[i].name, static_cast<std::size_t>(cut.kept));
      fingerprint.end(about.takes.back().first, about.takes.back().second);
    }
  }
  cuts.require_some(source, options.trim);
  about.notes = changes.notes();
  cuts.add_to(about.notes);
  about.fingerprint = fingerprint.hex();
  return about;
}

}  // namespace

// Reads the files of one call of read_takes().
class TakeReader {
 public:
  TakeReader(const std::string& paths, const TakeOptions& options)
      : options_(options),
        source_(paths),
        chosen_(choose_files(paths_of(paths), options.exclude)) {}

  Takes read() const {
    const fs::path folder = cache_folder(options_.cache);
    if (folder.empty()) {
      return in_memory("neither XDG_CACHE_HOME nor HOME says where a cache may be");
    }
    const fs::path cache = folder / ("sound-" + key_of(chosen_.files, options_));
    if (std::optional<Takes> kept = from(cache)) {
      return *std::move(kept);
    }
    try {
      return through(cache);
    } catch (const CacheFailed& error) {
      return in_memory(error.what());
    }
  }

 private:
  struct CacheFailed : Error {
    explicit CacheFailed(const Error& error) : Error(error.kind(), error.what()) {}
  };

  // Nothing where no such cache is, or something else stands there.
  static std::optional<Takes> from(const fs::path& cache) {
    try {
      const auto file = std::make_shared<const CodesFile>(cache);
      Takes takes = takes_of(About::of(file->about()), file->codes(), file);
      const bool as_written = fingerprint_of(takes.rate(), takes.all()) == takes.fingerprint();
      file->forget();
      return as_written ? std::optional(std::move(takes)) : std::nullopt;
    } catch (const std::exception&) {  // it is made anew
      return std::nullopt;
    }
  }

  Takes through(const fs::path& cache) const {
    const auto writing = [](const auto& write) {
      try {
        return write();
      } catch (const Error& error) {
        throw CacheFailed(error);
      }
    };
    const auto writer = writing([&] { return std::make_unique<CodesFile::Writer>(cache); });
    const About about = decode(chosen_, source_, options_,
                               [&](SoundCodes codes) { writing([&] { writer->add(codes); }); });
    return writing([&] {
      writer->finish(about.text());
      std::optional<Takes> kept = from(cache);
      check(kept.has_value(), "{}: went away while it was made", cache.string());
      return *std::move(kept);
    });
  }

  Takes in_memory(const std::string& why) const {
    const auto codes = std::make_shared<std::vector<std::uint8_t>>();
    About about = decode(chosen_, source_, options_, [&](SoundCodes more) {
      codes->insert(codes->end(), more.begin(), more.end());
    });
    about.notes.push_back(fmt::format("decoded again next time: no cache could be made: {}", why));
    return takes_of(std::move(about), *codes, codes);
  }

  static Takes takes_of(About about, SoundCodes codes, std::shared_ptr<const void> memory) {
    Takes takes;
    takes.rate_ = about.rate;
    takes.notes_ = std::move(about.notes);
    takes.fingerprint_ = std::move(about.fingerprint);
    takes.memory_ = std::move(memory);
    for (auto& [name, size] : about.takes) {
      check(size <= codes.size(), "{}: its codes are missing", name);
      takes.takes_.push_back({std::move(name), codes.first(size)});
      codes = codes.subspan(size);
    }
    return takes;
  }

  TakeOptions options_;
  std::string source_;
  Chosen chosen_;
};

Takes::Takes(std::int64_t rate, std::vector<Made> made) : rate_(rate) {
  check(!made.empty(), "sound: there are no takes");
  const auto kept = std::make_shared<const std::vector<Made>>(std::move(made));
  for (const Made& take : *kept) {
    check(!take.codes.empty(), "{}: holds no sample", take.name);
    takes_.push_back({take.name, take.codes});
  }
  fingerprint_ = fingerprint_of(rate, takes_);
  memory_ = kept;
}

Takes read_takes(const std::string& paths, const TakeOptions& options) {
  return TakeReader(paths, options).read();
}

}  // namespace wavenet::data
