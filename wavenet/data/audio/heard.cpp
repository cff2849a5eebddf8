#include "wavenet/data/audio/heard.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/read.h"

namespace wavenet::data {
namespace {

std::vector<std::string> changes_of(const std::string& name, const sound::Report& report,
                                    std::int64_t rate) {
  std::vector<std::string> notes;
  if (report.facts.channels > 1) {
    notes.push_back(
        fmt::format("{}: its {} channels are mixed to one", name, report.facts.channels));
  }
  if (report.resampled) {
    notes.push_back(fmt::format("{}: resampled from {} to the model's {} samples a second", name,
                                report.facts.rate, rate));
  }
  if (report.clamped > 0) {
    notes.push_back(fmt::format("{}: {} of {} samples lie beyond full scale and are clamped", name,
                                report.clamped, report.samples));
  }
  return notes;
}

}  // namespace

Heard hear(const std::filesystem::path& path, std::int64_t rate, std::int64_t most) {
  Heard heard;
  std::vector<std::uint8_t>& codes = heard.codes;
  sound::Report report = sound::read(path, {.rate = rate}, [&](std::span<const float> block) {
    const std::size_t begin = codes.size();
    codes.resize(std::min(begin + block.size(), static_cast<std::size_t>(most)));
    sound::code(block.first(codes.size() - begin), std::span(codes).subspan(begin));
  });
  heard.notes = changes_of(path.string(), report, rate);
  heard.warnings = std::move(report.warnings);
  return heard;
}

}  // namespace wavenet::data
