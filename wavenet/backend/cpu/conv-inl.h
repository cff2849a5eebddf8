// The causal convolution: products whose left rows are gathered from x, tap after tap, so nothing
// is copied and no row is computed twice; compiled once for each instruction set.
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
//
// Terms are Floats (gemm-inl.h), which multiplies rows where they stand, or Pairs (pairs-inl.h).
#if defined(WAVENET_BACKEND_CPU_CONV_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_CONV_INL_H_
#undef WAVENET_BACKEND_CPU_CONV_INL_H_
#else
#define WAVENET_BACKEND_CPU_CONV_INL_H_
#endif

#include <algorithm>
#include <span>

#include "wavenet/backend/cpu/gemm-inl.h"
#include "wavenet/backend/cpu/panel-inl.h"

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
inline std::int64_t shift_of(const ConvShape& s, std::int64_t k) {
  return (s.width - 1 - k) * s.dilation;
}

// Whether rows of y read what stands before the first row, and it is that row again.
inline bool repeats_first_row(const ConvShape& s) {
  return !s.zero_padding && s.from < shift_of(s, 0);
}

using Part = Workspace::Part;

inline Panel<float> tap_panel(Floats, Strided b, std::int64_t first, std::int64_t columns,
                              std::int64_t depth, std::int64_t width, float* scratch, Workspace&) {
  return panel_of(b, first, columns, depth, width, scratch);
}

// The rows of a product: where each comes from, tap by tap, and where it goes. A workspace holds
// one at a time.
template <class Element>
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
        left_(room.at<const Element*>(Part::left, taps * capacity)),
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
  const Element* const* left(std::int64_t k) const { return left_ + k * capacity_; }
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
  const Element** left_;
  const float** begun_;
  float** to_;
  const float** added_;
  Group* groups_;
  std::size_t group_count_ = 0;
};

// to (+)= begun + sum over a row's taps of left_k b_k + bias + added, with b_k: [depth, n] at
// b.data + k * b_tap.
template <class Terms>
void gathered_product(const ProductRows<typename Terms::Element>& rows, std::int64_t taps,
                      Strided b, std::int64_t b_tap, std::int64_t depth, std::int64_t n,
                      const float* bias, bool add) {
  std::int64_t multiply_adds = 0;
  for (const auto& group : rows.groups()) {
    multiply_adds += group.count * (group.end - group.tap) * depth * n;
  }
  for_each_panel<Terms>(
      n, multiply_adds,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace& room) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const std::int64_t steps = Terms::depth(depth);
        const std::int64_t size = width * steps;
        auto* scratch = room.at<typename Terms::Element>(Part::panel, size * taps);
        const float* bias_at = bias == nullptr ? nullptr : bias + j;
        const auto panel = [&](std::int64_t k) {
          return tap_panel(Terms(), {b.data + k * b_tap, b.row, b.column}, j, columns, depth, width,
                           scratch + k * size, room);
        };
        const auto first = panel(0);
        const std::int64_t step = first.data == scratch ? size : b_tap;  // from tap to tap
        for (std::int64_t k = 1; k < taps; ++k) {
          panel(k);
        }
        for (const auto& group : rows.groups()) {
          for_each_tile<Tag, kVectors>(
              Terms(), group.count, [&]<class TileOf>(std::int64_t i, std::int64_t count) {
                i += group.first;
                const GatheredTo to{rows.to() + i, j};
                TileOf tile(count);
                if (group.begun) {
                  tile.resume(rows.begun() + i, j, columns);
                } else {
                  tile.start(to);
                }
                if (i + 2 * count <= group.first + group.count && group.tap < group.end) {
                  const auto* next = rows.left(group.end - 1) + i + count;
                  tile.ask_for([&](std::int64_t row) { return next[row]; });
                }
                for (std::int64_t k = group.tap; k < group.end; ++k) {
                  tile.accumulate(GatheredRows<Terms>{rows.left(k) + i}, first.data + k * step,
                                  first.row, steps);
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
template <class Terms>
const float* sums_of_first_rows(const typename Terms::Element* x, const float* weight,
                                const ConvShape& s, Workspace& room) {
  const std::int64_t size = s.sequences() * s.out;
  float* sums = room.at<float>(Part::sums, (s.width - 1) * size);
  for (std::int64_t a = 1; a < s.width; ++a) {
    ProductRows<typename Terms::Element> rows(room, 1, s.sequences());
    rows.open(0, 1, a > 1);
    for_each_sequence(s, [&](std::int64_t b, std::int64_t first, std::int64_t, std::int64_t) {
      float* to = sums + (a - 1) * size + b * s.out;
      rows.add(to, a > 1 ? to - size : nullptr,
               [&](std::int64_t) { return x + first * Terms::depth(s.in); });
    });
    gathered_product<Terms>(rows, 1, {weight + (a - 1) * s.in * s.out, s.out, 1}, 0, s.in, s.out,
                            nullptr, false);
  }
  return sums;
}

template <class Terms>
void conv(const float* x, const float* weight, const float* bias, ConvAddend addend, float* y,
          const ConvShape& s) {
  Workspace& room = workspace();
  const auto* left = Terms::rows(x, s.batch * s.length, s.in, room, Part::words);
  const float* sums =
      repeats_first_row(s) ? sums_of_first_rows<Terms>(left, weight, s, room) : nullptr;
  ProductRows<typename Terms::Element> rows(room, s.width, s.rows(), addend.data != nullptr);
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
                [&](std::int64_t k) {
                  return left + (first + t - shift_of(s, k)) * Terms::depth(s.in);
                },
                addend.data == nullptr ? nullptr : added(row));
          }
        });
  }
  gathered_product<Terms>(rows, s.width, {weight, s.out, 1}, s.in * s.out, s.in, s.out, bias,
                          false);
}

// [K - 1, sequences, Cout]: at (k, b) the sum of dy over the rows of sequence b whose tap k reads
// the past.
inline const float* sums_over_past(const float* dy, const ConvShape& s, Workspace& room) {
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

template <class Terms>
void first_row_gradient(const float* dy, const float* weight, float* dx, const ConvShape& s,
                        Workspace& room) {
  const float* sums = sums_over_past(dy, s, room);
  const auto* left = Terms::rows(sums, (s.width - 1) * s.sequences(), s.out, room, Part::words);
  ProductRows<typename Terms::Element> rows(room, s.width - 1, s.sequences());
  rows.open(0, s.width - 1, false);
  for_each_sequence(s, [&](std::int64_t b, std::int64_t first, std::int64_t, std::int64_t) {
    rows.add(dx + first * s.in, nullptr,
             [&](std::int64_t k) { return left + (k * s.sequences() + b) * Terms::depth(s.out); });
  });
  gathered_product<Terms>(rows, s.width - 1, {weight, 1, s.out}, s.in * s.out, s.out, s.in, nullptr,
                          true);
}

template <class Terms>
void conv_input_gradient(const float* dy, const float* weight, Out dx, const ConvShape& s) {
  Workspace& room = workspace();
  const auto* left = Terms::rows(dy, s.rows(), s.out, room, Part::words);
  ProductRows<typename Terms::Element> rows(room, s.width, s.batch * s.length);
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
            return left + (y_first + t + shift_of(s, k) - s.from) * Terms::depth(s.out);
          });
        }
      });
    }
  }
  gathered_product<Terms>(rows, s.width, {weight, 1, s.out}, s.in * s.out, s.out, s.in, nullptr,
                          dx.add);
  if (repeats_first_row(s)) {
    first_row_gradient<Terms>(dy, weight, dx.data, s, room);
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_CONV_INL_H_
