// RunInfo: run.json, which says of a run what its logs do not: the command and recipe that repeat it,
// the model's layers, the data, and the marks (baselines) to beat.
//
//   const std::string text = text_of(info);
//   RunInfo same = parse_run_info(text, "runs/a/run.json");
//
// Left out: where the numbers come from (run/card.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wavenet/log/records.h"

namespace wavenet {

inline constexpr std::int64_t kMaxRunInfoBytes = std::int64_t{1} << 20;

struct LayerInfo {
  std::string name;
  std::string kind;
  std::vector<std::int64_t> shape;  // of its output
  std::int64_t parameters = 0;
};

struct Fact {  // of the data: "words", 32033
  std::string name;
  std::variant<std::int64_t, std::string> value;
  bool operator==(const Fact&) const = default;
};

// Every key may be missing in a file; those that are empty or 0 here are not written.
struct RunInfo {
  std::string version;
  std::string command;
  std::string recipe;      // indented JSON
  std::int64_t steps = 0;  // that training will take, which the recipe says; 0: unknown
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> split_seed;
  std::optional<std::int64_t> parameters;
  std::int64_t receptive_field = 0;
  std::int64_t vocabulary = 0;
  std::string unit = "character";  // what one code is
  std::string measure = "nats";    // what losses on a part of the data are: nats a unit, or "ESR"
  std::vector<LayerInfo> layers;
  std::vector<std::int64_t> dilations;
  std::int64_t width = 0;
  std::vector<Fact> data;
  Marks marks;
};

std::string text_of(const RunInfo& info);
// What a loss is, for people: "nats per character".
std::string measure_of(const RunInfo& info);
// Throws Error naming `file` and the rule.
RunInfo parse_run_info(std::string_view text, const std::string& file);
// Whether a file that begins so is one.
bool begins_a_run_info(std::string_view text);

}  // namespace wavenet
