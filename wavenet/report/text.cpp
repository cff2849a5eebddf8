#include "wavenet/report/text.h"

#include <fmt/format.h>

#include <cmath>

#include "wavenet/base/utf8.h"

namespace wavenet::report {
namespace {

constexpr unsigned char kDelete = 0x7F;

bool is_markup_free(unsigned char byte) {
  return byte >= 0x20 && byte != '&' && byte != '<' && byte != '>' && byte != '"' && byte != '\'' &&
         byte != kDelete;
}

std::string escaped(unsigned char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\n':
    case '\t':
      return {static_cast<char>(byte)};
    case kDelete:
      return "\u2421";
    default:
      return encode_utf8(static_cast<char32_t>(0x2400 + byte));
  }
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  safe.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool no_character =
        text.substr(i, 3) == "\uFFFE" || text.substr(i, 3) == "\uFFFF";  // XML may not hold them
    if (no_character) {
      safe += "\uFFFD";
      i += 2;
    } else if (is_markup_free(byte)) {
      safe += text[i];
    } else {
      safe += escaped(byte);
    }
  }
  return safe;
}

std::string with_commas(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string shortest(double value, int digits) {
  if (!std::isfinite(value)) {
    return "none";
  }
  const double magnitude = std::abs(value);
  if (magnitude >= 1e7 || (magnitude > 0 && magnitude < std::pow(10.0, -digits))) {
    return fmt::format("{:.3g}", value);
  }
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (digits > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    text.erase(text.find_last_not_of('.') + 1);
  }
  return text == "-0" ? "0" : text;
}

std::string step_label(double steps) {
  if (steps >= 1e6) {
    return shortest(steps / 1e6, 2) + "M";
  }
  return steps >= 1e4 ? shortest(steps / 1e3, 1) + "k" : shortest(steps, 0);
}

}  // namespace wavenet::report
