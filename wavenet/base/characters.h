// Characters: what a code point is, told from its number: letter or digit, of which script, and
// which plain character it is easily taken for.
//
//   kind_of(U'е') == CharacterKind::letter; script_of(U'е') == "Cyrillic"
//   look_alike(U'е') == 'e'
//   described(U'е')   // "U+0435 'е', Cyrillic letter, looks like Latin 'e'"
//
// By blocks, not by the whole Unicode database: unassigned numbers in a block count as its letters.
// Left out: letter case, normal forms, official names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wavenet {

enum class CharacterKind : std::uint8_t {
  letter,
  mark,  // an accent that joins the character before it
  digit,
  space,          // the plain one
  unusual_space,  // no-break space and other widths
  invisible,      // zero width, direction marks, byte order mark
  control,
  replacement,  // U+FFFD, which programs write where they failed to decode
  other,        // punctuation, symbols
};
CharacterKind kind_of(char32_t character);

// "Latin", "Greek", ...; empty for what belongs to no script. Han and kana are written together and
// count as one.
std::string_view script_of(char32_t character);

// An accent, or a sign of a script that writes vowels so: shown by itself it would join what stands
// before it.
bool joins_the_one_before(char32_t character);

// The ASCII character that looks the same; 0 for most.
char look_alike(char32_t character);

// Code point, the character where it can be seen, and a few words about it.
std::string described(char32_t character);

}  // namespace wavenet
