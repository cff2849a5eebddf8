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
  alone ? report::write(folders.front(), page) : report::write_comparison(folders, page);
  std::vector<std::string> written{page.string()};
  if (!arguments.figures.empty()) {
    const fs::path to = arguments.figures;
    for (const fs::path& file : alone ? report::write_figures(read_history(folders.front()), to)
                                      : report::write_figures(report::read_all(folders), to)) {
      written.push_back(file.string());
    }
  }
  if (arguments.json) {
    const std::vector<std::string> figures(written.begin() + 1, written.end());
    fmt::print("{}", json_line({{"report", page.string()}, {"figures", figures}}));
  } else {
    fmt::print("{}\n", fmt::join(written, "\n"));
  }
  return 0;
}

}  // namespace cli
