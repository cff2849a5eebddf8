// Text: a file of running text as code points.
//
//   Text text = read_text("book.txt");
//   auto [train, val] = split_text(text, 0.1);   // the first 90 %, the last 10 %
//
// A byte order mark is skipped and CR LF becomes LF; bytes that are no text are an Error that names
// the line. Left out: lists of words (words.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wavenet::data {

inline constexpr std::int64_t kMaxTextBytes = std::int64_t{1} << 30;

struct Text {
  std::string source;  // the file's name, for messages
  std::u32string characters;
  std::string fingerprint;  // of the characters, 16 hex digits
};

// `source` stands for the text in messages.
Text parse_text(std::string_view bytes, const std::string& source);
Text read_text(const std::string& path);

struct TextSplit {
  std::u32string train;
  std::u32string val;

  // Throws UsageError for a name that is not train or val.
  const std::u32string& part(std::string_view name) const;
};
// How many characters of so many judge: the share, rounded down. Throws Error, which names `source`,
// when a part is empty.
std::size_t val_size(std::size_t characters, const std::string& source, double val_share);
// The last val_size() characters judge.
TextSplit split_text(const Text& text, double val_share);

}  // namespace wavenet::data
