#include "wavenet/data/audio/codes_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "wavenet/base/check.h"
#include "wavenet/base/descriptor.h"

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

// The path, in a folder that is there.
const fs::path& in_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  check_as(ErrorKind::io, !error, "{}: cannot be made: {}", path.parent_path().string(),
           error.message());
  return path;
}

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

CodesFile::CodesFile(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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

void CodesFile::forget() const { ::madvise(bytes_, size_, MADV_DONTNEED); }

CodesFile::~CodesFile() { ::munmap(bytes_, size_); }

CodesFile::Writer::Writer(const fs::path& path) : file_(in_folder(path)) {}

void CodesFile::Writer::add(std::span<const std::uint8_t> codes) { file_.write(text_of(codes)); }

void CodesFile::Writer::finish(std::string_view about) {
  file_.write(about);
  file_.write(text_of(bytes_of(about.size())));
  file_.write(kMagic);
  file_.take_place();
}

}  // namespace wavenet::data
