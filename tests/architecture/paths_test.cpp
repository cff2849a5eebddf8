// A file that a comment or a document names is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kSource(WAVENET_SOURCE);
// The project itself, and a header of Highway's.
const std::set<std::string> kNoFilesOfOurs{"wavenet.cpp", "foreach_target.h"};

bool is_source(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cpp";
}

std::vector<fs::path> sources() {
  std::vector<fs::path> found;
  for (const char* folder : {"wavenet", "manual", "cli", "bench", "examples", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
      if (is_source(entry.path())) {
        found.push_back(entry.path());
      }
    }
  }
  return found;
}

// But for the changelog, which tells of files that were.
std::vector<fs::path> documents() {
  std::vector<fs::path> found;
  for (const fs::path& folder : {kSource, kSource / "docs"}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".md" && entry.path().filename() != "CHANGELOG.md") {
        found.push_back(entry.path());
      }
    }
  }
  return found;
}

// In a text such as "see ops/view.h" these: "ops/view.h".
std::vector<std::string> files_in(const std::string& text) {
  static const std::regex file("[A-Za-z0-9_./-]+\\.(?:h|cpp|md|sh)\\b");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), file), end; match != end; ++match) {
    if (!kNoFilesOfOurs.contains(match->str())) {
      found.push_back(match->str());
    }
  }
  return found;
}

// As seen from the folder, from the library's, or from the project's.
bool is_there(const std::string& name, const fs::path& folder) {
  return fs::exists(folder / name) || fs::exists(kSource / "wavenet" / name) ||
         fs::exists(kSource / name);
}

TEST(Architecture, CommentsNameFilesThatAreThere) {
  int seen = 0;
  for (const fs::path& path : sources()) {
    // A test's folder bears the name of the one that it tests.
    const fs::path tested = kSource / "wavenet" / path.parent_path().filename();
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const std::size_t comment = line.find("//");
      if (comment != std::string::npos) {
        for (const std::string& name : files_in(line.substr(comment))) {
          ++seen;
          EXPECT_TRUE(is_there(name, path.parent_path()) || is_there(name, tested))
              << path << ": " << name;
        }
      }
    }
  }
  EXPECT_GT(seen, 50);
}

// A name without a folder may be that of any file.
TEST(Architecture, DocumentsNameFilesThatAreThere) {
  std::set<std::string> names;
  for (const fs::path& path : sources()) {
    names.insert(path.filename().string());
  }
  int seen = 0;
  for (const fs::path& path : documents()) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      for (const std::string& name : files_in(line)) {
        ++seen;
        EXPECT_TRUE(is_there(name, path.parent_path()) || names.contains(name))
            << path << ": " << name;
      }
    }
  }
  EXPECT_GT(seen, 100);
}

}  // namespace
