#include "cli/sound.h"

#include <algorithm>
#include <cctype>

#include "cli/say.h"
#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/read.h"

namespace cli {

using namespace wavenet;

namespace {

// Ends the reading of a file of which no more is wanted.
struct Enough {};

void tell(const std::filesystem::path& path, const sound::Facts& facts, std::int64_t rate) {
  if (facts.channels > 1) {
    say::note(fmt::format("{}: its {} channels are mixed to one", path.string(), facts.channels));
  }
  if (facts.rate != rate) {
    say::note(fmt::format("{}: resampled from {} to the model's {} samples a second", path.string(),
                          facts.rate, rate));
  }
}

bool is_wav(std::string_view beginning) {
  return beginning.starts_with("RIFF") && beginning.substr(0, 12).ends_with("WAVE");
}

}  // namespace

std::vector<std::uint8_t> codes_of_file(const std::filesystem::path& path, std::int64_t rate,
                                        std::int64_t most) {
  tell(path, sound::look(path), rate);
  std::vector<std::uint8_t> codes;
  const auto take = [&](std::span<const float> block) {
    const std::size_t begin = codes.size();
    codes.resize(std::min(begin + block.size(), static_cast<std::size_t>(most)));
    sound::code(block.first(codes.size() - begin), std::span(codes).subspan(begin));
    if (codes.size() - begin < block.size()) {
      throw Enough();
    }
  };
  try {
    for (const std::string& warning : sound::read(path, {.rate = rate}, take).warnings) {
      say::warning(warning);
    }
  } catch (const Enough&) {
  }
  return codes;
}

void check_wav_name(const std::filesystem::path& out) {
  std::string ending = out.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  check_usage(ending == ".wav",
              "--out: sound is written as WAV, so the name must end in .wav, got '{}'",
              out.string());
}

void require_replaceable_wav(const std::filesystem::path& file, bool overwrite) {
  if (!std::filesystem::exists(status_of(file))) {
    return;
  }
  check_as(ErrorKind::io, std::filesystem::is_regular_file(status_of(file)),
           "{}: cannot be written: is no regular file", file.string());
  require_own_file(file, "WAV file", is_wav);
  check(overwrite, "{}: already there; replace it with --overwrite, or choose another --out",
        file.string());
}

void refuse(const Given& flags, const char* verb, const char* meant_for, const std::string& model,
            const char* is) {
  std::vector<const char*> given;
  for (const auto& [name, was_given] : flags) {
    if (was_given) {
      given.push_back(name);
    }
  }
  if (!given.empty()) {
    fail_usage("{}: {} {} for a model of {}, {} is one of {}", verb, fmt::join(given, ", "),
               given.size() == 1 ? "is" : "are", meant_for, model, is);
  }
}

}  // namespace cli
