#pragma once
#include <span>
#include <vector>
#include <cstdint>
#include "wavenet/log/records.h"
namespace wavenet::baselines { inline Marks sound_marks(const std::vector<std::span<const std::uint8_t>>&, const std::vector<std::span<const std::uint8_t>>&) { return {.uniform = 5.545}; } }
