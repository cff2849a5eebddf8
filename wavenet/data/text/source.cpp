#include "wavenet/data/text/source.h"

#include <array>
#include <utility>

#include "wavenet/base/check.h"
#include "wavenet/data/text/embedded.h"

namespace wavenet::data {
namespace {

// The embedded names are text too, one a line.
Text text_of(const File& file) {
  if (file.bytes) {
    return parse_text(*file.bytes, file.path);
  }
  return file.path.empty() ? parse_text(kEmbeddedNames, "the embedded names")
                           : read_text(file.path);
}

}  // namespace

Words words_of(const File& file) {
  if (file.bytes) {
    return parse_words(*file.bytes, file.path);
  }
  return file.path.empty() ? embedded_names() : read_words(file.path);
}

Format format_of(const Config& recipe) {
  const std::array<std::string, 2> formats{"lines", "text"};
  return recipe.choice("data.format", formats) == formats[0] ? Format::lines : Format::text;
}

const std::string& Source::name() const {
  return std::visit([](const auto& read) -> const std::string& { return read.source; }, content);
}

const std::string& Source::fingerprint() const {
  return std::visit([](const auto& read) -> const std::string& { return read.fingerprint; },
                    content);
}

Source read_source(const Config& recipe, const File& file) {
  if (format_of(recipe) == Format::text) {
    const double val_share = recipe.number_or("data.val_share", 0.1, 0, 1);
    return {text_of(file), val_share};
  }
  const bool dedup = recipe.boolean_or("data.dedup", false);
  Words words = words_of(file);
  return {dedup ? deduplicated(words) : std::move(words), 0};
}

}  // namespace wavenet::data
