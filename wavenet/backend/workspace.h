// Workspace: the memory in which kernels keep what a call needs on its way to the result.
//
//   Workspace room;
//   const UseWorkspace use(room);                // for its lifetime, on this thread
//   backend().gemm(a, b, c, Into::overwrite);    // may allocate in `room`; again, it does not
//
//   float* panel = workspace().at<float>(Workspace::Part::panel, width * depth);   // in a kernel
//
// It grows to the most that was asked of it, then stays: kernels that have run once in it allocate
// nothing, whichever thread runs them again. A Stream has one for this reason. A copy is as large.
// Threads: each has a workspace of its own, which it uses where no UseWorkspace lives; one serves
// one thread at a time. The helpers of a parallel_for use their own, not that of the thread that
// they work for. Left out: results, which stand in Storage; giving memory back before the workspace
// ends.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace wavenet {

class Workspace {
 public:
  // What a kernel uses at once is kept apart: a panel of a product's right matrix; where the rows of a
  // product come from (`left`, `begun`) and go to, what is added there, and their groups; sums of rows;
  // runs of rows; sums that go on with the next slab of a product's depth; operands rounded to bf16
  // (`words`), those of a turned matrix, and the same of sums; signals side by side, and a frame of them
  // under a transform.
  enum class Part {
    panel,
    left,
    begun,
    to,
    added,
    groups,
    sums,
    runs,
    slab,
    words,
    turned,
    sum_panel,
    sum_words,
    sum_turned,
    signals,
    frame
  };

  // At least `count` values, 64-byte aligned, not initialised. They stay where they are until more
  // of this part are asked for.
  template <class T>
  T* at(Part part, std::int64_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    return static_cast<T*>(at_bytes(part, static_cast<std::size_t>(count) * sizeof(T)));
  }

 private:
  static constexpr std::size_t kParts = static_cast<std::size_t>(Part::frame) + 1;
  void* at_bytes(Part part, std::size_t bytes);

  std::array<std::vector<std::byte>, kParts> blocks_;
};

// The one that kernels on this thread use.
Workspace& workspace();

// For its lifetime, kernels on this thread use `chosen`.
class UseWorkspace {
 public:
  explicit UseWorkspace(Workspace& chosen);
  ~UseWorkspace();
  UseWorkspace(const UseWorkspace&) = delete;
  UseWorkspace& operator=(const UseWorkspace&) = delete;

 private:
  Workspace* before_;
};

}  // namespace wavenet
