// AtomicFile: a file that is written piece by piece and that nobody sees before it is whole.
//
//   AtomicFile file("runs/a/samples.wav");
//   file.write(bytes);                       // to a temporary file beside it
//   file.write_at(0, header);                // over what was written before
//   file.take_place();                       // synced and renamed: now it is there
//
// Without take_place the temporary file goes and what stood at the path stays. A symbolic link stays too:
// what it leads to is written. Every Error names the file. Left out: reading.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "wavenet/base/descriptor.h"

namespace wavenet {

class AtomicFile {
 public:
  // Throws Error where no file can be made beside `path`, or something else than a file stands there.
  explicit AtomicFile(const std::filesystem::path& path);
  AtomicFile(AtomicFile&&) = delete;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes);
  void write_at(std::int64_t offset, std::string_view bytes);
  void take_place();

 private:
  void require(bool done) const;

  std::string target_;
  std::string path_;
  Descriptor file_;
};

// Makes a new file beside `target`, sets `path` to its name and returns its descriptor, below 0 where
// none can be made; errno says why, and write_reason(errno) in words.
int create_beside(const std::string& target, std::string& path);
std::string write_reason(int error);
// Whether files are named so until they take their place.
bool is_temporary(std::string_view name);

}  // namespace wavenet
