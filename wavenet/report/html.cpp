#include "wavenet/report/html.h"

#include <fmt/format.h>

#include "wavenet/report/style.h"
#include "wavenet/report/text.h"

namespace wavenet::report {

std::string tile(std::string_view value, std::string_view about) {
  return fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>\n", escape(value),
                     escape(about));
}

std::string table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  const auto look = [&](std::size_t i) {
    return i < columns.size() && columns[i].number ? " class=\"number\"" : "";
  };
  std::string html = "<div class=\"scroll\"><table>";
  if (!columns.empty()) {
    html += "<thead><tr>";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      html += fmt::format("<th{}>{}</th>", look(i), escape(columns[i].name));
    }
    html += "</tr></thead>";
  }
  html += "<tbody>\n";
  for (const std::vector<std::string>& row : rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool name = columns.empty() && i == 0;
      html += fmt::format("<{0}{1}>{2}</{0}>", name ? "th" : "td", look(i), escape(row[i]));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string card(std::string_view html) {
  return fmt::format("<div class=\"card\">{}</div>\n", html);
}

std::string section(std::string_view title, std::string_view id, std::string_view html) {
  return fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", id, escape(title), html);
}

std::string figures_html(const std::vector<Figure>& figures, std::string_view section) {
  std::string html;
  for (const Figure& figure : figures) {
    if (figure.section == section) {
      html += fmt::format(
          "<figure class=\"card{}\"><div class=\"on-desk\">{}</div><div "
          "class=\"on-phone\">{}</div>",
          figure.wide ? " wide" : "", figure.draw(figure.wide ? kWide : kHalf),
          figure.draw(kPhone));
      html += figure.caption.empty()
                  ? "</figure>\n"
                  : fmt::format("<figcaption>{}</figcaption></figure>\n", escape(figure.caption));
    }
  }
  return html.empty() ? html : "<div class=\"grid\">" + html + "</div>\n";
}

namespace {

constexpr std::string_view kReload = "<meta http-equiv=\"refresh\" content=\"20\">\n";
// Loading anew would end what is being played.
constexpr std::string_view kReloadWhenSilent = R"(
setInterval(() => {
  const heard = [...document.querySelectorAll('audio')].some(audio => !audio.paused);
  if (!heard) location.reload();
}, 20000);
)";

}  // namespace

std::string document(std::string_view title, bool reload, std::string_view html) {
  const bool plays = html.find("<audio ") != html.npos;
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "{}"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "{}<title>{}</title>\n<style>{}</style></head>\n<body><main>\n{}</main>\n"
      "<script>{}{}</script></body></html>\n",
      kGeneratorTag, reload && !plays ? kReload : "", escape(title), page_style(), html,
      page_script(), reload && plays ? kReloadWhenSilent : "");
}

}  // namespace wavenet::report
