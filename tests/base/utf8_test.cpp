#include "wavenet/base/utf8.h"

#include <gtest/gtest.h>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

std::string problem_of(std::string_view text) {
  try {
    decode_utf8(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(Utf8, DecodesCharactersOfEveryLength) {
  EXPECT_EQ(decode_utf8("aé€😀"), U"aé€😀");
  EXPECT_EQ(decode_utf8(""), U"");
  EXPECT_EQ(decode_utf8(std::string_view("a\0b", 3)), std::u32string(U"a\0b", 3));
}

TEST(Utf8, DecodesWhatItEncodesForEveryCharacter) {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
    if (c < 0xD800 || c > 0xDFFF) {
      ASSERT_EQ(decode_utf8(encode_utf8(c)), std::u32string(1, c));
    }
  }
  for (char32_t edge : U"\x7F\x80\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF") {
    EXPECT_EQ(decode_utf8(encode_utf8(edge)), std::u32string(1, edge));
  }
}

TEST(Utf8, NamesTheByteOffsetAndTheRule) {
  EXPECT_EQ(problem_of("ab\xC0\xAF"), "not UTF-8 at byte offset 2: an overlong encoding");
  EXPECT_EQ(problem_of("\xE0\x80\x80"), "not UTF-8 at byte offset 0: an overlong encoding");
  EXPECT_EQ(problem_of("\xF0\x8F\xBF\xBF"), "not UTF-8 at byte offset 0: an overlong encoding");
  EXPECT_EQ(problem_of("a\xED\xA0\x80"),
            "not UTF-8 at byte offset 1: a surrogate, which only UTF-16 uses");
  EXPECT_EQ(problem_of("\xF4\x90\x80\x80"), "not UTF-8 at byte offset 0: beyond U+10FFFF");
  EXPECT_EQ(problem_of("é\xE2\x82"), "not UTF-8 at byte offset 2: the character is truncated");
  EXPECT_EQ(problem_of("\xC3z"), "not UTF-8 at byte offset 0: the character is truncated");
  EXPECT_EQ(problem_of("a\x80"), "not UTF-8 at byte offset 1: this byte starts no character");
  EXPECT_EQ(problem_of("\xFF"), "not UTF-8 at byte offset 0: this byte starts no character");
}

TEST(Utf8, RefusesToEncodeWhatIsNoCharacter) {
  EXPECT_THROW(encode_utf8(char32_t{0xD800}), Error);
  EXPECT_THROW(encode_utf8(char32_t{0x110000}), Error);
  EXPECT_THROW(encode_utf8(std::u32string(1, char32_t{0xDFFF})), Error);
}

TEST(Utf8, EncodesText) { EXPECT_EQ(encode_utf8(U"zoë 😀"), "zoë 😀"); }

TEST(Utf8, ShowsACharacterOrItsNumber) {
  EXPECT_EQ(printable(U'é'), "'é'");
  EXPECT_EQ(printable(U' '), "' '");
  EXPECT_EQ(printable(U'\a'), "U+0007");
  EXPECT_EQ(printable(char32_t{0x301}), "U+0301");
  EXPECT_EQ(printable(char32_t{0x94D}), "U+094D");  // a sign that joins the letter before it
  EXPECT_EQ(printable(U'\u0E01'), "'\u0E01'");
  EXPECT_EQ(printable(char32_t{0xA0}), "U+00A0");
  EXPECT_EQ(printable(char32_t{0xAD}), "U+00AD");
  EXPECT_EQ(printable(char32_t{0x85}), "U+0085");
  EXPECT_EQ(printable(char32_t{0xFEFF}), "U+FEFF");
  EXPECT_EQ(printable(char32_t{0xD800}), "U+D800");
}

TEST(Utf8, ExcerptsFitOnALine) {
  EXPECT_EQ(excerpt("emma"), "emma");
  EXPECT_EQ(excerpt("a\nb\x1b[31m\xFFz"), "a?b?[31m?z");
  EXPECT_EQ(excerpt(std::string(41, 'x')), std::string(40, 'x') + "...");
  EXPECT_EQ(excerpt("ééé", 2), "éé...");
}

}  // namespace
}  // namespace wavenet
