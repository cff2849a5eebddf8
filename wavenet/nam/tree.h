// The JSON of a .nam file as a tree that no file can make deep or large. Only the readers use it.
//
//   const nlohmann::ordered_json tree = tree_of(text, "plexi.nam");
//
// Stricter than JSON: the outermost value is an object, no key stands twice in one, and beyond bounds on
// depth, keys of an object and values of the file it goes no further. Memory stays below 64 bytes a
// value and what the texts take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace wavenet::nam {

inline constexpr std::int64_t kMaxBytes = std::int64_t{1} << 26;
inline constexpr std::size_t kMaxDepth = 64;          // lists and objects inside one another
inline constexpr std::size_t kMaxKeys = 256;          // of one object
inline constexpr std::size_t kMaxValues = 4'000'000;  // in the file

// Throws Error (damaged) that names `file` and the place.
nlohmann::ordered_json tree_of(std::string_view text, const std::string& file);

}  // namespace wavenet::nam
