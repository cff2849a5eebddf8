#include "wavenet/sound/find.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/sound/raw_names.h"

namespace wavenet::sound {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 24> kExtensions{
    "aif",  "aifc", "aiff", "au",  "caf", "flac", "mp2", "mp3", "nist", "oga",  "ogg",   "opus",
    "rf64", "sf",   "snd",  "sph", "svx", "8svx", "voc", "w64", "wav",  "wave", "wavex", "xi"};

fs::path real_place(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  check_as(ErrorKind::io, !error, "{}: {}", path.string(), error.message());
  return real;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  fs::directory_iterator place(folder, error);
  for (; !error && place != fs::directory_iterator(); place.increment(error)) {
    entries.push_back(place->path());
  }
  check_as(ErrorKind::io, !error, "{}: the folder cannot be read: {}", folder.string(),
           error.message());
  return entries;
}

class Search {
 public:
  explicit Search(fs::path root) : root_(std::move(root)) {}

  Found run() {
    enter(root_);
    const auto by_name = [](const SoundFile& a, const SoundFile& b) { return a.name < b.name; };
    std::sort(found_.files.begin(), found_.files.end(), by_name);
    std::sort(found_.skipped.begin(), found_.skipped.end());
    leave_out_second_names();
    return std::move(found_);
  }

 private:
  // A folder that contains itself by a link is not entered again.
  void enter(const fs::path& folder) {
    const fs::path real = real_place(folder);
    if (!within_.insert(real).second) {
      return;
    }
    for (const fs::path& entry : entries_of(folder)) {
      if (!entry.filename().string().starts_with('.')) {
        visit(entry);
      }
    }
    within_.erase(real);
  }

  void visit(const fs::path& entry) {
    std::error_code error;  // a link that leads nowhere, or round, is no sound
    const fs::file_status status = fs::status(entry, error);
    if (fs::is_directory(status)) {
      return enter(entry);
    }
    const std::string name = entry.lexically_relative(root_).generic_string();
    if (fs::is_regular_file(status) && is_sound_name(entry)) {
      found_.files.push_back({entry, name});
    } else {
      found_.skipped.push_back(name);
    }
  }

  // One file by two names would be two files that are equal.
  void leave_out_second_names() {
    std::set<fs::path> seen;
    std::erase_if(found_.files, [&](const SoundFile& file) {
      return !seen.insert(real_place(file.path)).second;
    });
  }

  fs::path root_;
  std::set<fs::path> within_;
  Found found_;
};

[[noreturn]] void fail_none(const fs::path& path, const std::vector<std::string>& skipped) {
  if (skipped.empty()) {
    fail_as(ErrorKind::missing, "{}: is an empty folder, sound files were expected", path.string());
  }
  fail_as(ErrorKind::missing,
          "{}: no sound file is in the folder, only {} that no reader knows, such as {}",
          path.string(), skipped.size() == 1 ? "one file" : fmt::format("{} files", skipped.size()),
          skipped.front());
}

}  // namespace

bool is_sound_name(const fs::path& path) {
  const std::string extension = extension_of(path);
  return raw_form(path).has_value() ||
         std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

Found find_files(const fs::path& path) {
  const fs::file_status status = status_of(path);
  check_as(ErrorKind::missing, fs::exists(status), "{}: no such file or folder", path.string());
  if (!fs::is_directory(status)) {
    check_as(ErrorKind::io, fs::is_regular_file(status),
             "{}: is no regular file, and sound is read from none else", path.string());
    return {{{path, path.filename().generic_string()}}, {}};
  }
  Found found = Search(path).run();
  if (found.files.empty()) {
    fail_none(path, found.skipped);
  }
  return found;
}

}  // namespace wavenet::sound
