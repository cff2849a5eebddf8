#include "wavenet/report/code_curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "wavenet/base/utf8.h"
#include "wavenet/report/heard.h"
#include "wavenet/report/text.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::report {
namespace {

using Shares = std::vector<double>;

Shares shares_of(std::span<const std::int64_t> counts) {
  double total = 0;
  for (const std::int64_t count : counts) {
    total += static_cast<double>(count);
  }
  Shares shares;
  for (const std::int64_t count : counts) {
    shares.push_back(static_cast<double>(count) / total);
  }
  return total > 0 && std::ssize(counts) == sound::kCodes ? shares : Shares();
}

Shares shares_of(const std::vector<const SoundRecord*>& sounds) {
  std::vector<std::int64_t> counts(sound::kCodes, 0);
  for (const SoundRecord* sound : sounds) {
    if (sound->bits == 8) {  // an amplifier's samples are no codes
      for (const char code : sound->codes) {
        ++counts[static_cast<unsigned char>(code)];
      }
    }
  }
  return shares_of(counts);
}

struct CodeCurve {
  std::string label;
  Shares shares;
};

std::vector<CodeCurve> code_curves(const History& run) {
  std::vector<CodeCurve> curves;
  if (!run.codes.empty()) {
    curves.push_back(
        {"data: " + excerpt(run.codes.back().of, 20), shares_of(run.codes.back().counts)});
  }
  const std::vector<const SoundRecord*> latest = all_latest(run);
  if (!latest.empty()) {
    curves.push_back({fmt::format("samples, after {} steps", with_commas(latest.back()->step)),
                      shares_of(latest)});
  }
  std::erase_if(curves, [](const CodeCurve& curve) { return curve.shares.empty(); });
  return curves;
}

// Powers of ten around every share that is not 0.
Range powers_of(const std::vector<CodeCurve>& curves) {
  double low = 1;
  double high = 0;
  for (const CodeCurve& curve : curves) {
    for (const double share : curve.shares) {
      low = share > 0 ? std::min(low, share) : low;
      high = std::max(high, share);
    }
  }
  constexpr double kLowest = -5;
  const double top = std::ceil(std::log10(high) + 1e-9);
  return {std::min(top - 1, std::max(kLowest, std::floor(std::log10(low)))), top};
}

std::vector<Tick> percent_ticks(Range powers) {
  std::vector<Tick> all;
  for (double power = powers.low; power <= powers.high; ++power) {
    all.push_back({power, shortest(100 * std::pow(10.0, power), 4)});
  }
  return all;
}

std::string draw_codes(const std::vector<CodeCurve>& curves, Size size) {
  const Range y = powers_of(curves);
  Panel panel({.left = kAxisWidth, .top = 46, .right = size.width - 20, .bottom = size.height - 34},
              {0, sound::kCodes - 1}, y);
  panel.bottom_axis({{0, "0"}, {64, "64"}, {128, "128"}, {192, "192"}, {255, "255"}});
  panel.bottom_title("code; 128 is silence");
  panel.left_axis(percent_ticks(y));
  panel.left_title("% of samples");
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    std::vector<Point> points;
    for (const double share : curves[i].shares) {  // none: beyond the lower edge
      const double power = share > 0 ? std::log10(share) : y.low - 1;
      points.push_back({static_cast<double>(points.size()), power});
    }
    panel.curve(points, "line " + colour(i));
    entries.push_back({curves[i].label, "line " + colour(i)});
  }
  const Legend keys = legend(entries, kAxisWidth, size.width, size.height);
  return svg({size.width, size.height + keys.height}, "How often each code occurs",
             panel.body() + keys.body);
}

}  // namespace

std::optional<Figure> codes_figure(const History& run) {
  const std::vector<CodeCurve> curves = code_curves(run);
  if (curves.empty()) {
    return std::nullopt;
  }
  return Figure{.name = "codes",
                .section = "sounds",
                .caption = {},
                .wide = true,
                .draw = [curves](Size size) { return draw_codes(curves, size); }};
}

}  // namespace wavenet::report
