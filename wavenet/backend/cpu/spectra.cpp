// Short-time spectra and the distance of their magnitudes: StftGroups of signals, two to a complex lane.
#include <algorithm>
#include <array>
#include <vector>

#include "wavenet/backend/cpu/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/spectra.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "hwy/contrib/math/math-inl.h"
#include "wavenet/backend/cpu/fft-inl.h"
#include "wavenet/base/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

static_assert(kPoint == StftGroups::kLanes);

constexpr std::int64_t kBlock = 128;  // bins whose sums are kept in floats
constexpr std::int64_t kCopiedAtOnce =
    64;  // samples of each lane, so that their rows stay in cache

using LaneSums = std::array<double, kPoint>;

// Calls each(v) for the vectors that half a point is made of.
template <class Each>
HWY_INLINE void for_each_part(const Each& each) {
  for (std::int64_t v = 0; v < kHalf; v += static_cast<std::int64_t>(hn::Lanes(Lanes()))) {
    each(v);
  }
}

// Calls each(lane, samples of its signal there, from, to) for short runs of the samples of a group's
// segments, lane after lane.
template <class Each>
void for_each_run(const StftGroups& groups, std::int64_t group, const Each& each) {
  for (std::int64_t from = 0; from < groups.samples(); from += kCopiedAtOnce) {
    for (std::int64_t lane = 0; lane < kPoint; ++lane) {
      const std::int64_t frames = groups.frames_of(group, lane);
      const std::int64_t held = frames == 0 ? 0 : (frames - 1) * groups.how.hop + groups.how.window;
      const std::int64_t to = std::min(from + kCopiedAtOnce, groups.samples());
      each(lane, std::clamp(held, from, to), from, to);
    }
  }
}

void lay_side_by_side(Signals x, const StftGroups& groups, std::int64_t group, float* beside) {
  for_each_run(groups, group, [&](auto lane, auto held, auto from, auto to) {
    const float* signal = x.data + groups.signal_of(group, lane) * x.row;
    const std::int64_t first = groups.how.first(groups.first_frame(group, lane));
    for (std::int64_t i = from; i < held; ++i) {
      beside[i * kPoint + lane] = signal[reflected(first + i, groups.length) * x.step];
    }
    for (std::int64_t i = held; i < to; ++i) {
      beside[i * kPoint + lane] = 0;
    }
  });
}

void add_to_signals(const float* beside, const StftGroups& groups, std::int64_t group,
                    SignalsOut dx) {
  for_each_run(groups, group, [&](auto lane, auto held, auto from, auto) {
    float* signal = dx.data + groups.signal_of(group, lane) * dx.row;
    const std::int64_t first = groups.how.first(groups.first_frame(group, lane));
    for (std::int64_t i = from; i < held; ++i) {
      signal[reflected(first + i, groups.length) * dx.step] += beside[i * kPoint + lane];
    }
  });
}

// The spectrum of frame `i` of the signals that lie side by side: `v` is the vector's place in a point.
HWY_INLINE void transform(const StftGroups& groups, const FftTables& tables, const float* beside,
                          std::int64_t i, std::int64_t v, float* spectrum) {
  const float* from = beside + i * groups.how.hop * kPoint + v;
  const float* window = tables.window.data();
  const std::int64_t size = groups.how.window;
  to_frequencies(
      tables,
      [=](std::int64_t j) {
        const Lanes d;
        if (j >= size) {
          return Complex{hn::Zero(d), hn::Zero(d)};
        }
        const Vector scale = hn::Set(d, window[j]);
        const Complex value = point(from, j);
        return Complex{hn::Mul(value.re, scale), hn::Mul(value.im, scale)};
      },
      spectrum + v);
}

// A bin of the two signals that one complex transform is of: its real part's and its imaginary part's.
struct Pair {
  Complex first;
  Complex second;
};

