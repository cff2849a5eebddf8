// Html: the few elements that pages are made of. What comes as text is escaped here; what comes as
// markup is named `html`.
//
//   html += tile("1.9937", "best validation");
//   html += section("Data", "data", table({}, {{"words", "32,033"}}));
//
// Left out: documents of any other shape.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wavenet/report/figures.h"

namespace wavenet::report {

std::string tile(std::string_view value, std::string_view about);

struct Column {
  std::string name;
  bool number = false;  // set to the right
};

// Without columns: names and values, no head.
std::string table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows);

std::string card(std::string_view html);
std::string section(std::string_view title, std::string_view id, std::string_view html);

// Each figure of `section`, drawn for a desktop and for a phone; the page shows one of the two.
std::string figures_html(const std::vector<Figure>& figures, std::string_view section);

// Stands in the head of every document, so that it is known as this program's.
inline constexpr std::string_view kGeneratorTag =
    "<meta name=\"generator\" content=\"wavenet.cpp report\">\n";

// The document. `reload`: ask for it again every 20 seconds.
std::string document(std::string_view title, bool reload, std::string_view html);

}  // namespace wavenet::report
