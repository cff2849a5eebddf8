// nearest_hint: the end of an error about an unknown name, when a known name looks like it.
//
//   nearest_hint("tre-76k", names) == "; did you mean 'tree-76k'?"
//   nearest_hint("lstm", names) == ""
//
// Left out: meaning. Only the spelling counts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace wavenet {

// The word may be how a known name begins; else up to a third of the longer name may differ (a swap
// of neighbours counts once). Of equally close names the first is meant.
std::string nearest_hint(std::string_view word, std::span<const std::string> known);

}  // namespace wavenet
