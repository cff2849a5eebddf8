// wavenet report: a run folder as a page, or several beside one another.
#include "wavenet/report/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "wavenet/base/check.h"
#include "wavenet/report/page.h"

namespace cli {

using namespace wavenet;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> write_figures(const std::vector<fs::path>& folders, const fs::path& to) {
  if (folders.size() == 1) {
    return report::write_figures(read_history(folders.front()), to);
  }
  return report::write_figures(report::read_all(folders), to);
}

}  // namespace

int report(const ReportArguments& arguments) {
  const std::vector<fs::path> folders(arguments.runs.begin(), arguments.runs.end());
  const bool alone = folders.size() == 1;
  if (arguments.out == "-") {
    if (arguments.json || !arguments.figures.empty()) {
      fail_usage("--out -: the page takes standard output, so neither --json nor --figures fits");
    }
    fmt::print(
        "{}", alone ? report::page_of(read_history(folders.front())) : report::comparison(folders));
    return 0;
  }
  const fs::path page = !arguments.out.empty() ? fs::path(arguments.out)
                        : alone                ? folders.front() / "report.html"
                                               : fs::path("comparison.html");
  if (alone) {
    report::write(folders.front(), page);
  } else {
    report::write_comparison(folders, page);
  }
  std::vector<std::string> figures;
  if (!arguments.figures.empty()) {
    for (const fs::path& file : write_figures(folders, arguments.figures)) {
      figures.push_back(file.string());
    }
  }
  if (arguments.json) {
    const nlohmann::ordered_json all{{"report", page.string()}, {"figures", figures}};
    fmt::print("{}", json_line(all));
    return 0;
  }
  fmt::print("{}\n", page.string());
  for (const std::string& file : figures) {
    fmt::print("{}\n", file);
  }
  return 0;
}

}  // namespace cli
