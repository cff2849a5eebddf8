#include "wavenet/report/style.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace wavenet::report {
namespace {

constexpr int kMargin = 12;  // of a drawing in a file of its own

struct Colour {
  std::string_view name;
  std::string_view light;
  std::string_view dark;
};

constexpr std::array<Colour, 21> kColourTable{{
    {"page", "#f6f7f9", "#121417"}, {"card", "#ffffff", "#1b1e23"},
    {"ink", "#1c2025", "#e6e8eb"},  {"quiet", "#5b636e", "#a0a8b3"},
    {"edge", "#dfe3e8", "#2f343c"}, {"grid", "#e8ebef", "#2b3038"},
    {"bad", "#b3261e", "#ff8a80"},  {"bad-card", "#fdecea", "#3a1f1e"},
    {"good", "#1b7a3d", "#6fd08c"}, {"note", "#fff3d6", "#3b3115"},
    {"link", "#c9d0d8", "#3b424c"}, {"c0", "#2261c4", "#7fb0ff"},
    {"c1", "#d2520b", "#ffa366"},   {"c2", "#2a8a43", "#6fd08c"},
    {"c3", "#8f3fb5", "#d694f2"},   {"c4", "#c22b35", "#ff8a8f"},
    {"c5", "#0a7d8c", "#56d0de"},   {"c6", "#7d5a4a", "#cfab99"},
    {"c7", "#c2347f", "#f78fc0"},   {"c8", "#6a7a12", "#c3cf5e"},
    {"c9", "#5a6470", "#aab4c0"},
}};

// The rules of a drawing, with variables for colours.
constexpr std::string_view kPlotRules = R"(
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--quiet)}
svg .title{font-weight:600;font-size:13px;fill:var(--ink)}
svg .axis{font-size:11px}
svg path{fill:none;stroke-linejoin:round}
svg .grid{stroke:var(--grid)}
svg .faint{stroke-width:1;opacity:.25}
svg .line{stroke-width:1.6}
svg .bold{stroke-width:2.4}
svg .dashed{stroke-width:1.6;stroke-dasharray:5 4}
svg .dot{stroke-width:6;stroke-linecap:round}
svg .dotted{stroke-width:6;stroke-linecap:round;stroke-dasharray:0 8}
svg .band{stroke:none;opacity:.18}
svg .wave{fill:var(--c0);stroke:var(--c0);stroke-width:.8}
svg .bars{fill:var(--c0);stroke:none;opacity:.7}
svg .mark{stroke:var(--quiet);stroke-width:1.2;stroke-dasharray:2 3}
svg .level{font-size:11px;fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px}
svg .ink{stroke:var(--ink)}
svg .link{stroke:var(--link)}
svg .node{stroke:var(--link);stroke-linecap:round}
svg .hit{fill:transparent}
svg .lit{stroke:var(--c1);stroke-width:1.6;visibility:hidden}
svg .dots{stroke-linecap:round}
svg .cone.on .lit,svg .cone:hover .lit{visibility:visible}
)";

