// The version of the library; CMake reads it from here.
#pragma once

namespace wavenet {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace wavenet
