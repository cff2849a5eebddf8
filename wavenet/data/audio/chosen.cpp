#include "wavenet/data/audio/chosen.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

// Empty ones too.
std::vector<std::string> between_commas(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t first = 0; first <= list.size();) {
    const std::size_t comma = std::min(list.find(',', first), list.size());
    parts.push_back(list.substr(first, comma - first));
    first = comma + 1;
  }
  return parts;
}

// Whether it is the name, or one of the folders on the way to it, wherever that stands.
bool is_excluded(const std::string& name, const std::vector<std::string>& exclude) {
  const std::string parts = '/' + name + '/';
  return std::any_of(exclude.begin(), exclude.end(), [&](const std::string& one) {
    return parts.find('/' + one + '/') != std::string::npos;
  });
}

}  // namespace

std::vector<std::string> paths_of(const std::string& paths) {
  std::error_code ignored;
  if (std::filesystem::exists(paths, ignored)) {
    return {paths};
  }
  std::vector<std::string> all = between_commas(paths);
  check(std::find(all.begin(), all.end(), "") == all.end(),
        "'{}': a file or folder has an empty name", paths);
  return all;
}

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names = between_commas(list);
  for (std::string& name : names) {
    name.erase(0, name.find_first_not_of(' '));
    while (name.ends_with('/') || name.ends_with(' ')) {
      name.pop_back();
    }
  }
  std::erase(names, "");
  return names;
}

namespace {

// By whatever names and links.
class Seen {
 public:
  // Whether it is the first time.
  bool add(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    return seen_.insert(error ? path : real).second;
  }

 private:
  std::set<std::filesystem::path> seen_;
};

}  // namespace

Chosen choose_files(const std::vector<std::string>& paths,
                    const std::vector<std::string>& exclude) {
  Chosen chosen;
  Seen seen;
  for (const std::string& path : paths) {
    sound::Found found = sound::find_files(path);
    chosen.skipped.insert(chosen.skipped.end(), found.skipped.begin(), found.skipped.end());
    for (sound::SoundFile& file : found.files) {
      if (is_excluded(file.name, exclude)) {
        ++chosen.excluded;
      } else if (!seen.add(file.path)) {
        chosen.repeated.push_back(std::move(file.name));
      } else {
        chosen.files.push_back(std::move(file));
      }
    }
  }
  check(!chosen.files.empty(), "{}: every sound file in it is left out by data.exclude",
        fmt::join(paths, ","));
  return chosen;
}

}  // namespace wavenet::data