// Twice that.
HWY_INLINE Pair twice_bin(const float* spectrum, const FftTables& tables, std::size_t k) {
  const std::size_t mirror = (tables.place.size() - k) % tables.place.size();
  const Complex here = point(spectrum, tables.place[k]);
  const Complex there = point(spectrum, tables.place[mirror]);
  return {{hn::Add(here.re, there.re), hn::Sub(here.im, there.im)},
          {hn::Add(here.im, there.im), hn::Sub(there.re, here.re)}};
}

HWY_INLINE Vector norm(Complex a) { return hn::MulAdd(a.re, a.re, hn::Mul(a.im, a.im)); }

// At least kLeastPower; unlike a maximum, keeps NaN.
HWY_INLINE Vector power_of(Vector quadruple) {
  const Lanes d;
  const Vector power = hn::Mul(quadruple, hn::Set(d, 0.25F));
  const Vector least = hn::Set(d, static_cast<float>(kLeastPower));
  return hn::IfThenElse(hn::Lt(power, least), least, power);
}

// Calls run(beside, group) for each group's signals, side by side in this thread's own memory.
template <class Run>
void for_each_group(Signals x, const StftGroups& groups, const Run& run) {
  parallel_for(groups.count, kernel_threads(), [&](std::int64_t group) {
    float* beside = workspace().at<float>(Workspace::Part::signals, groups.samples() * kPoint);
    lay_side_by_side(x, groups, group, beside);
    run(beside, group);
  });
}

float* frame_of(const StftGroups& groups) {
  return workspace().at<float>(Workspace::Part::frame, groups.how.fft * kPoint);
}

void SpectralMagnitudes(Signals x, const StftGroups& groups, float* magnitudes) {
  const FftTables& tables = fft_tables(groups.how.fft, groups.how.window);
  const auto bins = static_cast<std::size_t>(groups.how.bins());
  for_each_group(x, groups, [&](const float* beside, std::int64_t group) {
    float* spectrum = frame_of(groups);
    for (std::int64_t i = 0; i < groups.frames; ++i) {
      float* to = magnitudes + (group * groups.frames + i) * groups.how.bins() * kPoint;
      for_each_part([&](std::int64_t v) {
        transform(groups, tables, beside, i, v, spectrum);
        for (std::size_t k = 0; k < bins; ++k) {
          const Pair pair = twice_bin(spectrum + v, tables, k);
          put_point({hn::Sqrt(power_of(norm(pair.first))), hn::Sqrt(power_of(norm(pair.second)))},
                    to + v, static_cast<std::int64_t>(k));
        }
      });
    }
  });
}

// Of one of the two signals, over bins.
struct Sums {
  Vector differences;
  Vector targets;
  Vector logarithms;  // of the quotients of powers, which are twice those of magnitudes

  // A constructor of its own would be compiled for no instruction set.
  static HWY_INLINE Sums none() {
    const Vector zero = hn::Zero(Lanes());
    return {zero, zero, zero};
  }

  HWY_INLINE void add(Vector power, Vector target) {
    const Vector error = hn::Sub(hn::Sqrt(power), target);
    const Vector square = hn::Mul(target, target);
    differences = hn::MulAdd(error, error, differences);
    targets = hn::Add(targets, square);
    logarithms = hn::Add(logarithms, hn::Abs(hn::Log(Lanes(), hn::Div(power, square))));
  }
};

struct GroupSums {
  LaneSums differences{};
  LaneSums targets{};
  LaneSums logarithms{};

  // Of lanes from `lane` on, the frames of which there are.
  void add(const Sums& sums, std::int64_t lane, const StftGroups& groups, std::int64_t group,
           std::int64_t frame) {
    const Lanes d;
    HWY_ALIGN float three[3][kHalf];
    hn::Store(sums.differences, d, three[0]);
    hn::Store(sums.targets, d, three[1]);
    hn::Store(sums.logarithms, d, three[2]);
    for (std::size_t l = 0; l < hn::Lanes(d); ++l) {
      const auto at = static_cast<std::size_t>(lane) + l;
      if (frame < groups.frames_of(group, static_cast<std::int64_t>(at))) {
        differences[at] += static_cast<double>(three[0][l]);
        targets[at] += static_cast<double>(three[1][l]);
        logarithms[at] += static_cast<double>(three[2][l]) / 2;
      }
    }
  }
};

