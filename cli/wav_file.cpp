#include "cli/wav_file.h"

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
