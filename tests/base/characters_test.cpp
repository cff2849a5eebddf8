#include "wavenet/base/characters.h"

#include <gtest/gtest.h>

namespace wavenet {
namespace {

TEST(Characters, KindsOfEveryPlainAndOddCharacter) {
  EXPECT_EQ(kind_of(U'q'), CharacterKind::letter);
  EXPECT_EQ(kind_of(U'é'), CharacterKind::letter);
  EXPECT_EQ(kind_of(U'7'), CharacterKind::digit);
  EXPECT_EQ(kind_of(U' '), CharacterKind::space);
  EXPECT_EQ(kind_of(U'\''), CharacterKind::other);
  EXPECT_EQ(kind_of(U'\t'), CharacterKind::control);
  EXPECT_EQ(kind_of(0x85), CharacterKind::control);
  EXPECT_EQ(kind_of(0xA0), CharacterKind::unusual_space);
  EXPECT_EQ(kind_of(0x301), CharacterKind::mark);
  EXPECT_EQ(kind_of(0x200B), CharacterKind::invisible);
  EXPECT_EQ(kind_of(0xFEFF), CharacterKind::invisible);
  EXPECT_EQ(kind_of(0xFFFD), CharacterKind::replacement);
}

// Code points from the Unicode charts.
TEST(Characters, ScriptsByTheUnicodeCharts) {
  EXPECT_EQ(script_of(0x61), "Latin");      // a
  EXPECT_EQ(script_of(0x17F), "Latin");     // long s
  EXPECT_EQ(script_of(0x3B1), "Greek");     // alpha
  EXPECT_EQ(script_of(0x430), "Cyrillic");  // a
  EXPECT_EQ(script_of(0x5D0), "Hebrew");    // alef
  EXPECT_EQ(script_of(0x639), "Arabic");    // ain
  EXPECT_EQ(script_of(0x905), "Devanagari");
  EXPECT_EQ(script_of(0xAC00), "Hangul");
  EXPECT_EQ(script_of(0x3042), script_of(0x6F22));  // kana and Han
  EXPECT_EQ(script_of(U'-'), "");
  EXPECT_EQ(script_of(0xD7), "");  // the multiplication sign, among Latin letters
  EXPECT_EQ(script_of(0x1F600), "");
}

TEST(Characters, LookAlikesAreOfAnotherScript) {
  EXPECT_EQ(look_alike(0x430), 'a');   // Cyrillic
  EXPECT_EQ(look_alike(0x3BF), 'o');   // Greek omicron
  EXPECT_EQ(look_alike(0xFF41), 'a');  // wide
  EXPECT_EQ(look_alike(U'a'), 0);
  EXPECT_EQ(look_alike(0x436), 0);  // zhe looks like no Latin letter
}

TEST(Characters, DescribesByCodePointNameAndLooks) {
  EXPECT_EQ(described(0x435), "U+0435 'е', Cyrillic letter, looks like Latin 'e'");
  EXPECT_EQ(described(0xA0), "U+00A0, no-break space");
  EXPECT_EQ(described(0x07), "U+0007, control character");
  EXPECT_EQ(described(U'7'), "U+0037 '7', digit");
}

}  // namespace
}  // namespace wavenet
