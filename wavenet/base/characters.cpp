#include "wavenet/base/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "wavenet/base/utf8.h"

namespace wavenet {
namespace {

struct Block {
  char32_t first;
  char32_t last;
  std::string_view script;
};

constexpr std::string_view kLatin = "Latin";
constexpr std::string_view kHan = "Han or kana";

// Sorted, apart from each other.
constexpr Block kBlocks[] = {
    {U'A', U'Z', kLatin},          {U'a', U'z', kLatin},         {0xAA, 0xAA, kLatin},
    {0xBA, 0xBA, kLatin},          {0xC0, 0xD6, kLatin},         {0xD8, 0xF6, kLatin},
    {0xF8, 0x2AF, kLatin},         {0x370, 0x373, "Greek"},      {0x376, 0x37D, "Greek"},
    {0x37F, 0x383, "Greek"},       {0x386, 0x386, "Greek"},      {0x388, 0x3FF, "Greek"},
    {0x400, 0x481, "Cyrillic"},    {0x48A, 0x52F, "Cyrillic"},   {0x531, 0x556, "Armenian"},
    {0x560, 0x588, "Armenian"},    {0x5D0, 0x5F2, "Hebrew"},     {0x620, 0x64A, "Arabic"},
    {0x66E, 0x6D3, "Arabic"},      {0x6FA, 0x6FF, "Arabic"},     {0x710, 0x72F, "Syriac"},
    {0x750, 0x77F, "Arabic"},      {0x780, 0x7A5, "Thaana"},     {0x8A0, 0x8C9, "Arabic"},
    {0x904, 0x963, "Devanagari"},  {0x971, 0x97F, "Devanagari"}, {0x980, 0x9E5, "Bengali"},
    {0xA05, 0xA65, "Gurmukhi"},    {0xA85, 0xAE5, "Gujarati"},   {0xB05, 0xB65, "Oriya"},
    {0xB83, 0xBE5, "Tamil"},       {0xC05, 0xC65, "Telugu"},     {0xC85, 0xCE5, "Kannada"},
    {0xD05, 0xD65, "Malayalam"},   {0xD85, 0xDE5, "Sinhala"},    {0xE01, 0xE4E, "Thai"},
    {0xE81, 0xECE, "Lao"},         {0xF40, 0xFBC, "Tibetan"},    {0x1000, 0x103F, "Myanmar"},
    {0x1050, 0x108F, "Myanmar"},   {0x10A0, 0x10FF, "Georgian"}, {0x1100, 0x11FF, "Hangul"},
    {0x1200, 0x135A, "Ethiopic"},  {0x13A0, 0x13FD, "Cherokee"}, {0x1780, 0x17D3, "Khmer"},
    {0x1820, 0x18AA, "Mongolian"}, {0x1C80, 0x1C88, "Cyrillic"}, {0x1C90, 0x1CBF, "Georgian"},
    {0x1E00, 0x1EFF, kLatin},      {0x1F00, 0x1FBC, "Greek"},    {0x1FC2, 0x1FFC, "Greek"},
    {0x2C60, 0x2C7F, kLatin},      {0x2D00, 0x2D2F, "Georgian"}, {0x2E80, 0x2FD5, kHan},
    {0x3005, 0x3007, kHan},        {0x3041, 0x3096, kHan},       {0x309D, 0x309F, kHan},
    {0x30A1, 0x30FA, kHan},        {0x30FC, 0x312F, kHan},       {0x3131, 0x318E, "Hangul"},
    {0x31F0, 0x31FF, kHan},        {0x3400, 0x4DBF, kHan},       {0x4E00, 0x9FFF, kHan},
    {0xA640, 0xA66E, "Cyrillic"},  {0xA680, 0xA69D, "Cyrillic"}, {0xA722, 0xA787, kLatin},
    {0xA78B, 0xA7FF, kLatin},      {0xA960, 0xA97C, "Hangul"},   {0xAB30, 0xAB64, kLatin},
    {0xAC00, 0xD7FB, "Hangul"},    {0xF900, 0xFAD9, kHan},       {0xFB00, 0xFB06, kLatin},
    {0xFB13, 0xFB17, "Armenian"},  {0xFB1D, 0xFB4F, "Hebrew"},   {0xFB50, 0xFDFB, "Arabic"},
    {0xFE70, 0xFEFC, "Arabic"},    {0xFF21, 0xFF3A, kLatin},     {0xFF41, 0xFF5A, kLatin},
    {0xFF66, 0xFF9D, kHan},        {0x20000, 0x323AF, kHan},
};

// The first range that does not end before `character`, or null when it starts after.
template <class Range, std::size_t kSize>
const Range* range_of(const Range (&ranges)[kSize], char32_t character) {
  const auto* found = std::lower_bound(std::begin(ranges), std::end(ranges), character,
                                       [](const Range& r, char32_t c) { return r.last < c; });
  return found != std::end(ranges) && found->first <= character ? found : nullptr;
}

bool is_ascii_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

struct Range {
  char32_t first;
  char32_t last;
};
constexpr Range kDigits[] = {{U'0', U'9'},   {0x660, 0x669}, {0x6F0, 0x6F9},  {0x966, 0x96F},
                             {0x9E6, 0x9EF}, {0xE50, 0xE59}, {0xFF10, 0xFF19}};
constexpr Range kMarks[] = {{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x64B, 0x65F},
                            {0x6D6, 0x6DC},   {0x900, 0x903},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                            {0x20D0, 0x20F0}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
// Within kBlocks: Unicode's marks (its general categories Mn, Mc and Me), with the unassigned numbers
// between them.
constexpr Range kVowelSigns[] = {
    {0x670, 0x670},   {0x711, 0x711},   {0x93A, 0x93C},   {0x93E, 0x94F},   {0x951, 0x957},
    {0x962, 0x963},   {0x981, 0x983},   {0x9BC, 0x9BC},   {0x9BE, 0x9CD},   {0x9D7, 0x9D7},
    {0x9E2, 0x9E3},   {0xA3C, 0xA51},   {0xABC, 0xABC},   {0xABE, 0xACD},   {0xAE2, 0xAE3},
    {0xB3C, 0xB3C},   {0xB3E, 0xB57},   {0xB62, 0xB63},   {0xBBE, 0xBCD},   {0xBD7, 0xBD7},
    {0xC3C, 0xC3C},   {0xC3E, 0xC56},   {0xC62, 0xC63},   {0xCBC, 0xCBC},   {0xCBE, 0xCD6},
    {0xCE2, 0xCE3},   {0xD3B, 0xD3C},   {0xD3E, 0xD4D},   {0xD57, 0xD57},   {0xD62, 0xD63},
    {0xDCA, 0xDDF},   {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E},   {0xEB1, 0xEB1},
    {0xEB4, 0xEBC},   {0xEC8, 0xECD},   {0xF71, 0xF84},   {0xF86, 0xF87},   {0xF8D, 0xFBC},
    {0x102B, 0x103E}, {0x1056, 0x1059}, {0x105E, 0x1060}, {0x1062, 0x1064}, {0x1067, 0x106D},
    {0x1071, 0x1074}, {0x1082, 0x108D}, {0x108F, 0x108F}, {0x17B4, 0x17D3}, {0x1885, 0x1886},
    {0x18A9, 0x18A9}, {0xFB1E, 0xFB1E}};
constexpr Range kUnusualSpaces[] = {{0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
                                    {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
constexpr Range kInvisible[] = {{0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},
                                {0x115F, 0x1160}, {0x180E, 0x180E}, {0x200B, 0x200F},
                                {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
                                {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF}};

// Letters of other scripts, each followed by the ASCII letter that it looks like.
constexpr std::u32string_view kLookAlikes =
    U"аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS"
    U"οoαaνvρpιiκkυuγyΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXօoսuոnհhցg";

constexpr struct {
  char32_t character;
  std::string_view name;
} kNames[] = {
    {0x00, "NUL"},
    {U'\t', "tab"},
    {U'\r', "carriage return"},
    {0x1A, "end of file of old systems"},
    {0x1B, "escape, as in colours of a terminal"},
    {U' ', "space"},
    {0x7F, "delete"},
    {0x85, "next line"},
    {0xA0, "no-break space"},
    {0xAD, "soft hyphen"},
    {0x2010, "hyphen, looks like '-'"},
    {0x2011, "no-break hyphen, looks like '-'"},
    {0x2013, "en dash"},
    {0x2014, "em dash"},
    {0x2018, "left single quotation mark, looks like '"},
    {0x2019, "right single quotation mark, looks like '"},
    {0x200B, "zero-width space"},
    {0x200C, "zero-width non-joiner"},
    {0x200D, "zero-width joiner"},
    {0x200E, "left-to-right mark"},
    {0x200F, "right-to-left mark"},
    {0x2028, "line separator"},
    {0x2029, "paragraph separator"},
    {0x202F, "narrow no-break space"},
    {0x2060, "word joiner"},
    {0x2212, "minus sign, looks like '-'"},
    {0x3000, "ideographic space"},
    {0xFEFF, "byte order mark"},
    {0xFFFD, "replacement character, written where decoding failed"},
};

std::string_view own_name(char32_t character) {
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                   [&](const auto& named) { return named.character == character; });
  return found == std::end(kNames) ? std::string_view() : found->name;
}

std::string about(char32_t character) {
  if (const std::string_view name = own_name(character); !name.empty()) {
    return std::string(name);
  }
  const std::string_view script = script_of(character);
  switch (kind_of(character)) {
    case CharacterKind::letter:
      return fmt::format("{} letter", script);
    case CharacterKind::mark:
      return "accent that joins the character before it";
    case CharacterKind::digit:
      return "digit";
    case CharacterKind::space:
    case CharacterKind::unusual_space:
      return "space of another width";
    case CharacterKind::invisible:
      return "invisible character";
    case CharacterKind::control:
      return "control character";
    case CharacterKind::replacement:
    case CharacterKind::other:
      break;
  }
  return character >= 0xE000 && character <= 0xF8FF ? "character of private use"
         : character >= 0x1F000                     ? "symbol or emoji"
                                                    : "punctuation or symbol";
}

}  // namespace

CharacterKind kind_of(char32_t character) {
  if (is_ascii_letter(character)) {  // most are
    return CharacterKind::letter;
  }
  if (character == U' ') {
    return CharacterKind::space;
  }
  if (character == 0xFFFD) {
    return CharacterKind::replacement;
  }
  return is_control(character)                            ? CharacterKind::control
         : range_of(kDigits, character) != nullptr        ? CharacterKind::digit
         : range_of(kInvisible, character) != nullptr     ? CharacterKind::invisible
         : range_of(kUnusualSpaces, character) != nullptr ? CharacterKind::unusual_space
         : range_of(kMarks, character) != nullptr         ? CharacterKind::mark
         : range_of(kBlocks, character) != nullptr        ? CharacterKind::letter
                                                          : CharacterKind::other;
}

std::string_view script_of(char32_t character) {
  if (is_ascii_letter(character)) {
    return kLatin;
  }
  const Block* block = range_of(kBlocks, character);
  return block == nullptr ? std::string_view() : block->script;
}

bool joins_the_one_before(char32_t character) {
  return kind_of(character) == CharacterKind::mark || range_of(kVowelSigns, character) != nullptr;
}

char look_alike(char32_t character) {
  if (character >= 0xFF01 && character <= 0xFF5E) {  // the wide forms of ASCII
    return static_cast<char>(character - 0xFF01 + U'!');
  }
  for (std::size_t i = 0; i + 1 < kLookAlikes.size(); i += 2) {
    if (kLookAlikes[i] == character) {
      return static_cast<char>(kLookAlikes[i + 1]);
    }
  }
  return 0;
}

std::string described(char32_t character) {
  std::string text = fmt::format("U+{:04X}", static_cast<std::uint32_t>(character));
  const CharacterKind kind = kind_of(character);
  const bool seen = kind != CharacterKind::control && kind != CharacterKind::invisible &&
                    kind != CharacterKind::unusual_space && kind != CharacterKind::mark;
  if (seen) {
    text += " " + printable(character);
  }
  text += ", " + about(character);
  if (const char plain = look_alike(character); plain != 0) {
    text +=
        fmt::format(", looks like {}'{}'", kind == CharacterKind::letter ? "Latin " : "", plain);
  }
  return text;
}

}  // namespace wavenet
