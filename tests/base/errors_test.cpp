// What kind of error a failure is: programs act by the kind, people read the text.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <limits>

#include "tests/folder.h"
#include "wavenet/base/files.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
namespace fs = std::filesystem;

using ErrorKinds = InFolder;

void expect_kind(ErrorKind kind, const std::string& part, const std::function<void()>& work) {
  try {
    work();
    ADD_FAILURE() << "nothing thrown: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.kind()), static_cast<int>(kind)) << error.what();
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST_F(ErrorKinds, OfFiles) {
  const fs::path cut = folder_ / "cut.safetensors";
  write_file_atomically(cut, "123456789");
  expect_kind(ErrorKind::missing, "no such file", [&] { read_file(folder_ / "none", 10); });
  expect_kind(ErrorKind::io, "is a directory", [&] { read_file(folder_ / "", 10); });
  expect_kind(ErrorKind::damaged, "at most 5 are read", [&] { read_file(cut, 5); });
  expect_kind(ErrorKind::damaged, "cut.safetensors", [&] { train::read_checkpoint(cut); });
  expect_kind(ErrorKind::missing, "none", [&] { train::read_checkpoint(folder_ / "none"); });
  expect_kind(ErrorKind::io, "cut.safetensors", [&] { require_writable_directory(cut / "x"); });
  expect_kind(ErrorKind::damaged, "line 1", [&] { data::parse_words("\x01", "words"); });
  expect_kind(ErrorKind::damaged, "recipe", [&] { Config::parse("{", "recipe"); });
  expect_kind(ErrorKind::missing, "none.json", [&] { models::load_recipe("none.json"); });
  expect_kind(ErrorKind::usage, "unknown recipe", [&] { models::load_recipe("tree-77k"); });
}

// A folder that may not be searched made std::filesystem throw errors of its own.
TEST_F(ErrorKinds, OfAFolderThatIsClosed) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may search every folder";
  }
  const fs::path closed = folder_ / "closed";
  fs::create_directory(closed);
  ::chmod(closed.c_str(), 0);
  expect_kind(ErrorKind::io, "permission denied",
              [&] { train::read_checkpoint(closed / "model"); });
  expect_kind(ErrorKind::io, "permission denied", [&] { models::load_recipe(closed / "a.json"); });
  expect_kind(ErrorKind::io, "permission denied", [&] { logs::JsonLog(closed / "m.jsonl", 5); });
  ::chmod(closed.c_str(), 0700);
}

// So did a name that is longer than any may be, for root too.
TEST_F(ErrorKinds, OfANameThatNoFileCanHave) {
  const std::string name(5000, 'x');
  expect_kind(ErrorKind::io, "File name too long", [&] { train::read_checkpoint(name); });
  expect_kind(ErrorKind::io, "File name too long", [&] { models::load_recipe(name); });
  expect_kind(ErrorKind::io, "File name too long", [&] { logs::JsonLog(name, 5); });
  expect_kind(ErrorKind::io, "File name too long", [&] { require_writable_directory(name); });
}

TEST_F(ErrorKinds, OfTensors) {
  expect_kind(ErrorKind::shape, "matmul", [] { matmul(ones({2, 3}), ones({2, 3})); });
  expect_kind(ErrorKind::shape, "number of no element type",
              [] { Tensor::empty({1}, static_cast<DType>(200)); });
  expect_kind(ErrorKind::memory, "out of memory", [] {
    Tensor::empty({1, std::int64_t{1} << 55});
  });
  expect_kind(ErrorKind::memory, "more elements than", [] {
    const std::int64_t many = std::int64_t{1} << 40;
    Tensor::empty({many, many});
  });
}

void with_errors(const std::function<void()>& work) try { work(); } catch (...) {
  rethrow_as_error("work");
}

TEST_F(ErrorKinds, OfWhatTheStandardLibraryThrows) {
  expect_kind(ErrorKind::memory, "work: out of memory",
              [] { with_errors([] { throw std::bad_alloc(); }); });
  expect_kind(ErrorKind::memory, "work: out of memory", [] {
    with_errors([] { std::string(std::numeric_limits<std::size_t>::max(), 'x'); });
  });
  expect_kind(ErrorKind::io,
              "work: ", [] { with_errors([] { fs::remove(std::string(5000, 'x')); }); });
  EXPECT_THROW(with_errors([] { throw std::logic_error("a fault"); }), std::logic_error);
}

}  // namespace
