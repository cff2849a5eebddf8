// The loss of each file of val: how they spread, and the worst of them.
#include "wavenet/report/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "wavenet/base/utf8.h"
#include "wavenet/report/html.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

constexpr std::size_t kBins = 24;

std::string mean_loss_text(double loss) {
  return std::isfinite(loss) ? fmt::format("{:.4f}", loss) : "not a number";
}

std::vector<double> losses_of(const std::vector<FileLossRecord::File>& files) {
  std::vector<double> losses;
  for (const FileLossRecord::File& file : files) {
    losses.push_back(file.loss);
  }
  return losses;
}

// What is no number is in no bin.
std::vector<double> counts_in(Range range, const std::vector<double>& losses) {
  std::vector<double> counts(kBins, 0);
  for (const double loss : losses) {
    const double place = (loss - range.low) / (range.high - range.low) * kBins;
    if (std::isfinite(place)) {
      ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, kBins - 1.0))];
    }
  }
  return counts;
}

// Two points a bin, so that it is a bar.
std::vector<Point> stairs(Range range, const std::vector<double>& counts) {
  const double width = (range.high - range.low) / static_cast<double>(counts.size());
  std::vector<Point> points;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    points.push_back({range.low + static_cast<double>(i) * width, counts[i]});
    points.push_back({range.low + static_cast<double>(i + 1) * width, counts[i]});
  }
  return points;
}

std::string draw_files(const std::vector<FileLossRecord::File>& files, const std::string& unit,
                       Size size) {
  const std::vector<double> losses = losses_of(files);
  const Range x = range_of(losses);
  const std::vector<double> counts = counts_in(x, losses);
  const double most = *std::max_element(counts.begin(), counts.end());
  const Range y{0, std::max(1.0, 1.05 * most)};
  Panel panel({.left = kAxisWidth, .top = 46, .right = size.width - 20, .bottom = size.height - 34},
              x, y);
  panel.bottom_axis(ticks(x, static_cast<int>(size.width / 80)));
  panel.bottom_title("nats per " + unit);
  panel.left_axis(step_ticks(y, 5));
  panel.left_title("files");
  const std::vector<Point> top = stairs(x, counts);
  panel.band({{x.low, 0}, {x.high, 0}}, top, "bars");
  return svg(size, "Loss by file", panel.body());
}

// By sample, so that it is the loss of the whole part; a file without samples has none.
std::string mean_of(const std::vector<FileLossRecord::File>& files) {
  double sum = 0;
  double samples = 0;
  for (const FileLossRecord::File& file : files) {
    if (file.samples > 0) {
      sum += file.loss * static_cast<double>(file.samples);
      samples += static_cast<double>(file.samples);
    }
  }
  return mean_loss_text(sum / samples);
}

}  // namespace

std::vector<FileLossRecord::File> file_losses(const History& run) {
  std::map<std::string, FileLossRecord::File>
      by_name;  // an evaluation that was logged twice counts once
  for (const FileLossRecord& record : run.file_losses) {
    if (record.split == "val" && record.step == run.file_losses.back().step) {
      for (const FileLossRecord::File& file : record.files) {
        by_name[file.name] = file;
      }
    }
  }
  std::vector<FileLossRecord::File> files;
  for (auto& [name, file] : by_name) {
    files.push_back(std::move(file));
  }
  // What is no number comes first: nothing is worse.
  const auto badness = [](const FileLossRecord::File& file) {
    return std::isfinite(file.loss) ? file.loss : HUGE_VAL;
  };
  std::stable_sort(files.begin(), files.end(),
                   [&](const auto& a, const auto& b) { return badness(a) > badness(b); });
  return files;
}

std::string file_losses_html(const History& run) {
  const std::vector<FileLossRecord::File> files = file_losses(run);
  if (files.empty()) {
    return "";
  }
  const std::size_t shown = std::min(files.size(), kMostFiles);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < shown; ++i) {
    const FileLossRecord::File& file = files[i];
    rows.push_back({excerpt(file.name, 80), mean_loss_text(file.loss), with_commas(file.samples)});
  }
  const std::string about =
      shown < files.size()
          ? fmt::format("The {} worst of {} files; the mean by {} is {}.", shown,
                        with_commas(std::ssize(files)), excerpt(run.info.unit, 20), mean_of(files))
          : fmt::format("The worst first; the mean by {} is {}.", excerpt(run.info.unit, 20),
                        mean_of(files));
  return card("<p class=\"quiet\">" + escape(about) + "</p>\n" +
              table({{"file"}, {"nats", true}, {excerpt(run.info.unit, 20) + "s", true}}, rows));
}

std::vector<Figure> file_figures(const History& run) {
  const std::vector<FileLossRecord::File> files = file_losses(run);
  if (files.size() < 2) {
    return {};
  }
  return {{.name = "files",
           .section = "files",
           .caption = {},
           .wide = true,
           .draw = [files, unit = excerpt(run.info.unit, 20)](Size size) {
             return draw_files(files, unit, size);
           }}};
}

}  // namespace wavenet::report
