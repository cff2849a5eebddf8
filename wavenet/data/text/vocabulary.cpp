#include "wavenet/data/text/vocabulary.h"

#include <algorithm>
#include <iterator>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"

namespace wavenet::data {

Vocabulary::Vocabulary(const std::vector<std::u32string>& words) {
  for (const std::u32string& word : words) {
    for (char32_t character : word) {
      const auto place = std::lower_bound(characters_.begin(), characters_.end(), character);
      if (place == characters_.end() || *place != character) {
        characters_.insert(place, character);
      }
    }
  }
  check_intact(!characters_.empty(), "vocabulary: the words hold no character");
}

Vocabulary Vocabulary::from_characters(std::u32string characters) {
  check_intact(!characters.empty(), "vocabulary: it holds no character");
  const auto wrong = std::adjacent_find(characters.begin(), characters.end(),
                                        [](char32_t a, char32_t b) { return a >= b; });
  if (wrong != characters.end()) {
    fail_damaged("vocabulary: characters must be sorted and each stand once, yet {} follows {}",
                 printable(wrong[1]), printable(wrong[0]));
  }
  encode_utf8(characters);  // throws for what is no character
  Vocabulary vocabulary;
  vocabulary.characters_ = std::move(characters);
  return vocabulary;
}

std::shared_ptr<const Codec> Vocabulary::from_saved(const std::string& characters) {
  return std::make_shared<const Vocabulary>(from_characters(decode_utf8(characters)));
}

std::string Vocabulary::saved() const { return encode_utf8(characters_); }

const Vocabulary& vocabulary_of(const Codec& codec) {
  const auto* vocabulary = dynamic_cast<const Vocabulary*>(&codec);
  check(vocabulary != nullptr, "the model reads {}, not characters", codec.kind());
  return *vocabulary;
}

std::int32_t Vocabulary::token_of(char32_t character) const {
  const auto place = std::lower_bound(characters_.begin(), characters_.end(), character);
  const bool known = place != characters_.end() && *place == character;
  return known ? static_cast<std::int32_t>(place - characters_.begin()) + 1 : kEnd;
}

std::vector<std::int32_t> Vocabulary::encode(std::u32string_view text) const {
  std::vector<std::int32_t> tokens;
  tokens.reserve(text.size());
  for (char32_t character : text) {
    tokens.push_back(token_of(character));
    if (tokens.back() == kEnd) {
      fail("vocabulary: no token for {}; the known characters are {}", listing(unknown_in(text)),
           listing(characters_));
    }
  }
  return tokens;
}

std::u32string Vocabulary::unknown_in(std::u32string_view text) const {
  std::u32string unknown;
  std::copy_if(text.begin(), text.end(), std::back_inserter(unknown),
               [this](char32_t character) { return token_of(character) == kEnd; });
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  return unknown;
}

std::string Vocabulary::decode(std::span<const std::int32_t> tokens) const {
  std::string text;
  for (std::int32_t token : tokens) {
    check(token >= 1 && token < size(), "vocabulary: token {} is outside 1 to {}", token,
          size() - 1);
    text += encode_utf8(characters_[static_cast<std::size_t>(token - 1)]);
  }
  return text;
}

std::string listing(std::u32string_view characters, std::size_t most) {
  std::string text;
  for (char32_t character : characters.substr(0, most)) {
    text += (text.empty() ? "" : " ") + printable(character);
  }
  if (characters.size() > most) {
    text += fmt::format(" and {} more", characters.size() - most);
  }
  return text;
}

}  // namespace wavenet::data
