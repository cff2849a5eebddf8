// Vocabulary: the numbers of characters (a tokenizer of single characters). Token 0 is the end
// marker, then come the characters that occur, sorted, from 1.
//
//   Vocabulary vocabulary(words.words);
//   std::vector<std::int32_t> tokens = vocabulary.encode(U"emma");   // {5, 13, 13, 1}
//   vocabulary.decode(tokens) == "emma"
//
// The end marker also pads what comes before a word. It is shown as '.', yet the character '.' gets
// a token of its own where it occurs. Left out: tokens longer than a character.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/data/codec.h"

namespace wavenet::data {

class Vocabulary : public Codec {
 public:
  static constexpr const char* kKind = "characters";
  static constexpr std::int32_t kEnd = 0;
  static constexpr std::size_t kMaxCharacters = 65'535;  // different ones

  explicit Vocabulary(const std::vector<std::u32string>& words);
  // The characters of a saved vocabulary: sorted, each once, or Error.
  static Vocabulary from_characters(std::u32string characters);
  static std::shared_ptr<const Codec> from_saved(const std::string& characters);

  std::string kind() const override { return kKind; }
  std::string saved() const override;

  const std::u32string& characters() const { return characters_; }
  std::int64_t size() const override {  // V
    return static_cast<std::int64_t>(characters_.size()) + 1;
  }

  // Throws Error for characters that have no token.
  std::vector<std::int32_t> encode(std::u32string_view text) const;
  // The characters of `text` that have none: sorted, each once.
  std::u32string unknown_in(std::u32string_view text) const;
  // UTF-8 of tokens 1 to V-1; any other is an Error, the end marker too.
  std::string decode(std::span<const std::int32_t> tokens) const override;

 private:
  Vocabulary() = default;
  std::int32_t token_of(char32_t character) const;  // kEnd where it has none

  std::u32string characters_;
};

// Throws Error for a codec of another kind: a model that reads no characters.
const Vocabulary& vocabulary_of(const Codec& codec);

// For messages: "'a' 'b' U+0007", and how many more there are.
inline constexpr std::size_t kEveryOne = std::u32string_view::npos;
std::string listing(std::u32string_view characters, std::size_t most = 40);

}  // namespace wavenet::data
