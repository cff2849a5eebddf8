// The causal convolution: products whose left rows are gathered from x, tap after tap, so nothing
// is copied and no row is computed twice.
//
//   y[r] = bias + sum over taps k of  x[source_k(r)] W_k
//   dx[r] += sum over k of  dy[target_k(r)] W_k^T
//   dW_k += sum over r of  x[source_k(r)]^T dy[r]
//
// source_k(r) is r moved back within its own sequence by what tap k looks back, target_k(r) is r
// moved forward by as much.
//
// Rows are grouped by the taps that find something in their sequence; the others cost nothing.
// Where the past before a sequence repeats its first row, what that row adds by each tap is
// computed once:
//
//   y[r] goes on from  x[first] W_0 + ... + x[first] W_(a-1), where a taps read the past
//   dx[first] += sum over k of  (sum of dy[r] over the r whose tap k reads the past) W_k^T
//   dW_k += x[first]^T (that sum)
#include <algorithm>
#include <span>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/conv.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Calls each(number, its first row of x, its first row of y, its length) for every sequence.
template <class Each>
void for_each_sequence(const ConvShape& s, const Each& each) {
  const std::int64_t count = s.sequences();
  for (std::int64_t b = 0; b < count; ++b) {
    if (s.starts.empty()) {
      each(b, b * s.length, b * (s.length - s.from), s.length);
    } else {
      const auto number = static_cast<std::size_t>(b);
      const std::int64_t end = b + 1 < count ? s.starts[number + 1] : s.length;
      each(b, s.starts[number], s.starts[number], end - s.starts[number]);
    }
  }
}

// How far tap k looks back.
std::int64_t shift_of(const ConvShape& s, std::int64_t k) { return (s.width - 1 - k) * s.dilation; }

// Whether rows of y read what stands before the first row, and it is that row again.
bool repeats_first_row(const ConvShape& s) { return !s.zero_padding && s.from < shift_of(s, 0); }

using Part = Workspace::Part;

// The rows of a product: where each comes from, tap by tap, and where it goes. A workspace holds
// one at a time.
class ProductRows {
 public:
  // Rows that the same taps, [tap, end), find something for.
  struct Group {
    std::int64_t tap;
    std::int64_t end;
    bool begun;          // their sums go on from begun()
    std::int64_t first;  // row
    std::int64_t count;  // of rows
  };

  // `adds`: something is added to each row, which added() says.
  ProductRows(Workspace& room, std::int64_t taps, std::int64_t capacity, bool adds = false)
      : capacity_(capacity),
        left_(room.at<const float*>(Part::left, taps * capacity)),
        begun_(room.at<const float*>(Part::begun, capacity)),
        to_(room.at<float*>(Part::to, capacity)),
        added_(adds ? room.at<const float*>(Part::added, capacity) : nullptr),
        groups_(room.at<Group>(Part::groups, most_groups(taps, capacity))) {}

  void open(std::int64_t tap, std::int64_t end, bool begun) {
    if (group_count_ == 0 || last().count > 0) {
      ++group_count_;
    }
    last() = {tap, end, begun, count_, 0};
  }
  // A row of the open group; left(k) is what its tap k reads.
  template <class Left>
  void add(float* to, const float* begun, const Left& left, const float* added = nullptr) {
    to_[count_] = to;
    if (added_ != nullptr) {
      added_[count_] = added;
    }
    begun_[count_] = begun;
    for (std::int64_t k = last().tap; k < last().end; ++k) {
      left_[k * capacity_ + count_] = left(k);
    }
    ++count_;
    ++last().count;
  }

  std::span<const Group> groups() const { return {groups_, group_count_}; }
  const float* const* left(std::int64_t k) const { return left_ + k * capacity_; }
  const float* const* begun() const { return begun_; }
  float* const* to() const { return to_; }
  const float* const* added() const { return added_; }  // null: nothing

 private:
  // As many as there are ranges of taps, of which all but the last that was opened have rows.
  static std::int64_t most_groups(std::int64_t taps, std::int64_t capacity) {
    return std::min((taps + 1) * (taps + 2) / 2, capacity + 1);
  }
  Group& last() { return groups_[group_count_ - 1]; }

  std::int64_t capacity_;
  std::int64_t count_ = 0;
  const float** left_;
  const float** begun_;
  float** to_;
  const float** added_;
  Group* groups_;
  std::size_t group_count_ = 0;
};

