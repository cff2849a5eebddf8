// Starts: the rows at which sequences begin that stand end to end, packed, in one tensor
// [1, T, ...].
//
//   const std::vector<std::int64_t> rows{0, 5, 7};   // T = 9: sequences of 5, 2 and 2 rows
//   Starts starts = std::make_shared<const std::vector<std::int64_t>>(rows);
//
// Ascending from 0. Null where each row of a batch [B, T, ...] is a sequence of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace wavenet {

using Starts = std::shared_ptr<const std::vector<std::int64_t>>;

}  // namespace wavenet
