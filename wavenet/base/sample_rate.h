// The rates that sound may have, wherever it is read, written, resampled, coded or logged.
#pragma once

#include <cstdint>

namespace wavenet {

inline constexpr std::int64_t kMaxSampleRate = 1 << 20;  // samples a second

}  // namespace wavenet
