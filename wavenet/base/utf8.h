// UTF-8, strictly: text is decoded to code points, or an Error says where and why it is not UTF-8.
//
//   std::u32string characters = decode_utf8("zoë");   // 3 characters
//   std::string text = encode_utf8(characters);       // 4 bytes
//   fail("no token for {}", printable(U'\a'));        // no token for U+0007
//
// Left out: normal forms, letter case, and which code points make one visible character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wavenet {

// What some programs write at the beginning of a file in UTF-8; it is no part of the text.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Throws Error "not UTF-8 at byte offset 3: ..." naming the rule: overlong, surrogate, beyond
// U+10FFFF, truncated, or a byte that starts no character.
std::u32string decode_utf8(std::string_view text);

// Whatever is UTF-8 in `text`. Of what is not, `problem` is set to what decode_utf8 says of the
// first place; it is left alone when there is none.
std::u32string decode_utf8_parts(std::string_view text, std::string& problem);
// Into `characters`, which keeps its memory: for text of many lines.
void decode_utf8_parts(std::string_view text, std::u32string& characters, std::string& problem);

// Throws Error for surrogates and for numbers beyond U+10FFFF.
std::string encode_utf8(std::u32string_view text);
std::string encode_utf8(char32_t character);

// True for control characters (C0, DEL, C1).
bool is_control(char32_t character);

// For messages: 'é', or U+0007 for what cannot be seen, and for an accent that would join the quote
// before it.
std::string printable(char32_t character);

// For messages: at most `limit` characters on one line, then "..."; whatever cannot be seen or is
// not UTF-8 becomes "?".
std::string excerpt(std::string_view text, std::size_t limit = 40);

}  // namespace wavenet
