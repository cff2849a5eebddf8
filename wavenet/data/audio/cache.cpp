#include "wavenet/data/audio/cache.h"

#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <system_error>

#include "wavenet/base/atomic_file.h"
#include "wavenet/base/check.h"
#include "wavenet/base/hash.h"

namespace wavenet::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "sound-";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

fs::path cache_folder() {
  if (const std::string cache = variable("XDG_CACHE_HOME"); cache.starts_with('/')) {
    return fs::path(cache) / "wavenet";
  }
  const std::string home = variable("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache" / "wavenet";
}

fs::path cached(const fs::path& folder, const std::vector<sound::SoundFile>& files,
                const std::string& how) {
  Fnv1a64 hash;
  hash.add(how);
  for (const sound::SoundFile& file : files) {
    struct stat status {};
    check(::stat(file.path.c_str(), &status) == 0, "{}: no such file", file.path.string());
    hash.add(fmt::format("\n{}\n{}\n{} {}.{} {}.{}", file.name, fs::absolute(file.path).string(),
                         status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                         status.st_ctim.tv_sec, status.st_ctim.tv_nsec));
  }
  return folder / (kPrefix + hash.hex());
}

void remove_left_behind(const fs::path& folder) {
  const auto before = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code gone;
    if (name.starts_with(kPrefix) && is_temporary(name) && entry->is_regular_file(gone) &&
        entry->last_write_time(gone) < before && !gone) {
      left.push_back(entry->path());
    }
  }
  for (const fs::path& path : left) {
    std::error_code kept;  // somebody else's, say: it stays
    fs::remove(path, kept);
  }
}

}  // namespace wavenet::data
