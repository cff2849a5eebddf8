#include "cli/wav_file.h"

#include <algorithm>
#include <cctype>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"

namespace cli {

using namespace wavenet;
namespace fs = std::filesystem;

namespace {

bool is_wav(std::string_view beginning) {
  return beginning.starts_with("RIFF") && beginning.substr(0, 12).ends_with("WAVE");
}

}  // namespace

void require_wav_name(const fs::path& out) {
  std::string ending = out.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  check_usage(ending == ".wav",
              "--out: sound is written as WAV, so the name must end in .wav, got '{}'",
              out.string());
}

void require_replaceable(const fs::path& file, bool overwrite) {
  if (!fs::exists(status_of(file))) {
    return;
  }
  check_as(ErrorKind::io, fs::is_regular_file(status_of(file)),
           "{}: cannot be written: is no regular file", file.string());
  require_own_file(file, "WAV file", is_wav);
  check(overwrite, "{}: already there; replace it with --overwrite, or choose another --out",
        file.string());
}

}  // namespace cli
