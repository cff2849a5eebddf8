#include "wavenet/data/text/doctor/entities.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "wavenet/base/characters.h"
#include "wavenet/base/shell.h"
#include "wavenet/base/utf8.h"

namespace wavenet::data {
namespace {

constexpr std::size_t kLongestName = 8;
constexpr std::size_t kMostInACommand = 60;

// HTML 2, section 14: the names of U+00A0 to U+00FF in their order.
constexpr const char* kLatin1 =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn "
    "sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave "
    "Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml "
    "ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN "
    "szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave "
    "iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute "
    "ucirc "
    "uuml yacute thorn yuml";

// HTML 4, section 24.3: the names of U+0391 to U+03A9 and, in lower case, of U+03B1 to U+03C9. No
// capital stands at U+03A2, where sigmaf has its place below.
constexpr const char* kGreekCapitals =
    "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - "
    "Sigma "
    "Tau Upsilon Phi Chi Psi Omega";
constexpr const char* kGreek =
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "sigmaf "
    "sigma tau upsilon phi chi psi omega";

const std::map<std::string, char32_t, std::less<>>& named() {
  static const auto all = [] {
    std::map<std::string, char32_t, std::less<>> names{
        {"quot", U'"'},        {"amp", U'&'},        {"apos", U'\''},      {"lt", U'<'},
        {"gt", U'>'},          {"OElig", U'\u0152'}, {"oelig", U'\u0153'}, {"Scaron", U'\u0160'},
        {"scaron", U'\u0161'}, {"Yuml", U'\u0178'},  {"ndash", U'\u2013'}, {"mdash", U'\u2014'},
        {"lsquo", U'\u2018'},  {"rsquo", U'\u2019'}, {"sbquo", U'\u201A'}, {"ldquo", U'\u201C'},
        {"rdquo", U'\u201D'},  {"bdquo", U'\u201E'}, {"bull", U'\u2022'},  {"hellip", U'\u2026'},
        {"euro", U'\u20AC'},   {"trade", U'\u2122'}};
    const auto add = [&](const char* list, char32_t character) {
      std::istringstream stream(list);
      for (std::string name; stream >> name; ++character) {
        names[name] = character;
      }
    };
    add(kLatin1, 0xA0);
    add(kGreekCapitals, 0x391);
    add(kGreek, 0x3B1);
    return names;
  }();
  return all;
}

bool is_letter_or_digit(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}

// "#39" and "#x27".
std::optional<char32_t> numbered(std::string_view name) {
  const bool hexadecimal = name.starts_with("#x") || name.starts_with("#X");
  name.remove_prefix(hexadecimal ? 2 : 1);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), number, hexadecimal ? 16 : 10);
  const bool surrogate = number >= 0xD800 && number <= 0xDFFF;
  if (error != std::errc() || end != name.data() + name.size() || surrogate || number > 0x10FFFF) {
    return std::nullopt;
  }
  return number;
}

// What stands for the character in the second half of sed's s/a/b/.
std::string replacement(char32_t character) {
  const std::string text = encode_utf8(character);
  return std::string("&\\/").find(text) != std::string::npos ? "\\" + text : text;
}

}  // namespace

std::size_t entity_at(std::u32string_view text) {
  const std::size_t end = text.substr(0, kLongestName + 2).find(U';');
  if (!text.starts_with(U'&') || end == text.npos || end < 3) {
    return 0;
  }
  const std::u32string_view name = text.substr(1, end - 1);
  const std::u32string_view rest = name.substr(name.front() == U'#' ? 1 : 0);
  return std::all_of(rest.begin(), rest.end(), is_letter_or_digit) ? end + 1 : 0;
}

std::optional<char32_t> character_of(std::u32string_view entity) {
  const std::string name = encode_utf8(entity.substr(1, entity.size() - 2));
  std::optional<char32_t> character;
  if (name.starts_with('#')) {
    character = numbered(name);
  } else if (const auto found = named().find(name); found != named().end()) {
    character = found->second;
  }
  if (character == U'\u00A0') {
    return U' ';
  }
  const bool shown = character && (*character == U' ' || printable(*character).front() == '\'');
  return shown ? character : std::nullopt;
}

std::u32string without_entities(std::u32string_view text) {
  std::u32string plain;
  while (!text.empty()) {
    const std::size_t length = entity_at(text);
    if (length == 0) {
      plain += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return plain;
}

void add_entities(std::u32string_view text, std::set<std::u32string>& entities) {
  for (std::size_t at = 0; (at = text.find(U'&', at)) != text.npos; ++at) {
    if (const std::size_t length = entity_at(text.substr(at)); length > 0) {
      entities.emplace(text.substr(at, length));
    }
  }
}

// All that stand for '&' come last and at once, or "&amp;lt;" would be decoded twice.
EntityFilter entity_filter(const std::set<std::u32string>& entities) {
  EntityFilter filter;
  std::string script;
  std::string ampersands;
  for (const std::u32string& entity : entities) {
    const std::optional<char32_t> character = character_of(entity);
    const std::string text = encode_utf8(entity);
    if (!character) {
      filter.unknown.push_back(text);
    } else if (*character == U'&') {
      ampersands += (ampersands.empty() ? "" : "|") + text;
    } else {
      script += fmt::format("s/{}/{}/g;", text, replacement(*character));
    }
  }
  script += ampersands.empty() ? "" : fmt::format("s/{}/\\&/g;", ampersands);
  if (!script.empty() && entities.size() <= kMostInACommand) {
    script.pop_back();
    filter.command = "sed -E " + shell_word(script);
  }
  return filter;
}

}  // namespace wavenet::data
