// What stands beside a loss, on standard output and in JSON: marks (baselines) and the leak.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "wavenet/run/judge.h"

namespace cli {

// A line each, or a key each of a JSON object.
// `is_own`: the part is of the data that the model was trained on, in which marks are counted.
void print(const wavenet::Marks& marks, const std::string& part, bool is_own = true);
void print(const wavenet::run::Leak& leak, const std::string& part);
void add_to(nlohmann::ordered_json& record, const wavenet::Marks& marks);
void add_to(nlohmann::ordered_json& record, const wavenet::run::Leak& leak);

}  // namespace cli
