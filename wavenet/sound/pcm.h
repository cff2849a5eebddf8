// Samples as bytes: what a WAV file consists of, for those who write one.
//
//   std::string bytes = wav_header_of(count, 16000, Sample::int16);
//   append_samples(bytes, samples, Sample::int16, clamped);
//   bytes += wav_padding(count, Sample::int16);
//
// Left out: files (write.h), whole ones in memory (wav_bytes.h), and reading.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wavenet/sound/wav_bytes.h"

namespace wavenet::sound {

// Each throws Error where no file can be so; `name` begins the message.
void check_wav_rate(std::string_view name, std::int64_t rate);
void check_wav_length(std::string_view name, std::int64_t samples, Sample sample);
// `first`: the number of the first of these samples within the sound.
void check_writable(std::string_view name, std::span<const float> samples, std::int64_t first);

// The format's chunk has the size that its kind asks for, and floats have a count of samples besides.
std::string wav_header_of(std::int64_t samples, std::int64_t rate, Sample sample);
// Little endian. Adds to `clamped` how many lay beyond what their kind holds.
void append_samples(std::string& bytes, std::span<const float> samples, Sample sample,
                    std::int64_t& clamped);
// A chunk of odd length is filled up by a byte.
std::string_view wav_padding(std::int64_t samples, Sample sample);

}  // namespace wavenet::sound
