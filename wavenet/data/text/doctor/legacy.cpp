#include "wavenet/data/text/doctor/legacy.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#include "wavenet/base/characters.h"
#include "wavenet/base/utf8.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kFewestBytes =
    6;  // bytes beyond ASCII, below which nothing but Latin is told
constexpr double kNearlyAll = 0.9;
constexpr double kMostPairs = 0.8;
constexpr double kSome = 0.1;
constexpr double kInWords = 0.6;  // of them beside another one, in what is not Latin

unsigned byte(char c) { return static_cast<unsigned char>(c); }
bool is_high(char c) { return byte(c) >= 0x80; }

// What the C library makes of the bytes; nothing where it knows no such encoding or stops.
std::optional<std::u32string> decoded(std::string_view bytes, const char* encoding) {
  const iconv_t converter = ::iconv_open("UTF-8", encoding);
  if (std::bit_cast<std::intptr_t>(converter) == -1) {
    return std::nullopt;
  }
  std::string input(bytes);
  std::string output(4 * input.size() + 16, '\0');
  char* from = input.data();
  char* to = output.data();
  std::size_t left = input.size();
  std::size_t room = output.size();
  const bool whole = ::iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
  ::iconv_close(converter);
  output.resize(output.size() - room);
  return whole ? std::optional(decode_utf8(output)) : std::nullopt;
}

// Pairs of bytes that begin with one beyond ASCII, as the encodings of East Asia have them: how many
// there are, and of how many the lead and the second byte lie in a range.
struct Range {
  unsigned first;
  unsigned last;
  bool holds(char c) const { return byte(c) >= first && byte(c) <= last; }
};
struct Pairs {
  double leads;
  double seconds;
};
Pairs shares_of(std::string_view bytes, Range leads, Range seconds) {
  double pairs = 0;
  Pairs in{0, 0};
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (is_high(bytes[i])) {
      ++pairs;
      in.leads += leads.holds(bytes[i]) ? 1 : 0;
      in.seconds += seconds.holds(bytes[i + 1]) ? 1 : 0;
      ++i;
    }
  }
  return {in.leads / std::max(1.0, pairs), in.seconds / std::max(1.0, pairs)};
}

// Rows of the tables: hangul 0xB0 to 0xC8 in KS X 1001; kana 0xA4 and 0xA5, kanji from 0xB0 in JIS X
// 0208; the usual characters 0xB0 to 0xD7 in GB 2312 and 0xA4 to 0xC6 in Big5; in Shift-JIS kana
// 0x82 and 0x83, kanji from 0x88.
std::string east_asian(std::string_view bytes) {
  constexpr Range kUpper{0xA1, 0xFE};
  if (shares_of(bytes, {0xB0, 0xC8}, kUpper).leads > kNearlyAll &&
      shares_of(bytes, {0xB0, 0xC8}, kUpper).seconds == 1 && decoded(bytes, "EUC-KR")) {
    return "EUC-KR";
  }
  if (shares_of(bytes, {0xA4, 0xA5}, kUpper).leads > kSome &&
      shares_of(bytes, {0xA4, 0xF4}, kUpper).leads > kNearlyAll &&
      shares_of(bytes, {0xA4, 0xF4}, kUpper).seconds == 1 && decoded(bytes, "EUC-JP")) {
    return "EUC-JP";
  }
  if (shares_of(bytes, {0xB0, 0xD7}, kUpper).leads > kMostPairs &&
      shares_of(bytes, {0xB0, 0xD7}, kUpper).seconds > kNearlyAll && decoded(bytes, "GB18030")) {
    return "GB18030";
  }
  const Pairs big5 = shares_of(bytes, {0xA4, 0xC6}, {0x40, 0x7E});
  if (big5.leads > kNearlyAll && big5.seconds > kSome && decoded(bytes, "BIG5")) {
    return "BIG5";
  }
  if (shares_of(bytes, {0x82, 0x9F}, {0x40, 0xFC}).leads > kMostPairs &&
      decoded(bytes, "SHIFT_JIS")) {
    return "SHIFT_JIS";
  }
  return "";
}

