// Base64: bytes as text (RFC 4648, section 4), as JSON and data: addresses hold them.
//
//   const std::string text = to_base64("foob");    // "Zm9vYg=="
//   const std::string bytes = from_base64(text, "sounds.jsonl: line 3");
//
// Strict: line ends, letters of other alphabets, missing padding and bits behind the end are refused,
// so every sequence of bytes has one spelling. Left out: the alphabet for addresses of pages.
#pragma once

#include <string>
#include <string_view>

namespace wavenet {

std::string to_base64(std::string_view bytes);
// Throws Error (damaged), which begins with `place`.
std::string from_base64(std::string_view text, const std::string& place);

}  // namespace wavenet
