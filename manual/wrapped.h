// wrapped: text in lines of at most `columns` characters where its blanks allow it.
//
//   wrapped("  --json", "one JSON object a line", 12, 24)   //   --json    one JSON
//                                                           //             object a
//                                                           //             line
//
// Left out: characters wider than one column.
#pragma once

#include <cstddef>
#include <string>

namespace manual {

// The first line begins with `head`, which is no longer than `indent`; each has its text behind
// `indent` columns, and an end.
std::string wrapped(const std::string& head, const std::string& text, std::size_t indent,
                    std::size_t columns);

}  // namespace manual
