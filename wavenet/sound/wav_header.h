// What the header of a WAV file claims, where libsndfile does not tell: lengths that do not fit the file,
// the samples behind a compressed block's padding, and 24 bits in 4 bytes.
//
//   if (const std::optional<WavHeader> header = wav_header(source)) { ... header->data_size ... }
//
// Only RIFF is read here, little endian; RF64 and RIFX are libsndfile's. Left out: the sound itself.
#pragma once

#include <cstdint>
#include <optional>

#include "wavenet/sound/source.h"

namespace wavenet::sound {

struct WavHeader {
  // 1: integers, 3: floats, 6: A-law, 7: mu-law; of the extended form the inner one.
  std::int64_t tag = 0;
  std::int64_t channels = 0;
  std::int64_t rate = 0;
  std::int64_t frame_bytes = 0;  // of a frame, or of a compressed block
  std::int64_t bits = 0;
  std::int64_t block_frames = 0;     // of a compressed block; 0 where there is none
  std::optional<std::int64_t> fact;  // frames, as the chunk of that name has it
  std::int64_t data_at = 0;          // where the sound begins; 0: nowhere
  std::int64_t data_size = 0;        // bytes, as the header claims
  std::int64_t end = 0;              // where the last chunk ends that makes sense
  std::int64_t file_size = 0;

  std::int64_t bytes_behind() const { return file_size - data_at; }
  // A header that was written before the length was known: 0 bytes, though what follows is no chunk.
  bool says_nothing() const { return data_at > 0 && data_size == 0 && end < file_size; }
  // As those write who write to a pipe: a size near 2 or 4 GiB.
  bool says_forever() const { return data_size >= 0x7FFF0000 && data_size > bytes_behind(); }
  bool length_is_known() const { return !says_nothing() && !says_forever(); }
  // As ALSA's S24_LE: the sample is the lower three of four bytes.
  bool has_24_bits_in_4_bytes() const {
    return tag == 1 && bits == 24 && channels > 0 && frame_bytes == 4 * channels;
  }
  // Frames that it claims: none where the length is not known, or follows from no number here, as of a
  // compressed file without a fact.
  std::optional<std::int64_t> frames() const;
};

std::optional<WavHeader> wav_header(const Source& source);

}  // namespace wavenet::sound
