// Dependencies point one way: each room may include only the rooms listed here.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using Rooms = std::set<std::string>;

const std::map<std::string, Rooms> kMayInclude{
    {"base", {}},
    {"nam", {"base"}},
    {"play", {"base", "tensor", "backend", "nam"}},
    {"log", {"base"}},
    {"sound", {"base"}},
    {"comm", {"base"}},
    {"tensor", {"base"}},
    {"backend", {"base", "tensor"}},
    {"autograd", {"base", "tensor", "backend"}},
    {"ops", {"base", "tensor", "backend", "autograd"}},
    {"nn", {"base", "tensor", "backend", "autograd", "ops"}},
    {"output", {"base", "tensor", "backend", "ops"}},
    {"models", {"base", "nam", "tensor", "autograd", "ops", "nn", "output", "baselines"}},
    {"baselines", {"base", "log", "tensor", "sound"}},
    {"data", {"base", "log", "tensor", "sound", "baselines"}},
    {"io", {"base", "tensor"}},
    {"optim", {"base", "tensor", "backend", "autograd", "nn"}},
    {"train",
     {"base", "tensor", "backend", "autograd", "ops", "nn", "output", "models", "data", "optim",
      "io", "log", "comm"}},
    {"report", {"base", "log", "sound"}},
    {"run",
     {"base", "nam", "play", "log", "sound", "tensor", "backend", "autograd", "ops", "nn", "output",
      "models", "data", "io", "optim", "train", "generate"}},
    {"generate",
     {"base", "sound", "tensor", "backend", "autograd", "ops", "nn", "output", "models",
      "baselines"}},
    {"study",
     {"base", "tensor", "backend", "autograd", "ops", "nn", "output", "models", "baselines", "data",
      "train", "run"}},
    {"manual", {"base"}},
};

bool is_source(const fs::directory_entry& entry) {
  return entry.path().extension() == ".h" || entry.path().extension() == ".cpp";
}

// Returns how many of the project's files it includes.
int expect_includes_of(const std::string& room, const fs::path& path) {
  // Of the project: Highway's, which alone is written so too, begin with "hwy/".
  static const std::regex include("^#include \"(?:wavenet/)?(?!wavenet/|hwy/)([a-z]+)/(.*)\"");
  const auto row = kMayInclude.find(room);
  if (row == kMayInclude.end()) {
    ADD_FAILURE() << "room " << room << " is not in the table";
    return 0;
  }
  int seen = 0;
  std::ifstream file(path);
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, match, include)) {
      ++seen;
      EXPECT_TRUE(match[1] == room || row->second.contains(match[1]))
          << path << " includes " << match[0];
      if (room != "backend" && match[1] == "backend") {
        EXPECT_EQ(match[2], "backend.h") << path;
      }
    }
  }
  return seen;
}

TEST(Architecture, EveryIncludePointsDown) {
  const fs::path source(WAVENET_SOURCE);
  const fs::path library = source / "wavenet";
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(library)) {
    const std::string room = fs::relative(entry.path(), library).begin()->string();
    if (is_source(entry) && room != "wavenet.h" && room != "version.h") {
      seen += expect_includes_of(room, entry.path());
    }
  }
  for (const auto& entry : fs::directory_iterator(source / "manual")) {
    if (is_source(entry)) {
      seen += expect_includes_of("manual", entry.path());
    }
  }
  EXPECT_GT(seen, 50);
}

// A file that outgrows its one idea is split.
TEST(Architecture, NoFileIsLong) {
  constexpr int kMost = 450;  // lines
  for (const char* folder : {"wavenet", "manual", "cli", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(WAVENET_SOURCE) / folder)) {
      if (is_source(entry)) {
        std::ifstream file(entry.path());
        int lines = 0;
        for (std::string line; std::getline(file, line);) {
          ++lines;
        }
        EXPECT_LE(lines, kMost) << entry.path();
      }
    }
  }
}

}  // namespace
