// Words: a text file of one word a line, as code points.
//
//   Words words = read_words("names.txt");
//   words.words[0] == U"emma"
//
// A byte order mark, carriage returns, blanks around a word and blank lines are skipped; whatever
// else is no plain list of words is an Error that names the line. Left out: running text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::data {

inline constexpr std::size_t kMaxWordCharacters = 1000;
inline constexpr std::int64_t kMaxWordListBytes = std::int64_t{1} << 30;

struct Words {
  std::string source;  // the file's name, for messages
  std::vector<std::u32string> words;
  std::string fingerprint;           // of the words in their order, 16 hex digits
  std::vector<std::size_t> lines{};  // where each word stands, from 1
};

// `source` stands for the text in messages.
Words parse_words(std::string_view text, const std::string& source);
Words read_words(const std::string& path);
Words embedded_names();

// The first of equal words stays, in its place; the fingerprint is that of what is left.
Words deduplicated(const Words& words);

}  // namespace wavenet::data
