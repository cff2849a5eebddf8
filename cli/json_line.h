// json_line: a JSON object as a line. A name of a file that is no UTF-8 keeps what can be read of
// it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cli {

inline std::string json_line(const nlohmann::ordered_json& json, int indent = -1) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cli
