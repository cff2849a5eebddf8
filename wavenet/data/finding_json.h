// A finding as JSON: the same keys for any data, but for its places.
//
//   finding_json(finding, {{"lines", ranges}})    // {"severity":"note","rule":...,"lines":...,"do":...}
//
// Left out of the public headers, as it needs nlohmann's.
#pragma once

#include <nlohmann/json.hpp>

#include "wavenet/data/finding.h"

namespace wavenet::data {

template <class Where>
nlohmann::ordered_json finding_json(const FindingAt<Where>& finding,
                                    const nlohmann::ordered_json& places) {
  nlohmann::ordered_json record{
      {"severity", name_of(finding.severity)}, {"rule", finding.rule}, {"what", finding.what}};
  record.update(places);
  record["details"] = finding.details;
  record["do"] = finding.advice;
  record["command"] = finding.command;
  return record;
}

}  // namespace wavenet::data
