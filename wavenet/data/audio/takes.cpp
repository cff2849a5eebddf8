#include "wavenet/data/audio/takes.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "wavenet/base/check.h"
#include "wavenet/base/hash.h"
#include "wavenet/data/audio/cache.h"
#include "wavenet/data/audio/changes.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/codes_file.h"
#include "wavenet/data/audio/trim.h"
#include "wavenet/sound/read.h"

namespace wavenet::data {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

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
  Changes changes(about.rate);
  CutTable cuts(about.rate);
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
    cuts.add(files[i].name, cut);
    if (cut.kept > 0) {
      about.takes.emplace_back(files[i].name, static_cast<std::size_t>(cut.kept));
      fingerprint.end(about.takes.back().first, about.takes.back().second);
    }
  }
  cuts.require_some(source, options.trim);
  about.notes = changes.notes();
  const std::vector<std::string> cut = cuts.notes();
  about.notes.insert(about.notes.end(), cut.begin(), cut.end());
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
    const fs::path folder = options_.cache.empty() ? cache_folder() : options_.cache;
    if (folder.empty()) {
      return in_memory("neither XDG_CACHE_HOME nor HOME says where a cache may be");
    }
    remove_left_behind(folder);
    const fs::path cache =
        cached(folder, chosen_.files, fmt::format("2 {} {}", options_.rate, options_.trim));
    if (std::optional<Takes> kept = whole_in(cache)) {
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

  // Throws where no such cache is, or something else stands there.
  Takes from(const std::shared_ptr<const CodesFile>& file) const {
    return takes_of(About::of(file->about()), file->codes(), file);
  }

  // Nothing where it is not to be had as it was written.
  std::optional<Takes> whole_in(const fs::path& cache) const {
    try {
      const auto file = std::make_shared<const CodesFile>(cache);
      Takes takes = from(file);
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
      writer->finish(about.text());  // with the fingerprint of what was written
      return from(std::make_shared<const CodesFile>(cache));
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

  Takes takes_of(About about, SoundCodes codes, std::shared_ptr<const void> memory) const {
    Takes takes;
    takes.rate_ = about.rate;
    takes.notes_ = notes_of(chosen_);
    takes.notes_.insert(takes.notes_.end(), about.notes.begin(), about.notes.end());
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
