// Source: a file as a recipe reads it, a list of words or running text, before it is split.
//
//   const data::Source source = data::read_source(recipe, "names.txt");
//   source.fingerprint() == saved.data_fingerprint   // is it what the model was trained on?
//
//   data.format "lines": one word a line; data.dedup: equal words are one
//   data.format "text": running text
//
// Left out: parts and tokens (corpus.h for training, reading.h for a trained model).
#pragma once

#include <variant>

#include "wavenet/data/dataset.h"
#include "wavenet/data/text/text.h"
#include "wavenet/data/text/words.h"

namespace wavenet::data {

enum class Format : std::uint8_t { lines, text };
Format format_of(const Config& recipe);

struct Source {
  std::variant<Words, Text> content;
  double val_share;  // of a text

  const std::string& name() const;  // for messages
  const std::string& fingerprint() const;
};

// A list of words. Where the file has no name, the embedded names.
Words words_of(const File& file);
// The same by the recipe.
Source read_source(const Config& recipe, const File& file);

}  // namespace wavenet::data
