// json_line: a JSON object as a line; of a name that is no UTF-8, what can be read of it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cli {

inline std::string json_line(const nlohmann::ordered_json& json, int indent = -1) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cli
