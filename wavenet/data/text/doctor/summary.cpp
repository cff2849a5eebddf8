#include "wavenet/data/text/doctor/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "wavenet/base/utf8.h"
#include "wavenet/data/finding_json.h"

namespace wavenet::data {
namespace {

using Json = nlohmann::ordered_json;

// The length that nearly all lines do not exceed.
std::size_t usual_length(const Diagnosis& found) {
  std::size_t usual = 0;
  std::size_t below = 0;
  for (const auto& [length, lines] : found.lengths) {
    below += lines;
    usual = length;
    if (1000 * below >= 995 * found.filled()) {
      break;
    }
  }
  return usual;
}

Json json_of(const std::vector<CharacterCount>& alphabet) {
  Json all = Json::array();
  for (const CharacterCount& entry : alphabet) {
    all.push_back({{"character", encode_utf8(entry.character)},
                   {"code", fmt::format("U+{:04X}", static_cast<std::uint32_t>(entry.character))},
                   {"count", entry.count}});
  }
  return all;
}

Json json_of(const Parts& parts) {
  return {{"train", parts.train},
          {"val", parts.val},
          {"test", parts.test},
          {"val_seen", parts.val_seen},
          {"test_seen", parts.test_seen}};
}

Json json_of(const std::vector<Finding>& findings) {
  Json all = Json::array();
  for (const Finding& finding : findings) {
    all.push_back(finding_json(
        finding, {{"lines", finding.where.ranges()}, {"line_count", finding.where.lines()}}));
  }
  return all;
}

}  // namespace

std::vector<LengthRow> length_rows(const Diagnosis& found, std::size_t most) {
  const std::size_t usual = usual_length(found);
  const std::size_t step = (usual + most - 1) / most;
  std::vector<LengthRow> rows;
  for (const auto& [length, lines] : found.lengths) {
    const std::size_t row = std::min((length - 1) / step, (usual - 1) / step + 1);
    while (rows.size() <= row) {
      const std::size_t before = rows.size() * step;
      rows.push_back({before + 1, before + step, 0});
    }
    rows[row].lines += lines;
    if (rows[row].first > usual) {
      rows[row].last = length;
    }
  }
  return rows;
}

std::string json_of(const Diagnosis& found) {
  Json record{
      {"source", found.source},       {"format", found.format == Format::lines ? "lines" : "text"},
      {"lines", found.lines},         {"blank", found.blank},
      {"different", found.different}, {"characters", found.characters}};
  record["lengths"] = Json::array();
  for (const auto& [length, lines] : found.lengths) {
    record["lengths"].push_back({length, lines});
  }
  record["alphabet"] = json_of(found.alphabet);
  if (found.parts) {
    record["split"] = json_of(*found.parts);
  }
  record["findings"] = json_of(found.findings);
  return record.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wavenet::data
