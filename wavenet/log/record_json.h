// A record as one line of JSON, and back: the schema of metrics.jsonl and details.jsonl.
//
//   {"steps_done":1000,"loss":2.31,"lr":0.1}              a window of steps
//   {"steps_done":1000,"split":"val","loss":2.35}         an evaluation
//   {"steps_done":1000,"layer":"blocks.0.tanh","kind":"Tanh","activation":H,"gradient":H,
//    "saturated":0.03,"dead":0.0}
//        H: {"low":-1.0,"high":1.0,"counts":[3,7],"mean":0.2,"std":0.4}
//   {"steps_done":1000,"parameter":"head.weight","std":0.1,"gradient_std":0.002,"update_ratio":-3.1}
//   {"steps_done":1000,"norm":"blocks.0.norm","mean":[-1.0,0.0,1.0],"variance":[0.1,1.0,9.0]}
//   {"steps_done":1000,"samples":[{"text":"emma","known":true}]}
//   {"steps_done":1000,"sound":"sample 1","rate":8000,"codes":"gICA..."}      mu-law, in base64
//   {"steps_done":1000,"files":[{"name":"a.wav","loss":2.3,"samples":8000}],"of":"val"}
//   {"steps_done":1000,"counts":[3,7,...],"of":"train"}   how often each code occurs
//   {"steps_done":1000,"verdict":"not learning","because":"...","try":"..."}
//
// A number that is not finite is null. Logs of version 0.1, whose key is "step", are read too. Left
// out: files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wavenet/log/records.h"

namespace wavenet::logs {

// Far more than any record needs; a parsed line takes some ten times its length in memory.
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;

// Without the line's end.
std::string line_of(const Record& record);

// Nothing for a kind of record that is unknown here. Throws Error, which begins with `place`.
std::optional<Record> record_of(std::string_view line, const std::string& place);
// Its `step` alone, of any kind.
std::int64_t steps_done_at(std::string_view line, const std::string& place);

// Whether a file that begins so is such a log.
bool begins_a_log(std::string_view text);

}  // namespace wavenet::logs
