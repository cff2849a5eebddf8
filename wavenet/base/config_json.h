// A recipe's JSON as flat keys, and back. Only config.cpp uses it.
//
//   Entries entries = entries_of(R"({"model": {"hidden": 200}})", "my.json");   // {"model.hidden", 200}
//   json_of(entries)                                                            // nested again
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wavenet/base/config.h"

namespace wavenet::config {

using Entries = std::vector<std::pair<std::string, Config::Value>>;

// Letters, digits, '_' and '-'.
bool is_key_part(std::string_view part);

// In the order of the text. Throws Error that names `name`, and the place or the key.
Entries entries_of(std::string_view json, const std::string& name);
std::string json_of(const Entries& entries);

}  // namespace wavenet::config