SpectralSums SpectralDistance(Signals x, const float* magnitudes, const StftGroups& groups,
                              float* spectra) {
  const FftTables& tables = fft_tables(groups.how.fft, groups.how.window);
  std::vector<GroupSums> all(static_cast<std::size_t>(groups.count));
  for_each_group(x, groups, [&](const float* beside, std::int64_t group) {
    GroupSums& sums = all[static_cast<std::size_t>(group)];
    for (std::int64_t i = 0; i < groups.frames; ++i) {
      const std::int64_t frame = group * groups.frames + i;
      float* spectrum =
          spectra == nullptr ? frame_of(groups) : spectra + frame * groups.how.fft * kPoint;
      const float* targets = magnitudes + frame * groups.how.bins() * kPoint;
      for_each_part([&](std::int64_t v) {
        transform(groups, tables, beside, i, v, spectrum);
        for (std::int64_t from = 0; from < groups.how.bins(); from += kBlock) {
          Sums first = Sums::none();
          Sums second = Sums::none();
          for (std::int64_t k = from; k < std::min(from + kBlock, groups.how.bins()); ++k) {
            const Pair pair = twice_bin(spectrum + v, tables, static_cast<std::size_t>(k));
            const Complex target = point(targets + v, k);
            first.add(power_of(norm(pair.first)), target.re);
            second.add(power_of(norm(pair.second)), target.im);
          }
          sums.add(first, v, groups, group, i);
          sums.add(second, v + kHalf, groups, group, i);
        }
      });
    }
  });
  SpectralSums sums;
  for (const GroupSums& group : all) {
    for (std::size_t lane = 0; lane < kPoint; ++lane) {
      sums.differences += group.differences[lane];
      sums.targets += group.targets[lane];
      sums.logarithms += group.logarithms[lane];
    }
  }
  return sums;
}

// What 2 X is to be multiplied by for the gradient of X, halved.
HWY_INLINE Vector slope_of(Vector quadruple, Vector target, Vector difference, Vector logarithm) {
  const Lanes d;
  const Vector power = hn::Mul(quadruple, hn::Set(d, 0.25F));
  const Vector least = hn::Set(d, static_cast<float>(kLeastPower));
  const Vector magnitude = hn::Sqrt(power);
  const Vector error = hn::Sub(magnitude, target);
  const Vector sign = hn::CopySign(hn::Set(d, 1.0F), error);
  const Vector towards = hn::IfThenElseZero(hn::Ne(error, hn::Zero(d)), hn::Mul(logarithm, sign));
  const Vector slope = hn::Div(hn::MulAdd(hn::Mul(difference, error), magnitude, towards), power);
  return hn::IfThenZeroElse(hn::Lt(power, least), hn::Mul(slope, hn::Set(d, 0.25F)));
}

struct Weights {
  Vector difference;
  Vector logarithm;
};

// The gradients of a frame's bins, so that the way back of the transform gives those of its samples: a
// bin's and its mirror's are each half of it. Real and imaginary parts are exchanged.
HWY_INLINE void put_gradient(const float* spectrum, const float* targets, const FftTables& tables,
                             Weights weights, std::size_t k, float* to) {
  const Lanes d;
  const std::size_t mirror = (tables.place.size() - k) % tables.place.size();
  const Pair pair = twice_bin(spectrum, tables, k);
  const Complex target = point(targets, static_cast<std::int64_t>(k));
  const Vector scale = hn::Set(d, mirror == k ? 2.0F : 1.0F);
  const Vector a =
      hn::Mul(scale, slope_of(norm(pair.first), target.re, weights.difference, weights.logarithm));
  const Vector b =
      hn::Mul(scale, slope_of(norm(pair.second), target.im, weights.difference, weights.logarithm));
  const Complex first{hn::Mul(a, pair.first.re), hn::Mul(a, pair.first.im)};
  const Complex second{hn::Mul(b, pair.second.re), hn::Mul(b, pair.second.im)};
  put_point({hn::Add(first.im, second.re), hn::Sub(first.re, second.im)}, to, tables.place[k]);
  put_point({hn::Sub(second.re, first.im), hn::Add(first.re, second.im)}, to, tables.place[mirror]);
}

