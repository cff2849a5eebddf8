// What the program says beside its results: on standard error, so that results stay clean.
//
//   say::note(fmt::format("left out: {}", words));
//   say::warning("dilations 1, 4 leave characters of the past unseen");
//   say::live("step 3/10");   // drawn over by the next one
//
// With --quiet nothing is said but errors. What cannot be shown, as standard error is closed or
// full, is dropped: it stops no work. Left out: results; they go to standard output.
#pragma once

#include <string>
#include <string_view>

namespace cli::say {

void be_quiet();  // from now on, in the whole program

void note(std::string_view text);
void warning(std::string_view text);  // "warning: " before it
void error(std::string_view text);    // "wavenet: " before it; said to the quiet too

// Draws over the last live line, for terminals that can. `line` must fit the terminal's width.
void live(std::string_view line);
// Leaves the live line, if there is one, as it stands.
void end_live();
// Wipes it out.
void clear_live();

}  // namespace cli::say
