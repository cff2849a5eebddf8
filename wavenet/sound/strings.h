#pragma once
#include <cstdint>
#include <string>
#include <vector>
namespace wavenet::sound {
struct Clip {
  std::string name;
  std::vector<float> samples;
};
inline constexpr std::int64_t kNotesRate = 8000;
inline std::vector<Clip> notes() { return {}; }
}  // namespace wavenet::sound