constexpr std::string_view kPageRules = R"(
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1160px;margin:0 auto;padding:20px 16px 48px}
h1{font-size:24px;line-height:1.2;margin:0 0 2px;overflow-wrap:anywhere}
h2{font-size:17px;margin:32px 0 10px}
p{margin:0 0 8px}
.quiet{color:var(--quiet)}
.status{display:inline-block;padding:1px 10px;border:1px solid var(--edge);border-radius:20px;font-size:13px;vertical-align:middle;white-space:nowrap}
.status.done{color:var(--good)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:10px;margin:16px 0 0}
.card{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:12px 14px;min-width:0}
.tiles b{display:block;font-size:20px;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
.tiles span{color:var(--quiet);font-size:13px}
.verdict{background:var(--bad-card);border-color:var(--bad);margin:16px 0 0}
.verdict b{color:var(--bad);font-size:17px}
.verdict p{margin:2px 0;overflow-wrap:anywhere}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(440px,100%),1fr));gap:12px}
.grid .wide{grid-column:1/-1}
.grid+.card{margin-top:12px}
figure{margin:0}
figcaption{color:var(--quiet);font-size:13px;margin-top:6px}
svg.plot{display:block;width:100%;height:auto}
h3{font-size:15px;margin:18px 0 8px}
.sounds{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr));gap:12px}
.sounds+.grid{margin-top:18px}
audio{display:block;width:100%;height:36px;margin-top:8px}
.on-phone{display:none}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--edge);vertical-align:top}
tr:last-child td{border-bottom:0}
th{color:var(--quiet);font-weight:500;white-space:nowrap}
.number{text-align:right;white-space:nowrap}
td.break{overflow-wrap:anywhere}
pre{margin:0;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2}
summary{cursor:pointer;padding:4px 0}
.words{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0 6px;padding:0;list-style:none}
.words li{border:1px solid var(--edge);border-radius:6px;padding:1px 8px;overflow-wrap:anywhere;unicode-bidi:isolate;max-width:100%;white-space:pre-wrap}
.words .known{background:var(--note);border-style:dashed}
.words .known::after{content:" known";color:var(--quiet);font-size:11px}
.cone{outline:none;cursor:pointer}
.cone:focus-visible .hit{fill:var(--note)}
.swatch{display:inline-block;width:14px;height:3px;margin-right:8px;vertical-align:middle}
@media(max-width:720px){main{padding:14px 10px 40px}.on-desk{display:none}.on-phone{display:block}.card{padding:10px}h1{font-size:21px}}
@media print{.card{break-inside:avoid}}
)";

constexpr std::string_view kScript = R"(
for (const plot of document.querySelectorAll('svg.plot')) {
  const light = event => {
    const cone = event.target.closest('.cone');
    if (!cone) return;
    plot.querySelector('.cone.on').classList.remove('on');
    cone.classList.add('on');
    const said = plot.closest('figure').querySelector('figcaption');
    said.textContent = cone.querySelector('title').textContent;
  };
  for (const kind of ['pointerover', 'focusin', 'click']) plot.addEventListener(kind, light);
}
)";

std::string series_rules() {
  std::string rules;
  for (int i = 0; i < 10; ++i) {
    rules += fmt::format(
        "svg .c{0}{{stroke:var(--c{0})}}svg .band.c{0}{{fill:var(--c{0});stroke:none}}\n", i);
  }
  return rules;
}

std::string plot_rules() { return series_rules() + std::string(kPlotRules); }

std::string variables(std::string_view Colour::*theme) {
  std::string all = ":root{";
  for (const Colour& colour : kColourTable) {
    all += fmt::format("--{}:{};", colour.name, colour.*theme);
  }
  return all + "}";
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

std::string page_style() {
  return ":root{color-scheme:light dark}" + variables(&Colour::light) +
         "@media(prefers-color-scheme:dark){" + variables(&Colour::dark) + "}\n" + plot_rules() +
         std::string(kPageRules);
}

std::string_view page_script() { return kScript; }

std::string alone(std::string_view svg) {
  std::string rules = plot_rules();
  for (const Colour& colour : kColourTable) {
    replace_all(rules, fmt::format("var(--{})", colour.name), colour.light);
  }
  // Words begin at the drawing's very edge, so the file gets a margin.
  constexpr std::string_view kCorner = "viewBox=\"0 0 ";
  const std::size_t start = svg.find('>') + 1;
  const std::string_view size = svg.substr(svg.find(kCorner) + kCorner.size());
  const double width = std::stod(std::string(size.substr(0, size.find(' '))));
  const double height = std::stod(std::string(size.substr(size.find(' ') + 1, 12)));
  std::string head(svg.substr(0, start));
  head.replace(head.find(kCorner), size.find('"') + kCorner.size(),
               fmt::format("viewBox=\"-{0} -{0} {1} {2}", kMargin, width + 2 * kMargin,
                           height + 2 * kMargin));
  return fmt::format(
      "{0}<style>{1}</style><rect x=\"-{2}\" y=\"-{2}\" width=\"100%\" height=\"100%\" "
      "fill=\"#ffffff\"/>{3}\n",
      head, rules, kMargin, svg.substr(start));
}

}  // namespace wavenet::report