// The share of the letters beyond ASCII that are among the ten that Russian uses most; 0 where
// other characters than Cyrillic letters are more than a few.
double russian(std::string_view bytes, const char* encoding) {
  constexpr std::u32string_view kUsual = U"оеаинтсрвлОЕАИНТСРВЛ";
  constexpr double kOneCase = 0.5;
  double letters = 0;
  double small = 0;
  double usual = 0;
  double all = 0;
  for (const char32_t c : decoded(bytes, encoding).value_or(U"")) {
    if (c < 0x80) {
      continue;
    }
    ++all;
    letters += kind_of(c) == CharacterKind::letter && script_of(c) == "Cyrillic" ? 1 : 0;
    small += c >= U'а' && c <= U'ё' ? 1 : 0;
    usual += kUsual.find(c) != kUsual.npos ? 1 : 0;
  }
  // Words have small letters; the other encoding of the two shows them as capitals.
  const bool fits = all > 0 && letters > kNearlyAll * all && usual > kOneCase * all;
  return fits ? usual / all + small / all : 0;
}

std::string cyrillic(std::string_view bytes) {
  const double windows = russian(bytes, "WINDOWS-1251");
  const double koi8 = russian(bytes, "KOI8-R");
  return windows == 0 && koi8 == 0 ? "" : windows > koi8 ? "WINDOWS-1251" : "KOI8-R";
}

std::string not_latin(std::string_view bytes) {
  std::string encoding = cyrillic(bytes);
  if (encoding.empty()) {
    encoding = east_asian(bytes);
  }
  return encoding.empty() && russian(bytes, "IBM866") > 0 ? "IBM866" : encoding;
}

// Where Turkish and the Baltic languages have letters of their own, Windows-1252 has those that only
// Icelandic uses: "ayþe", "yýldýz". Icelandic has many accents beside them, which Turkish has not.
bool may_be_turkish_or_baltic(std::u32string_view text) {
  const auto has = [&](std::u32string_view letters) {
    return text.find_first_of(letters) != text.npos;
  };
  return has(U"\u00FD\u00FE\u00F0\u00DD\u00DE\u00D0") &&
         !has(U"\u00E1\u00ED\u00F3\u00FA\u00E6\u00C1\u00CD\u00D3\u00DA\u00C6");
}

// Letters, and the quotes, dashes and blanks of typists.
bool is_western(std::string_view bytes) {
  constexpr std::u32string_view kTyped =
      U"\u00A0\u00AB\u00BB\u2013\u2014\u2018\u2019\u201C\u201D"
      U"\u201E\u2026\u2022\u20AC";
  const std::optional<std::u32string> text = decoded(bytes, "WINDOWS-1252");
  return text && !may_be_turkish_or_baltic(*text) &&
         std::all_of(text->begin(), text->end(), [&](char32_t c) {
           return c < 0x80 || kind_of(c) == CharacterKind::letter || kTyped.find(c) != kTyped.npos;
         });
}

}  // namespace

std::string legacy_encoding(std::string_view bytes) {
  std::size_t high = 0;
  std::size_t beside = 0;  // another one
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (is_high(bytes[i])) {
      ++high;
      beside += (i > 0 && is_high(bytes[i - 1])) || (i + 1 < bytes.size() && is_high(bytes[i + 1]))
                    ? 1
                    : 0;
    }
  }
  const bool in_words = static_cast<double>(beside) > kInWords * static_cast<double>(high);
  if (high >= kFewestBytes && in_words) {
    return not_latin(bytes);
  }
  if (high >= kFewestBytes) {  // Big5 and Shift-JIS have second bytes that are ASCII
    std::string encoding = east_asian(bytes);
    if (!encoding.empty() && encoding != "GB18030") {
      return encoding;
    }
  }
  return !in_words && is_western(bytes) ? "WINDOWS-1252" : "";
}

}  // namespace wavenet::data