// 1 for the lanes, from `lane` on, whose segments have the frame; else 0.
HWY_INLINE Vector has_frame(const StftGroups& groups, std::int64_t group, std::int64_t lane,
                            std::int64_t frame) {
  const Lanes d;
  HWY_ALIGN float has[kHalf];
  for (std::size_t l = 0; l < hn::Lanes(d); ++l) {
    has[l] = frame < groups.frames_of(group, lane + static_cast<std::int64_t>(l)) ? 1.0F : 0.0F;
  }
  return hn::Load(d, has);
}

void SpectralDistanceBackward(const float* spectra, const float* magnitudes,
                              const StftGroups& groups, float difference, float logarithm,
                              SignalsOut dx) {
  const FftTables& tables = fft_tables(groups.how.fft, groups.how.window);
  const auto bins = static_cast<std::size_t>(groups.how.bins());
  const std::int64_t size = groups.samples() * kPoint;
  float* all = workspace().at<float>(Workspace::Part::groups, groups.count * size);
  parallel_for(groups.count, kernel_threads(), [&](std::int64_t group) {
    const Lanes d;
    const Weights weights{hn::Set(d, difference), hn::Set(d, logarithm)};
    float* beside = all + group * size;
    std::fill_n(beside, size, 0.0F);
    float* gradient = frame_of(groups);
    for (std::int64_t i = 0; i < groups.frames; ++i) {
      const std::int64_t frame = group * groups.frames + i;
      const float* spectrum = spectra + frame * groups.how.fft * kPoint;
      const float* targets = magnitudes + frame * groups.how.bins() * kPoint;
      for_each_part([&](std::int64_t v) {
        for (std::size_t k = 0; k < bins; ++k) {
          put_gradient(spectrum + v, targets + v, tables, weights, k, gradient + v);
        }
        const Vector first = has_frame(groups, group, v, i);
        const Vector second = has_frame(groups, group, v + kHalf, i);
        float* to = beside + i * groups.how.hop * kPoint + v;
        to_samples(tables, gradient + v, [&](std::int64_t j, Complex exchanged) {
          if (j < groups.how.window) {
            const Vector scale = hn::Set(d, tables.window[static_cast<std::size_t>(j)]);
            const Complex before = point(to, j);
            put_point({hn::MulAdd(exchanged.im, hn::Mul(scale, first), before.re),
                       hn::MulAdd(exchanged.re, hn::Mul(scale, second), before.im)},
                      to, j);
          }
        });
      });
    }
  });
  for (std::int64_t group = 0; group < groups.count; ++group) {
    add_to_signals(all + group * size, groups, group, dx);
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(SpectralMagnitudes);
HWY_EXPORT(SpectralDistance);
HWY_EXPORT(SpectralDistanceBackward);

void spectral_magnitudes(Signals x, const StftGroups& groups, float* magnitudes) {
  HWY_DYNAMIC_DISPATCH(SpectralMagnitudes)(x, groups, magnitudes);
}

SpectralSums spectral_distance(Signals x, const float* magnitudes, const StftGroups& groups,
                               float* spectra) {
  return HWY_DYNAMIC_DISPATCH(SpectralDistance)(x, magnitudes, groups, spectra);
}

void spectral_distance_backward(const float* spectra, const float* magnitudes,
                                const StftGroups& groups, float difference, float logarithm,
                                SignalsOut dx) {
  HWY_DYNAMIC_DISPATCH(SpectralDistanceBackward)
  (spectra, magnitudes, groups, difference, logarithm, dx);
}

}  // namespace wavenet::cpu
#endif
