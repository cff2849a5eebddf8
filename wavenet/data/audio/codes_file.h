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

#include "wavenet/base/descriptor.h"

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
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();  // what was not finished goes
  // Throws Error when the disk is full.
  void add(std::span<const std::uint8_t> codes);
  void finish(std::string_view about);

 private:
  void write(const void* data, std::size_t size);

  std::filesystem::path path_;
  std::string temporary_;  // empty: there is none any more
  Descriptor file_;
};

}  // namespace wavenet::data
