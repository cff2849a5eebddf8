// Files: reading a whole file with a cap, and writing one so that nobody ever sees half of it.
//
//   std::string text = read_file("names.txt", 1 << 30);
//   require_writable_directory("runs/a");                     // before hours of training
//   write_file_atomically("runs/a/model.safetensors", bytes);
//
// Every Error names the file and the reason. Left out: appending, and mapping files into memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <span>
#include <string>
#include <string_view>

namespace wavenet {

// The whole file (or pipe). More than `max_bytes` is an error that names both sizes.
std::string read_file(const std::filesystem::path& path, std::int64_t max_bytes);

// The rest of a stream; `name` stands for it in messages.
std::string read_stream(std::istream& stream, std::int64_t max_bytes, std::string_view name);

// What kind of file stands at `path`, not_found being one. Throws Error where the system does not
// say, as in a folder that may not be searched.
//   if (std::filesystem::is_directory(status_of(path))) { ... }
std::filesystem::file_status status_of(const std::filesystem::path& path);

// For readers that need only parts of a large file. `size` is set to the file's; pipes are refused.
std::ifstream open_regular_file(const std::filesystem::path& path, std::int64_t& size);

// Writes a temporary file beside `path`, syncs it and renames it: whoever opens `path`, even after
// a crash, finds the old content or the new, whole. When writing fails the temporary file goes and
// the old file stays. A symbolic link stays too: what it leads to is written.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::string_view> chunks);

// For files that a user names: throws Error where one stands at `path` that is not empty and that
// `is_own`, shown its first 64 KiB, does not take for one of this program's. `kind` is what the
// message says it is not: "page of this program".
void require_own_file(const std::filesystem::path& path, std::string_view kind,
                      bool (*is_own)(std::string_view beginning));

// Makes the directory and its parents, and proves that a file can be written in it.
void require_writable_directory(const std::filesystem::path& path);

}  // namespace wavenet
