#include "wavenet/data/source.h"

#include <array>
#include <utility>

#include "wavenet/base/check.h"
#include "wavenet/data/embedded.h"

namespace wavenet::data {
namespace {

Words open_words(const std::string& path) {
  return path.empty() ? embedded_names() : read_words(path);
}

// The embedded names are text too, one a line.
Text open_text(const std::string& path) {
  return path.empty() ? parse_text(kEmbeddedNames, "the embedded names") : read_text(path);
}

}  // namespace

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

Source read_source(const Config& recipe, const std::string& path) {
  if (format_of(recipe) == Format::text) {
    const double val_share = recipe.number_or("data.val_share", 0.1, 0, 1);
    return {open_text(path), val_share};
  }
  const bool dedup = recipe.boolean_or("data.dedup", false);
  Words words = open_words(path);
  return {dedup ? deduplicated(words) : std::move(words), 0};
}

}  // namespace wavenet::data
