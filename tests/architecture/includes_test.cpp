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
    {"log", {"base"}},
    {"comm", {"base"}},
    {"tensor", {"base"}},
    {"backend", {"base", "tensor"}},
    {"autograd", {"base", "tensor", "backend"}},
    {"ops", {"base", "tensor", "backend", "autograd"}},
    {"nn", {"base", "tensor", "backend", "autograd", "ops"}},
    {"output", {"base", "tensor", "backend", "ops"}},
    {"models", {"base", "tensor", "autograd", "ops", "nn", "output", "baselines"}},
    {"study", {"base", "tensor", "backend", "autograd", "ops", "nn", "output", "models"}},
    {"baselines", {"base", "tensor"}},
    {"data", {"base", "log", "tensor", "baselines"}},
    {"io", {"base", "tensor"}},
    {"optim", {"base", "tensor", "backend", "autograd", "nn"}},
    {"train",
     {"base", "tensor", "autograd", "ops", "nn", "output", "models", "data", "optim", "io", "log",
      "comm"}},
    {"report", {"base", "log"}},
    {"run",
     {"base", "log", "tensor", "backend", "autograd", "ops", "nn", "output", "models", "data", "io",
      "optim", "train", "generate"}},
    {"generate",
     {"base", "tensor", "backend", "autograd", "ops", "nn", "output", "models", "baselines"}},
};

TEST(Architecture, EveryIncludePointsDown) {
  const fs::path library = fs::path(WAVENET_SOURCE) / "wavenet";
  const std::regex include("^#include \"wavenet/([a-z]+)/(.*)\"");
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(library)) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") {
      continue;
    }
    const std::string room = fs::relative(entry.path(), library).begin()->string();
    if (room == "wavenet.h" || room == "version.h") {
      continue;
    }
    ASSERT_TRUE(kMayInclude.contains(room)) << "room " << room << " is not in the table";
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (std::regex_search(line, match, include)) {
        ++seen;
        EXPECT_TRUE(match[1] == room || kMayInclude.at(room).contains(match[1]))
            << entry.path() << " includes " << match[0];
        if (room != "backend" && match[1] == "backend") {
          EXPECT_EQ(match[2], "backend.h") << entry.path();
        }
      }
    }
  }
  EXPECT_GT(seen, 50);
}

// A file that outgrows its one idea is split.
TEST(Architecture, NoFileIsLong) {
  constexpr int kMost = 450;  // lines
  for (const char* folder : {"wavenet", "cli", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(WAVENET_SOURCE) / folder)) {
      if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp") {
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
