// Legacy encodings, those from before UTF-8, told by their bytes.
//
//   legacy_encoding("\xED\xE0\xF2\xE0\xF8\xE0\n...") == "WINDOWS-1251", as iconv names it
//
// An encoding is given only where the C library decodes all of the bytes by it and what comes out
// looks like what it is used for: Chinese, Japanese and Korean by the rows of their tables that
// hold the usual characters, Cyrillic by the letters that Russian uses most, western European by
// letters that stand alone among ASCII. Left out: what is rarer, such as Greek, Hebrew and Thai.
#pragma once

#include <string>
#include <string_view>

namespace wavenet::data {

// How many bytes are enough to tell by; a caller gives whole lines.
inline constexpr std::size_t kEnoughBytes = std::size_t{1} << 16;

// Empty where none fits.
std::string legacy_encoding(std::string_view bytes);

}  // namespace wavenet::data
