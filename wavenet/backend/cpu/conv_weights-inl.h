// The gradient of a causal convolution's weights (conv-inl.h): for each tap the product of the rows of
// x that it reads, turned, and those of dy beside them; compiled once for each instruction set.
#if defined(WAVENET_BACKEND_CPU_CONV_WEIGHTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WAVENET_BACKEND_CPU_CONV_WEIGHTS_INL_H_
#undef WAVENET_BACKEND_CPU_CONV_WEIGHTS_INL_H_
#else
#define WAVENET_BACKEND_CPU_CONV_WEIGHTS_INL_H_
#endif

#include <algorithm>
#include <span>

#include "wavenet/backend/cpu/conv-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// Rows of x and of dy side by side, whose products a tap's gradient sums.
struct Run {
  std::int64_t x;
  std::int64_t dy;
  std::int64_t count;
};

inline std::span<const Run> runs_of(const ConvShape& s, std::int64_t k, Workspace& room) {
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

inline std::int64_t rows_of(std::span<const Run> runs) {
  std::int64_t rows = 0;
  for (const Run& run : runs) {
    rows += run.count;
  }
  return rows;
}

// What the gradient of a weight multiplies, in a panel of its columns.
struct WeightOperands {
  const float* x;
  const float* dy;
  const ConvShape& s;
  std::int64_t j;  // the panel's first column
  std::int64_t columns;
  std::int64_t width;
  const float* const* first_rows;  // of x, of each sequence
  Workspace& room;                 // of the thread that asked, in which what all panels read stands
  const float* sums;               // over the past (see sums_over_past), or null
  bool has_sums(std::int64_t k) const { return sums != nullptr && k + 1 < s.width; }
};

// The operands as a tile reads them. What all panels read is prepared once; in each panel the taps are
// begun one after the other, and worked off slab by slab of their depth.
template <class Terms>
class WeightPanel;

template <>
class WeightPanel<Floats> {
 public:
  static void prepare(const WeightOperands&) {}
  WeightPanel(const WeightOperands& of, Workspace& room)
      : of_(of),
        scratch_(room.at<float>(Part::panel, of.width * (of.s.rows() + of.s.sequences()))),
        panel_(pack(of.dy, of.s.rows(), scratch_)) {}

  void begin_tap(std::int64_t k, std::span<const Run> runs) {
    runs_ = runs;
    const std::int64_t depth = of_.s.sequences();
    if (of_.has_sums(k)) {
      sums_ = pack(of_.sums + k * depth * of_.s.out, depth, scratch_ + of_.width * of_.s.rows());
    }
  }
  std::int64_t depth() const { return rows_of(runs_); }
  template <class AnyTile>
  HWY_INLINE void add_slab(std::int64_t first, std::int64_t end, std::int64_t i,
                           AnyTile& tile) const {
    for_each_part(runs_, first, end, [&](const Run& run) {
      tile.accumulate(StridedLeft<>{of_.x + run.x * of_.s.in + i, 1, of_.s.in},
                      panel_.data + run.dy * panel_.row, panel_.row, run.count);
    });
  }
  template <class AnyTile>
  HWY_INLINE void add_sums(std::int64_t i, AnyTile& tile) const {
    tile.accumulate(GatheredColumns{of_.first_rows, i}, sums_.data, sums_.row, of_.s.sequences());
  }

 private:
  Panel<float> pack(const float* rows, std::int64_t depth, float* scratch) const {
    return panel_of({rows, of_.s.out, 1}, of_.j, of_.columns, depth, of_.width, scratch);
  }

  WeightOperands of_;
  float* scratch_;
  Panel<float> panel_;
  Panel<float> sums_{};
  std::span<const Run> runs_;
};

template <class Terms>
void conv_weight_gradient(const float* x, const float* dy, Out dweight, const ConvShape& s) {
  Workspace& mine = workspace();
  const float* sums = repeats_first_row(s) ? sums_over_past(dy, s, mine) : nullptr;
  const float** first_rows = mine.at<const float*>(Part::left, s.sequences());
  for_each_sequence(s, [&](std::int64_t b, std::int64_t first, std::int64_t, std::int64_t) {
    first_rows[b] = x + first * s.in;
  });
  WeightPanel<Terms>::prepare({x, dy, s, 0, 0, 0, first_rows, mine, sums});
  for_each_panel<Terms>(
      s.out, s.rows() * s.width * s.in * s.out,
      [&]<class Tag, std::int64_t kVectors>(std::int64_t j, std::int64_t columns, Workspace& room) {
        const std::int64_t width = kVectors * vector_lanes<Tag>();
        const WeightOperands operands{x, dy, s, j, columns, width, first_rows, mine, sums};
        WeightPanel<Terms> panel(operands, room);
        for (std::int64_t k = 0; k < s.width; ++k) {
          const std::span<const Run> runs = runs_of(s, k, room);
          panel.begin_tap(k, runs);
          const std::int64_t depth = panel.depth();
          const Slabs slabs(room, s.in, width, depth);
          slabs.for_each([&](std::int64_t first, std::int64_t end) {
            for_each_tile<Tag, kVectors>(
                Terms(), s.in, [&]<class TileOf>(std::int64_t i, std::int64_t rows) {
                  TileOf tile(rows);
                  const StridedTo to{dweight.data + (k * s.in + i) * s.out + j, s.out};
                  if (first == 0) {
                    tile.start(to);
                  } else {
                    tile.go_on(slabs.kept(i));
                  }
                  panel.add_slab(first, end, i, tile);
                  if (end < depth) {
                    return tile.keep(slabs.kept(i));
                  }
                  if (operands.has_sums(k)) {
                    panel.add_sums(i, tile);
                  }
                  tile.store(to, columns, nullptr, dweight.add);
                });
          });
        }
      });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // WAVENET_BACKEND_CPU_CONV_WEIGHTS_INL_H_
