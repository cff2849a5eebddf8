// The memory that this machine has.
//
//   check(bytes <= memory_of_machine(), "{} bytes are more than the {} here", bytes,
//         memory_of_machine());
//
// Left out: limits that are set for one process, and what is free at the moment.
#pragma once

#include <unistd.h>

#include <cstdint>

namespace wavenet {

// In bytes.
inline std::int64_t memory_of_machine() {
  return std::int64_t{sysconf(_SC_PHYS_PAGES)} * std::int64_t{sysconf(_SC_PAGESIZE)};
}

}  // namespace wavenet
