// A regular file that is read at any place, and that must not change meanwhile.
//
//   const Source source("a.wav");
//   std::string beginning = source.bytes(0, 12);
//   source.check_unchanged();                       // when all was read
//
// Pipes and devices are refused, folders and empty files too. Left out: what the bytes mean.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "wavenet/base/descriptor.h"

namespace wavenet::sound {

class Source {
 public:
  // Throws Error where there is no such file, or none that can be read.
  explicit Source(const std::filesystem::path& path);
  const std::string& name() const { return name_; }
  std::int64_t size() const { return static_cast<std::int64_t>(status_.st_size); }
  // How many bytes were read, less than `count` at the end only.
  std::int64_t read(std::int64_t offset, void* to, std::int64_t count) const;
  std::string bytes(std::int64_t offset, std::int64_t count) const;
  // Throws Error unless the file still has the size, the time and the place that it had.
  void check_unchanged() const;

 private:
  std::string name_;
  Descriptor file_;
  struct stat status_ {};
};

}  // namespace wavenet::sound
