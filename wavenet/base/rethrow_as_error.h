// rethrow_as_error: what the standard library throws for want of memory, or of a file, as an Error.
//
//   Model read(const std::string& path) try {
//     ...
//   } catch (...) {
//     rethrow_as_error(path);   // "names.txt: out of memory", kind memory
//   }
//
// For the calls by which users enter the library, where input decides how much memory is asked for.
// Left out: failures of one's own code (std::logic_error), which are faults and stay what they are.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace wavenet {

// Throws what is being handled again: std::bad_alloc, std::length_error (of a container beyond its
// largest size) and filesystem_error as an Error whose text begins with `doing`, all else as it is.
[[noreturn]] void rethrow_as_error(std::string_view doing);

// In one line: "out of memory", the file of a filesystem_error, else what the exception says.
std::string message_of(const std::exception& error);

}  // namespace wavenet
