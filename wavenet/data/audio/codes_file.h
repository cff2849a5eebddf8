// CodesFile: the codes of many takes in one file that is mapped into memory, one byte a sample, with what
// is to be known of them; so that sound is decoded once, and may be larger than memory.
//
//   CodesFile::Writer writer(path);
//   writer.add(codes);                      // as often as there are some
//   writer.finish("{...}");                 // from now on the file stands there, whole
//   const CodesFile file(path);
//   file.codes(); file.about();
//
// The file: the codes, the text, its length as 8 bytes (the lowest first), "wavenet1". It is a cache: it
// may be deleted at any time, also while it is used. Left out: what the text says (takes.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "wavenet/base/atomic_file.h"

namespace wavenet::data {

class CodesFile {
 public:
  class Writer;

  // Throws Error for a file that is no such one.
  explicit CodesFile(const std::filesystem::path& path);
  CodesFile(const CodesFile&) = delete;
  CodesFile& operator=(const CodesFile&) = delete;
  ~CodesFile();
  std::span<const std::uint8_t> codes() const { return {bytes_, codes_}; }
  std::string_view about() const { return about_; }
  // The pages that were read need not stay in memory; they come again where they are asked for.
  void forget() const;

 private:
  std::uint8_t* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t codes_ = 0;
  std::string about_;
};

class CodesFile::Writer {
 public:
  // Makes the folder, and a temporary file in it. Throws Error where that cannot be.
  explicit Writer(const std::filesystem::path& path);
  // Throws Error when the disk is full.
  void add(std::span<const std::uint8_t> codes);
  void finish(std::string_view about);

 private:
  AtomicFile file_;  // without finish() nothing is left
};

}  // namespace wavenet::data