// to (+)= begun + sum over a row's taps of left_k b_k + bias + added, with b_k: [depth, n] at
// b.data + k * b_tap.
void gathered_product(const ProductRows& rows, std::int64_t taps, Strided b, std::int64_t b_tap,
                      std::int64_t depth, std::int64_t n, const float* bias, bool add) {
  std::int64_t multiply_adds = 0;
  for (const ProductRows::Group& group : rows.groups()) {
    multiply_adds += group.count * (group.end - group.tap) * depth * n;
  }
  for_each_panel(
      n, multiply_adds,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace& room) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const std::int64_t size = width * depth;
        float* scratch = room.at<float>(Part::panel, size * taps);
        const float* bias_at = bias == nullptr ? nullptr : bias + j;
        const auto panel = [&](std::int64_t k) {
          return panel_of({b.data + k * b_tap, b.row, b.column}, j, columns, depth, width,
                          scratch + k * size);
        };
        const Panel first = panel(0);
        const std::int64_t step = first.data == scratch ? size : b_tap;  // from tap to tap
        for (std::int64_t k = 1; k < taps; ++k) {
          panel(k);
        }
        for (const ProductRows::Group& group : rows.groups()) {
          for_each_tile(group.count, [&]<std::int64_t kRows>(std::int64_t i) {
            i += group.first;
            const GatheredTo to{rows.to() + i, j};
            Tile<Tag, kRows, kVectors> tile;
            if (group.begun) {
              tile.resume(rows.begun() + i, j, columns);
            } else {
              tile.start(to);
            }
            if (i + 2 * kRows <= group.first + group.count && group.tap < group.end) {
              const float* const* next = rows.left(group.end - 1) + i + kRows;
              tile.ask_for([&](std::int64_t row) { return next[row]; });
            }
            for (std::int64_t k = group.tap; k < group.end; ++k) {
              tile.accumulate(GatheredRows{rows.left(k) + i}, first.data + k * step, first.row,
                              depth);
            }
            if (rows.added() != nullptr) {
              tile.store(to, columns, bias_at, rows.added() + i, j);
            } else {
              tile.store(to, columns, bias_at, add);
            }
          });
        }
      });
}

// [K - 1, sequences, Cout]: at (a - 1, b) what the first row of sequence b adds by taps 0 to a - 1.
const float* sums_of_first_rows(const float* x, const float* weight, const ConvShape& s,
                                Workspace& room) {
  const std::int64_t size = s.sequences() * s.out;
  float* sums = room.at<float>(Part::sums, (s.width - 1) * size);
  for (std::int64_t a = 1; a < s.width; ++a) {
    ProductRows rows(room, 1, s.sequences());
    rows.open(0, 1, a > 1);
    for_each_sequence(s, [&](std::int64_t b, std::int64_t first, std::int64_t, std::int64_t) {
      float* to = sums + (a - 1) * size + b * s.out;
      rows.add(to, a > 1 ? to - size : nullptr, [&](std::int64_t) { return x + first * s.in; });
    });
    gathered_product(rows, 1, {weight + (a - 1) * s.in * s.out, s.out, 1}, 0, s.in, s.out, nullptr,
                     false);
  }
  return sums;
}

void CausalConv1d(const float* x, const float* weight, const float* bias, ConvAddend addend,
                  float* y, const ConvShape& s) {
  Workspace& room = workspace();
  const float* sums = repeats_first_row(s) ? sums_of_first_rows(x, weight, s, room) : nullptr;
  ProductRows rows(room, s.width, s.rows(), addend.data != nullptr);
  const std::int64_t length_of_y = s.length - s.from;
  const auto added = [&](std::int64_t row) {
    return addend.data + row / length_of_y * addend.batch + row % length_of_y * addend.row;
  };
  for (std::int64_t past = 0; past < s.width; ++past) {  // taps that read what is before the start
    const bool begun = past > 0 && sums != nullptr;
    rows.open(past, s.width, begun);
    for_each_sequence(
        s, [&](std::int64_t b, std::int64_t first, std::int64_t y_first, std::int64_t length) {
          const float* sum = begun ? sums + ((past - 1) * s.sequences() + b) * s.out : nullptr;
          const std::int64_t end = past > 0 ? std::min(length, shift_of(s, past - 1)) : length;
          for (std::int64_t t = std::max(s.from, shift_of(s, past)); t < end; ++t) {
            const std::int64_t row = y_first + t - s.from;
            rows.add(
                y + row * s.out, sum,
                [&](std::int64_t k) { return x + (first + t - shift_of(s, k)) * s.in; },
                addend.data == nullptr ? nullptr : added(row));
          }
        });
  }
  gathered_product(rows, s.width, {weight, s.out, 1}, s.in * s.out, s.in, s.out, bias, false);
}

