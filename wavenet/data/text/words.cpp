#include "wavenet/data/text/words.h"

#include <algorithm>
#include <unordered_set>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/hash.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/embedded.h"

namespace wavenet::data {
namespace {

constexpr std::string_view kBlanks = " \t";

struct Line {
  std::string_view text;  // blanks at the end are gone, those at the front are not
  std::size_t number;     // from 1
  const std::string& source;
};

std::string_view without_trailing_blanks(std::string_view text) {
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  const std::size_t last = text.find_last_not_of(kBlanks);
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

[[noreturn]] void fail_control(const Line& line, char32_t control) {
  fail_damaged("{}: line {} holds the control character {}; is this a text file?", line.source,
               line.number, printable(control));
}

// Looks at bytes alone, so that a binary file or a novel in one line is refused before decoding.
void check_before_decoding(const Line& line) {
  std::size_t length = 0;
  for (char c : line.text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && is_control(byte)) {
      fail_control(line, byte);
    }
    length += (byte & 0xC0U) != 0x80 ? 1 : 0;  // bytes that start a character
  }
  check_intact(
      length <= kMaxWordCharacters,
      "{}: line {} has {} characters, at most {} are allowed; a word list has one word a line",
      line.source, line.number, length, kMaxWordCharacters);
}

std::u32string decode_line(const Line& line) {
  try {
    return decode_utf8(line.text);
  } catch (const Error& error) {
    fail_as(error.kind(), "{}: line {}: {}", line.source, line.number, error.what());
  }
}

std::u32string word_of(const Line& line) {
  const std::string_view leading = line.text.substr(0, line.text.find_first_not_of(kBlanks));
  if (leading.size() == line.text.size()) {
    return U"";
  }
  Line rest = line;
  rest.text.remove_prefix(leading.size());
  check_before_decoding(rest);
  // The whole line is decoded, so that an error's byte offset counts from the line's start.
  std::u32string word = decode_line(line).substr(leading.size());
  const auto control = std::find_if(word.begin(), word.end(), is_control);  // beyond ASCII
  if (control != word.end()) {
    fail_control(line, *control);
  }
  return word;
}

std::string fingerprint(const std::vector<std::u32string>& words) {
  Fnv1a64 hash;
  for (const std::u32string& word : words) {
    hash.add(encode_utf8(word));
    hash.add("\n");
  }
  return hash.hex();
}

}  // namespace

Words parse_words(std::string_view text, const std::string& source) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  Words result{source, {}, ""};
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::u32string word = word_of({without_trailing_blanks(text.substr(0, end)), number, source});
    if (!word.empty()) {
      result.words.push_back(std::move(word));
      result.lines.push_back(number);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  check_intact(!result.words.empty(), "{}: no words in it", source);
  result.fingerprint = fingerprint(result.words);
  return result;
}

Words read_words(const std::string& path) {
  return parse_words(read_file(path, kMaxWordListBytes), path);
}

Words embedded_names() { return parse_words(kEmbeddedNames, "the embedded names"); }

Words deduplicated(const Words& words) {
  Words result{words.source, {}, ""};
  std::unordered_set<std::u32string_view> met;
  for (std::size_t i = 0; i < words.words.size(); ++i) {
    if (met.insert(words.words[i]).second) {
      result.words.push_back(words.words[i]);
      result.lines.push_back(words.lines.at(i));
    }
  }
  result.fingerprint = fingerprint(result.words);
  return result;
}

}  // namespace wavenet::data
