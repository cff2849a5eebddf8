#include "wavenet/base/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <sstream>
#include <thread>

#include "tests/folder.h"
#include "wavenet/base/atomic_file.h"
#include "wavenet/base/check.h"

namespace wavenet {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ =
        fs::temp_directory_path() / fmt::format("wavenet-files-{}-{}", test->name(), ::getpid());
    fs::create_directories(directory_);
  }
  ~Files() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  void put(const std::string& name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  fs::path directory_;
};

TEST_F(Files, ReadsAWholeFile) {
  const std::string content = std::string(200'000, 'x') + std::string("\0\r\n", 3);
  put("a", content);
  EXPECT_EQ(read_file(path("a"), 1 << 20), content);
  put("empty", "");
  EXPECT_EQ(read_file(path("empty"), 0), "");
}

TEST_F(Files, TemporaryOnesAreKnownByTheirNames) {
  std::string made;
  ::close(create_beside(path("a.txt"), made));
  EXPECT_TRUE(is_temporary(fs::path(made).filename().string())) << made;
  for (const char* other : {"a.txt", "a.tmp", "a.tmp-", "a.tmp-1", "a.tmp-1-", "a.tmp-1-b", ""}) {
    EXPECT_FALSE(is_temporary(other)) << other;
  }
}

TEST_F(Files, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(problem_of([&] { read_file(path("none.txt"), 9); }), path("none.txt: no such file"));
  EXPECT_EQ(problem_of([&] { read_file(directory_, 9); }),
            directory_.string() + ": is a directory, a file was expected");
}

TEST_F(Files, SaysWhenPermissionIsMissing) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "the superuser may read everything";
  }
  put("secret", "x");
  fs::permissions(path("secret"), fs::perms::none);
  EXPECT_EQ(problem_of([&] { read_file(path("secret"), 9); }), path("secret: permission denied"));
}

TEST_F(Files, HoldsTheCap) {
  put("a", "12345");
  EXPECT_EQ(read_file(path("a"), 5), "12345");
  EXPECT_EQ(problem_of([&] { read_file(path("a"), 4); }),
            path("a: 5 bytes, at most 4 are read here"));
}

TEST_F(Files, ReadsAPipeAndHoldsTheCapThere) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  for (std::int64_t cap : {100'000, 1000}) {
    std::thread writer([&] { put("pipe", std::string(2000, 'x')); });
    std::string content;
    const std::string problem = problem_of([&] { content = read_file(path("pipe"), cap); });
    writer.join();
    if (cap > 2000) {
      EXPECT_EQ(content, std::string(2000, 'x'));
    } else {
      EXPECT_EQ(problem, path("pipe: more than 1000 bytes, at most 1000 are read here"));
    }
  }
}

