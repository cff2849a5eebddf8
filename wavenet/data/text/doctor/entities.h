// HTML's entities: names for characters, such as "&amp;" or "&#39;", and the command of sed's that
// puts the characters in their place.
//
//   entity_at(U"&eacute;t") == 8;      character_of(U"&eacute;") == U'é'
//   without_entities(U"r&amp;d") == U"rd"
//
// Known are the numbers, HTML 2's names of Latin-1, HTML 4's of Greek and the signs met most. Left
// out: HTML 5's other two thousand names, and entities without their semicolon.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wavenet::data {

// The length of the entity that `text` begins with; 0 where it begins with none.
std::size_t entity_at(std::u32string_view text);
// Nothing for a name that is not known, and for what cannot be seen. A no-break space is a blank.
std::optional<char32_t> character_of(std::u32string_view entity);
std::u32string without_entities(std::u32string_view text);
// Adds those that stand in the text.
void add_entities(std::u32string_view text, std::set<std::u32string>& entities);
// What decodes each of them once; no command where none is known, or where they are too many for
// one.
struct EntityFilter {
  std::string command;
  std::vector<std::string> unknown;
};
EntityFilter entity_filter(const std::set<std::u32string>& entities);

}  // namespace wavenet::data
