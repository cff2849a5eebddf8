#include "wavenet/data/audio/doctor/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "wavenet/data/finding_json.h"

namespace wavenet::data {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRow = 6;  // dB

template <class Key>
Json counts_of(const std::map<Key, std::size_t>& counts) {
  Json all = Json::array();
  for (const auto& [key, files] : counts) {
    all.push_back({key, files});
  }
  return all;
}

Json json_of(const SoundPlaces& where) {
  Json all = Json::array();
  for (const SoundPlace& place : where.all()) {
    Json record{{"file", place.file}};
    if (place.seconds) {
      record["seconds"] = *place.seconds;
    }
    record["measure"] = place.measure;
    all.push_back(std::move(record));
  }
  return {{"places", std::move(all)}};
}

Json levels_of(const SoundDiagnosis& found) {
  Json all = Json::array();
  for (const LevelRow& row : level_rows(found)) {
    all.push_back({{"from", row.from}, {"to", row.to}, {"windows", row.windows}});
  }
  return all;
}

}  // namespace

std::vector<LevelRow> level_rows(const SoundDiagnosis& found) {
  const auto all = static_cast<double>(
      std::accumulate(found.windows.begin(), found.windows.end(), std::int64_t{0}));
  std::vector<LevelRow> rows;
  for (std::size_t i = 0; i < kLevelRows; ++i) {
    const int from = -kRow * static_cast<int>(i);
    rows.push_back({from, from - kRow, found.windows[i],
                    all == 0 ? 0 : static_cast<double>(found.windows[i]) / all});
  }
  const auto empty = [](const LevelRow& row) { return row.windows == 0; };
  rows.erase(std::find_if_not(rows.rbegin(), rows.rend(), empty).base(), rows.end());
  rows.erase(rows.begin(), std::find_if_not(rows.begin(), rows.end(), empty));
  return rows;
}

std::string text_of(const LevelRow& row) {
  const bool last = row.from == -kRow * static_cast<int>(kLevelRows - 1);
  return last ? fmt::format("below {}", row.from) : fmt::format("{} to {}", row.to, row.from);
}

std::string json_of(const SoundDiagnosis& found) {
  Json record{{"source", found.source},
              {"format", "sound"},
              {"files", found.files},
              {"readable", found.readable},
              {"excluded", found.excluded},
              {"repeated", found.repeated},
              {"skipped", found.skipped},
              {"seconds", found.seconds},
              {"samples", found.samples},
              {"rates", counts_of(found.rates)},
              {"channels", counts_of(found.channels)},
              {"formats", counts_of(found.formats)},
              {"peak", found.peak},
              {"rms", found.rms},
              {"silent_share", found.silent_share()},
              {"levels", levels_of(found)}};
  record["findings"] = Json::array();
  for (const SoundFinding& finding : found.findings) {
    record["findings"].push_back(finding_json(finding, json_of(finding.where)));
  }
  return record.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wavenet::data
