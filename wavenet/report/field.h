// Field: which inputs each output of a stack of dilated layers sees, and the stack as a drawing.
//
//   const std::optional<Stack> stack = stack_of(run.info);   // {2, {1, 2, 4}}: the article's tree
//   const Cone cone = cone_of(*stack, 15, 0);   // what output 15 rests on, down to position 0
//   draw_stack(*stack, kWide);                  // pointing at an output lights its cone
//
// A tree's fusion is a layer of width 2, an MLP's window one layer as wide. Left out: models.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wavenet/log/history.h"
#include "wavenet/report/svg.h"

namespace wavenet::report {

struct Stack {
  std::int64_t width;
  std::vector<std::int64_t> dilations;  // from the input upwards
};

// Nothing where the file does not tell, its numbers contradict one another, or a drawing would be
// beyond reading.
std::optional<Stack> stack_of(const RunInfo& info);

// 1 + the sum of (width - 1) dilation.
std::int64_t field_of(const Stack& stack);

struct Link {
  std::size_t level;  // of its lower end: 0 for the inputs
  std::int64_t from;  // position of its lower end
  std::int64_t to;    // and of its upper, one level above
};

struct Cone {
  std::vector<std::vector<std::int64_t>> seen;  // positions, sorted, level by level from the inputs
  std::vector<Link> links;
};

// Of the output at `position`; what lies before `first` is left out.
Cone cone_of(const Stack& stack, std::int64_t position, std::int64_t first);

std::string draw_stack(const Stack& stack, Size size);

}  // namespace wavenet::report
