#include "wavenet/report/report.h"

#include <map>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/report/figures.h"
#include "wavenet/report/html.h"
#include "wavenet/report/page.h"
#include "wavenet/report/style.h"

namespace wavenet::report {
namespace {

namespace fs = std::filesystem;

constexpr Size kAlone{900, 420};
constexpr Size kAloneHalf{640, 360};

void write_page(const fs::path& page, std::string_view html) {
  require_own_file(page, "page of this program", is_page);
  write_file_atomically(page, html);
}

bool is_drawing(std::string_view beginning) {
  return beginning.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" ");
}

std::vector<fs::path> write_all(const std::vector<Figure>& figures, const fs::path& directory) {
  require_writable_directory(directory);
  std::vector<fs::path> written;
  for (const Figure& figure : figures) {
    written.push_back(directory / (figure.name + ".svg"));
    require_own_file(written.back(), "drawing of this program", is_drawing);
    write_file_atomically(written.back(), alone(figure.draw(figure.wide ? kAlone : kAloneHalf)));
  }
  return written;
}

}  // namespace

// Pages of earlier versions lack the tag; those are known by their palette.
bool is_page(std::string_view beginning) {
  return beginning.find(kGeneratorTag) != beginning.npos ||
         beginning.find("--page:#f6f7f9") != beginning.npos;
}

std::vector<History> read_all(const std::vector<fs::path>& folders) {
  std::vector<History> runs;
  std::map<std::string, int> folders_of;  // by name
  for (const fs::path& folder : folders) {
    runs.push_back(read_history(folder));
    ++folders_of[runs.back().name];
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (folders_of[runs[i].name] > 1) {
      runs[i].name = folders[i].string();
    }
  }
  return runs;
}

void write(const fs::path& folder, bool running) {
  History run = read_history(folder);
  run.running = running;
  write_page(folder / "report.html", page_of(run));
}

void write(const fs::path& folder, const fs::path& page) {
  write_page(page, page_of(read_history(folder)));
}

std::string comparison(const std::vector<fs::path>& folders) {
  check_usage(!folders.empty() && folders.size() <= kMaxRuns,
              "report: compares 1 to {} runs, got {}", kMaxRuns, folders.size());
  return comparison_of(read_all(folders));
}

void write_comparison(const std::vector<fs::path>& folders, const fs::path& page) {
  write_page(page, comparison(folders));
}

std::vector<fs::path> write_figures(const History& run, const fs::path& directory) {
  return write_all(figures_of(run), directory);
}

std::vector<fs::path> write_figures(const std::vector<History>& runs, const fs::path& directory) {
  return write_all(comparison_figures(runs), directory);
}

}  // namespace wavenet::report