TEST_F(Files, ReadsAStreamAndHoldsTheCap) {
  std::istringstream stream(std::string(100'000, 'y'));
  EXPECT_EQ(read_stream(stream, 100'000, "stdin"), std::string(100'000, 'y'));
  std::istringstream long_stream("12345");
  EXPECT_EQ(problem_of([&] { read_stream(long_stream, 4, "stdin"); }),
            "stdin: more than 4 bytes, at most 4 are read here");
}

TEST_F(Files, OpensRegularFilesOnly) {
  put("a", "12345");
  std::int64_t size = 0;
  std::ifstream stream = open_regular_file(path("a"), size);
  EXPECT_EQ(size, 5);
  EXPECT_EQ(stream.get(), '1');
  EXPECT_THROW(open_regular_file("/dev/null", size), Error);
  EXPECT_THROW(open_regular_file(directory_, size), Error);
  EXPECT_THROW(open_regular_file(path("none"), size), Error);
}

TEST_F(Files, WritesAndReplacesAFileAndLeavesNothingElse) {
  write_file_atomically(path("a"), "old");
  const std::vector<std::string_view> chunks{"n", "", "ew"};
  write_file_atomically(path("a"), chunks);
  EXPECT_EQ(read_file(path("a"), 99), "new");
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, WritesBesideALeftoverOfAKilledProcess) {
  for (int i = 0; i < 100; ++i) {
    put(fmt::format("a.tmp-{}-{}", ::getpid(), i), "stale");
  }
  write_file_atomically(path("a"), "new");
  EXPECT_EQ(read_file(path("a"), 99), "new");
  EXPECT_EQ(count(), 101U);
}

TEST_F(Files, WritesARelativePathWithoutADirectory) {
  const fs::path before = fs::current_path();
  fs::current_path(directory_);
  write_file_atomically("bare", "x");
  fs::current_path(before);
  EXPECT_EQ(read_file(path("bare"), 9), "x");
}

TEST_F(Files, WritesWhatALinkLeadsTo) {
  fs::create_directory(path("far"));
  write_file_atomically(path("far/a"), "old");
  fs::create_symlink("far/a", path("link"));
  fs::create_symlink(path("link"), path("chain"));
  write_file_atomically(path("chain"), "new");
  EXPECT_TRUE(fs::is_symlink(path("chain")) && fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("far/a"), 99), "new");
  fs::create_symlink("far/b", path("dangling"));
  write_file_atomically(path("dangling"), "made");
  EXPECT_TRUE(fs::is_symlink(path("dangling")));
  EXPECT_EQ(read_file(path("far/b"), 99), "made");
  fs::create_symlink("round", path("round"));
  EXPECT_NE(problem_of([&] { write_file_atomically(path("round"), "x"); }), "none");
}

TEST_F(Files, KeepsTheOldFileWhenWritingFails) {
  write_file_atomically(path("a"), "old");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 1000;  // stands in for a full disk
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string problem =
      problem_of([&] { write_file_atomically(path("a"), std::string(5000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(problem, path("a: cannot be written: File too large"));
  EXPECT_EQ(read_file(path("a"), 99), "old");
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, SaysWhyAFileCannotBeWritten) {
  EXPECT_EQ(problem_of([&] { write_file_atomically(path("none/a"), "x"); }),
            path("none/a: cannot be written: no such directory"));
  EXPECT_EQ(problem_of([&] { write_file_atomically(directory_, "x"); }),
            directory_.string() + ": is a directory, a file was expected");
  EXPECT_EQ(problem_of([&] { write_file_atomically("/dev/null", "x"); }),
            "/dev/null: cannot be written: is no regular file");
  put("file", "x");
  EXPECT_EQ(problem_of([&] { write_file_atomically(path("file/a"), "x"); }),
            path("file/a: cannot be written: Not a directory"));
  EXPECT_EQ(count(), 1U);
}

// Another may take the file's place at any time, as a run's checkpoints do.
TEST_F(Files, OpensAFileWithItsOwnSize) {
  write_file_atomically(path("a"), "1");
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (std::size_t size = 1; !stop; size = size % 100 + 1) {
      write_file_atomically(path("a"), std::string(size, 'x'));
    }
  });
  for (int i = 0; i < 2000; ++i) {
    std::int64_t size = 0;
    std::ifstream file = open_regular_file(path("a"), size);
    const std::string content = read_stream(file, 1000, "a");
    EXPECT_EQ(std::ssize(content), size);
  }
  stop = true;
  writer.join();
}

TEST_F(Files, MakesADirectoryWithItsParents) {
  require_writable_directory(path("a/b/c"));
  EXPECT_TRUE(fs::is_directory(path("a/b/c")));
  EXPECT_TRUE(fs::is_empty(path("a/b/c")));
  require_writable_directory(path("a/b/c"));
  require_writable_directory(path("trailing/"));
  EXPECT_TRUE(fs::is_empty(path("trailing")));
}

TEST_F(Files, SaysWhyADirectoryCannotBeUsed) {
  put("file", "x");
  EXPECT_EQ(problem_of([&] { require_writable_directory(path("file")); }),
            path("file: is a file, a directory was expected"));
  EXPECT_EQ(problem_of([&] { require_writable_directory(path("file/inside")); }),
            path("file/inside: the directory cannot be made: Not a directory"));
  EXPECT_THROW(require_writable_directory("/proc/1/nothing"), Error);
}

TEST_F(Files, SaysWhenADirectoryIsReadOnly) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "the superuser may write everywhere";
  }
  fs::permissions(directory_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(problem_of([&] { require_writable_directory(directory_); }),
            directory_.string() + ": no file can be written in it: permission denied");
  EXPECT_EQ(problem_of([&] { write_file_atomically(path("a"), "x"); }),
            path("a: cannot be written: permission denied"));
  fs::permissions(directory_, fs::perms::owner_all);
}

}  // namespace
}  // namespace wavenet
