#include "wavenet/data/audio/codes_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "wavenet/base/check.h"

namespace wavenet::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "wavenet1";
constexpr std::size_t kTail = 8 + kMagic.size();
constexpr std::size_t kMostAbout = std::size_t{1} << 30;

std::array<std::uint8_t, 8> bytes_of(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(number);
    number >>= 8U;
  }
  return bytes;
}

std::uint64_t number_at(const std::uint8_t* bytes) {
  std::uint64_t number = 0;
  for (int i = 7; i >= 0; --i) {
    number = number << 8U | bytes[i];
  }
  return number;
}

Descriptor temporary_beside(std::string& path) {
  path += ".XXXXXX";
  Descriptor file(::mkostemp(path.data(), O_CLOEXEC));
  check(file.number() >= 0, "{}: cannot be written: {}", path, std::strerror(errno));
  return file;
}

}  // namespace

CodesFile::CodesFile(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  check(file.number() >= 0 && ::fstat(file.number(), &status) == 0, "{}: cannot be read: {}",
        path.string(), std::strerror(errno));
  const auto size = static_cast<std::size_t>(status.st_size);
  check(S_ISREG(status.st_mode) && size >= kTail, "{}: is no file of codes", path.string());
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.number(), 0);
  check(mapped != MAP_FAILED, "{}: cannot be mapped: {}", path.string(), std::strerror(errno));
  bytes_ = static_cast<std::uint8_t*>(mapped);
  size_ = size;
  const std::uint8_t* tail = bytes_ + size - kTail;
  const std::uint64_t about = number_at(tail);
  const bool is_whole = std::memcmp(tail + 8, kMagic.data(), kMagic.size()) == 0 &&
                        about <= kMostAbout && about <= size - kTail;
  if (!is_whole) {
    ::munmap(bytes_, size_);
    fail("{}: is no file of codes", path.string());
  }
  codes_ = size - kTail - about;
  about_.assign(reinterpret_cast<const char*>(bytes_ + codes_), about);
}

CodesFile::~CodesFile() { ::munmap(bytes_, size_); }

CodesFile::Writer::Writer(const fs::path& path)
    : path_(path), temporary_(path.string()), file_(-1) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  check(!error, "{}: cannot be made: {}", path.parent_path().string(), error.message());
  file_ = temporary_beside(temporary_);
}

CodesFile::Writer::~Writer() {
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

void CodesFile::Writer::write(const void* data, std::size_t size) {
  const auto* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::write(file_.number(), from, size);
    check(written > 0 || errno == EINTR, "{}: cannot be written: {}", temporary_,
          std::strerror(errno));
    from += std::max<ssize_t>(written, 0);
    size -= static_cast<std::size_t>(std::max<ssize_t>(written, 0));
  }
}

void CodesFile::Writer::add(std::span<const std::uint8_t> codes) {
  write(codes.data(), codes.size());
}

void CodesFile::Writer::finish(std::string_view about) {
  write(about.data(), about.size());
  const std::array<std::uint8_t, 8> length = bytes_of(about.size());
  write(length.data(), length.size());
  write(kMagic.data(), kMagic.size());
  check(file_.close() && std::rename(temporary_.c_str(), path_.c_str()) == 0,
        "{}: cannot be written: {}", path_.string(), std::strerror(errno));
  temporary_.clear();
}

}  // namespace wavenet::data
