// How long a player takes for a block, block after block, as an audio thread would see it.
//
//   const play::BlockTimes times = play::block_times(*player, 64, 2);
//   1e6 * times.median                    // microseconds of 64 samples
//
// Nothing else should run meanwhile. Left out: what comes between the sound card and the player.
#pragma once

#include <cstdint>

#include "wavenet/play/player.h"

namespace wavenet::play {

inline constexpr double kUsualRate = 48000;  // in Hz, of a model that does not say

struct BlockTimes {  // in seconds
  double median;
  double rare;  // what one block in 1000 takes longer than
  double worst;
  std::int64_t blocks;
};

// Plays noise in blocks of that many samples for about so many seconds, after warming up for a tenth of
// them. Throws Error (usage) unless both are above 0 and the seconds at most an hour.
BlockTimes block_times(Player& player, std::int64_t block, double seconds);

}  // namespace wavenet::play