// [K - 1, sequences, Cout]: at (k, b) the sum of dy over the rows of sequence b whose tap k reads
// the past.
const float* sums_over_past(const float* dy, const ConvShape& s, Workspace& room) {
  float* sums = room.at<float>(Part::sums, (s.width - 1) * s.sequences() * s.out);
  std::fill(sums, sums + (s.width - 1) * s.sequences() * s.out, 0.0f);
  for (std::int64_t k = 0; k + 1 < s.width; ++k) {
    for_each_sequence(s,
                      [&](std::int64_t b, std::int64_t, std::int64_t first, std::int64_t length) {
                        float* to = sums + (k * s.sequences() + b) * s.out;
                        for (std::int64_t t = s.from; t < std::min(length, shift_of(s, k)); ++t) {
                          const float* from = dy + (first + t - s.from) * s.out;
                          for (std::int64_t c = 0; c < s.out; ++c) {
                            to[c] += from[c];
                          }
                        }
                      });
  }
  return sums;
}

void first_row_gradient(const float* dy, const float* weight, float* dx, const ConvShape& s,
                        Workspace& room) {
  const float* sums = sums_over_past(dy, s, room);
  ProductRows rows(room, s.width - 1, s.sequences());
  rows.open(0, s.width - 1, false);
  for_each_sequence(s, [&](std::int64_t b, std::int64_t first, std::int64_t, std::int64_t) {
    rows.add(dx + first * s.in, nullptr,
             [&](std::int64_t k) { return sums + (k * s.sequences() + b) * s.out; });
  });
  gathered_product(rows, s.width - 1, {weight, 1, s.out}, s.in * s.out, s.out, s.in, nullptr, true);
}

void CausalConv1dInputGradient(const float* dy, const float* weight, Out dx, const ConvShape& s) {
  Workspace& room = workspace();
  ProductRows rows(room, s.width, s.batch * s.length);
  // Row t went into y's row t + shift by the taps for which y has it: those from `tap` on would
  // otherwise be beyond the end, those from `end` on before the first row of y.
  for (std::int64_t tap = 0; tap <= s.width; ++tap) {
    for (std::int64_t end = tap; end <= s.width; ++end) {
      rows.open(tap, end, false);
      for_each_sequence(s, [&](std::int64_t, std::int64_t first, std::int64_t y_first,
                               std::int64_t length) {
        const std::int64_t t_begin =
            std::max({std::int64_t{0}, tap > 0 ? length - shift_of(s, tap - 1) : 0,
                      end > tap ? s.from - shift_of(s, end - 1) : 0});
        const std::int64_t t_end = std::min({length, end > tap ? length - shift_of(s, tap) : length,
                                             end < s.width ? s.from - shift_of(s, end) : length});
        for (std::int64_t t = t_begin; t < t_end; ++t) {
          rows.add(dx.data + (first + t) * s.in, nullptr, [&](std::int64_t k) {
            return dy + (y_first + t + shift_of(s, k) - s.from) * s.out;
          });
        }
      });
    }
  }
  gathered_product(rows, s.width, {weight, 1, s.out}, s.in * s.out, s.out, s.in, nullptr, dx.add);
  if (repeats_first_row(s)) {
    first_row_gradient(dy, weight, dx.data, s, room);
  }
}

// Rows of x and of dy side by side, whose products a tap's gradient sums.
struct Run {
  std::int64_t x;
  std::int64_t dy;
  std::int64_t count;
};

