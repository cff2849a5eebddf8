// Files that hold more than the sound that is decoded: several put together, or one that was cut short.
//
//   if (const std::optional<std::int64_t> at = second_part(source, Container::ogg, used)) { ... }
//
// Left out: reading what comes second. Files put together are better decoded each for itself.
#pragma once

#include <cstdint>
#include <optional>

#include "wavenet/sound/source.h"

namespace wavenet::sound {

enum class Container : std::uint8_t { wav, flac, ogg, mpeg, other };

// Where another sound begins, behind the first one. `used`: the byte that the decoder had come to.
std::optional<std::int64_t> second_part(const Source& source, Container container,
                                        std::int64_t used);

// Whether the last page of an Ogg file is whole and says that it is the last.
bool ogg_ends(const Source& source);

}  // namespace wavenet::sound
