// Files that hold more than the sound that is decoded, or less: several put together, bytes behind the sound, or
// one that was cut short.
//
//   if (const std::optional<std::int64_t> at = behind_sound(source, Container::ogg, used)) { ... }
//
// Tags and a few zeros, as recorders leave them, are nothing. Left out: reading what stands behind, since files
// put together are better decoded each for itself; what stands behind CAF, W64 and rarer kinds, and less than a block
// behind the last frame of FLAC.
#pragma once

#include <cstdint>
#include <optional>

#include "wavenet/sound/source.h"

namespace wavenet::sound {

enum class Container : std::uint8_t { wav, aiff, au, flac, ogg, mpeg, other };

// Where something else begins behind the sound. `used`: the byte that the decoder had come to.
std::optional<std::int64_t> behind_sound(const Source& source, Container container,
                                         std::int64_t used);

// Whether the last page of an Ogg file is whole and says that it is the last.
bool ogg_ends(const Source& source);

}  // namespace wavenet::sound
