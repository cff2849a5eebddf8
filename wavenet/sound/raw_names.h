// Sound without a header, which only its name tells about: Asterisk's prompts.
//
//   raw_form("hello.sln16");   // 16,000 samples a second, 16 bits, little endian, one channel
//   raw_form("hello.gsm");     // 8,000, GSM 6.10
//   raw_form("hello.wav");     // none
//
// Left out: what a raw file of another name may hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "wavenet/sound/source.h"

namespace wavenet::sound {

struct RawForm {
  std::int64_t rate = 0;
  bool gsm = false;  // otherwise 16 bits, little endian
};

std::optional<RawForm> raw_form(const std::filesystem::path& path);

// Each frame of GSM 6.10 is 33 bytes that begin with the bits of 0xD (RFC 3551, section 4.5.8).
bool is_gsm(const Source& source);

// The extension without its dot, in lower case.
std::string extension_of(const std::filesystem::path& path);

}  // namespace wavenet::sound
