// Text for a page: numbers as a reader writes them, and words that cannot become markup.
//
//   escape("<b> & co")     // "&lt;b&gt; &amp; co"
//   with_commas(182625)    // "182,625"
//   step_label(150'000)    // "150k"
//
// Left out: wrapping and measuring; the browser does that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wavenet::report {

// Safe between tags and in quoted attributes of HTML and SVG. Control characters, which neither may
// hold, become their pictures (U+2400 and on); line breaks and tabs stay.
std::string escape(std::string_view text);

std::string with_commas(std::int64_t value);

// At most `digits` after the point, without trailing zeros; "none" for what is not a number.
std::string shortest(double value, int digits);

// A number of steps on an axis: 500, 20k, 1.5M.
std::string step_label(double steps);

}  // namespace wavenet::report