std::span<const Run> runs_of(const ConvShape& s, std::int64_t k, Workspace& room) {
  Run* runs = room.at<Run>(Part::runs, s.sequences());
  std::size_t count = 0;
  for_each_sequence(
      s, [&](std::int64_t, std::int64_t first, std::int64_t y_first, std::int64_t length) {
        const std::int64_t t = std::max(s.from, shift_of(s, k));
        const Run run{first + t - shift_of(s, k), y_first + t - s.from, length - t};
        if (run.count <= 0) {
          return;
        }
        if (count > 0 && runs[count - 1].x + runs[count - 1].count == run.x &&
            runs[count - 1].dy + runs[count - 1].count == run.dy) {
          runs[count - 1].count += run.count;
        } else {
          runs[count++] = run;
        }
      });
  return {runs, count};
}

// Calls each(run) for what the runs have of their rows `first` to `end` - 1, counted through.
template <class Each>
HWY_INLINE void for_each_part(std::span<const Run> runs, std::int64_t first, std::int64_t end,
                              const Each& each) {
  for (const Run& run : runs) {
    const std::int64_t begin = std::max<std::int64_t>(0, first);
    const std::int64_t count = std::min(run.count, end) - begin;
    if (count > 0) {
      each(Run{run.x + begin, run.dy + begin, count});
    }
    first -= run.count;
    end -= run.count;
  }
}

std::int64_t rows_of(std::span<const Run> runs) {
  std::int64_t rows = 0;
  for (const Run& run : runs) {
    rows += run.count;
  }
  return rows;
}

void CausalConv1dWeightGradient(const float* x, const float* dy, Out dweight, const ConvShape& s) {
  Workspace& mine = workspace();
  const float* sums = repeats_first_row(s) ? sums_over_past(dy, s, mine) : nullptr;
  const float** first_rows = mine.at<const float*>(Part::left, s.sequences());
  for_each_sequence(s, [&](std::int64_t b, std::int64_t first, std::int64_t, std::int64_t) {
    first_rows[b] = x + first * s.in;
  });
  const std::int64_t depth = s.rows();
  for_each_panel(
      s.out, depth * s.width * s.in * s.out,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace& room) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const std::int64_t sums_depth = s.sequences();
        float* scratch = room.at<float>(Part::panel, width * (depth + sums_depth));
        const Panel panel = panel_of({dy, s.out, 1}, j, columns, depth, width, scratch);
        for (std::int64_t k = 0; k < s.width; ++k) {
          const bool has_sums = sums != nullptr && k + 1 < s.width;
          const Panel sums_panel =
              has_sums ? panel_of({sums + k * sums_depth * s.out, s.out, 1}, j, columns, sums_depth,
                                  width, scratch + width * depth)
                       : Panel{};
          const std::span<const Run> runs = runs_of(s, k, room);
          const std::int64_t rows = rows_of(runs);
          const Slabs slabs(room, s.in, width, rows);
          slabs.for_each([&](std::int64_t first, std::int64_t end) {
            for_each_tile(s.in, [&]<std::int64_t kRows>(std::int64_t i) {
              Tile<Tag, kRows, kVectors> tile;
              const StridedTo to{dweight.data + (k * s.in + i) * s.out + j, s.out};
              if (first == 0) {
                tile.start(to);
              } else {
                tile.go_on(slabs.kept(i));
              }
              for_each_part(runs, first, end, [&](const Run& run) {
                tile.accumulate(StridedLeft{x + run.x * s.in + i, 1, s.in},
                                panel.data + run.dy * panel.row, panel.row, run.count);
              });
              if (end < rows) {
                return tile.keep(slabs.kept(i));
              }
              if (has_sums) {
                tile.accumulate(GatheredColumns{first_rows, i}, sums_panel.data, sums_panel.row,
                                sums_depth);
              }
              tile.store(to, columns, nullptr, dweight.add);
            });
          });
        }
      });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(CausalConv1d);
HWY_EXPORT(CausalConv1dInputGradient);
HWY_EXPORT(CausalConv1dWeightGradient);

void causal_conv1d(const float* x, const float* weight, const float* bias, ConvAddend addend,
                   float* y, const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1d)(x, weight, bias, addend, y, s);
}

void causal_conv1d_input_gradient(const float* dy, const float* weight, Out dx,
                                  const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1dInputGradient)(dy, weight, dx, s);
}

void causal_conv1d_weight_gradient(const float* x, const float* dy, Out dweight,
                                   const ConvShape& s) {
  HWY_DYNAMIC_DISPATCH(CausalConv1dWeightGradient)(x, dy, dweight, s);
}

}  // namespace wavenet::cpu
#endif
