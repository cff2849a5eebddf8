#include "wavenet/report/report.h"

#include <map>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/report/figures.h"
#include "wavenet/report/page.h"
#include "wavenet/report/style.h"

namespace wavenet::report {
namespace {

namespace fs = std::filesystem;

constexpr Size kAlone{900, 420};
constexpr Size kAloneHalf{640, 360};

std::vector<fs::path> write_all(const std::vector<Figure>& figures, const fs::path& directory) {
  require_writable_directory(directory);
  std::vector<fs::path> written;
  for (const Figure& figure : figures) {
    written.push_back(directory / (figure.name + ".svg"));
    write_file_atomically(written.back(), alone(figure.draw(figure.wide ? kAlone : kAloneHalf)));
  }
  return written;
}

}  // namespace

std::vector<Records> read_all(const std::vector<fs::path>& folders) {
  std::vector<Records> runs;
  std::map<std::string, int> folders_of;  // by name
  for (const fs::path& folder : folders) {
    runs.push_back(read_records(folder));
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
  Records run = read_records(folder);
  run.running = running;
  write_file_atomically(folder / "report.html", page_of(run));
}

void write(const fs::path& folder, const fs::path& page) {
  write_file_atomically(page, page_of(read_records(folder)));
}

void write_comparison(const std::vector<fs::path>& folders, const fs::path& page) {
  check(!folders.empty() && folders.size() <= kMaxRuns, "report: compares 1 to {} runs, got {}",
        kMaxRuns, folders.size());
  write_file_atomically(page, comparison_of(read_all(folders)));
}

std::vector<fs::path> write_figures(const Records& run, const fs::path& directory) {
  return write_all(figures_of(run), directory);
}

std::vector<fs::path> write_figures(const std::vector<Records>& runs, const fs::path& directory) {
  return write_all(comparison_figures(runs), directory);
}

}  // namespace wavenet::report
