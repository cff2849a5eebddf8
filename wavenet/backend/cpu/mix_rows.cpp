// Sums of rows of time: a tile of outputs by vectors of samples, whose sums stay in registers over all
// rows. Every sample is one chain of multiply-adds in the order of the rows, so its bits do not depend
// on the tile, or the place in a vector, that computes it.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/mix_rows.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/pieces-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// How many outputs a tile has at most, and how many vectors beside them: the sums, one vector of each
// output or sample, whichever are fewer, and one more fill the 16 registers, or the 32 of AVX-512.
constexpr bool kManyRegisters = HWY_TARGET <= HWY_AVX3;
#ifdef WAVENET_TILE_ROWS
constexpr std::int64_t kMostOutputs = WAVENET_TILE_ROWS;
#else
constexpr std::int64_t kMostOutputs = kManyRegisters ? 8 : 4;
#endif
constexpr std::int64_t most_vectors(std::int64_t outputs) {
  constexpr std::int64_t kVectors[] = {6, 6, 4, 3};
  constexpr std::int64_t kVectorsOfMany[] = {6, 6, 6, 6, 3, 3, 3, 3};
  return kManyRegisters ? kVectorsOfMany[outputs - 1] : kVectors[outputs - 1];
}
// Beside the one vector that is cut off, as many as hide the latency of a chain.
#ifdef WAVENET_TILE_ROWS
constexpr std::int64_t kMostOutputsOfCut = WAVENET_TILE_ROWS;
#else
constexpr std::int64_t kMostOutputsOfCut = 8;
#endif

// Outputs from o on, samples from t on; kCut: of the one vector only `samples` lanes.
template <std::int64_t kOutputs, std::int64_t kVectors, bool kCut>
HWY_INLINE void mix_tile(const RowMix& mix, std::int64_t o, std::int64_t t, std::int64_t samples) {
  const D d;
  const std::int64_t lanes = vector_lanes();
  const auto load = [&](const float* from) INLINE_LAMBDA {
    return kCut ? load_part(d, from, samples) : hn::LoadU(d, from);
  };
  V sums[kOutputs][kVectors];
  unrolled<kOutputs>([&](auto i) INLINE_LAMBDA {
    const V bias = hn::Set(d, mix.bias == nullptr ? 0.0F : mix.bias[o + i]);
    unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
      sums[i][v] =
          mix.addend.data == nullptr
              ? bias
              : hn::Add(load(mix.addend.data + (o + i) * mix.addend.row + t + v * lanes), bias);
    });
  });
  const float* weight = mix.weight.data + o * mix.weight.row;
  const std::int64_t output = mix.weight.row;
  for (std::int64_t r = 0; r < mix.depth; ++r, weight += mix.weight.column) {
    const float* row = static_cast<const float*>(mix.rows[r]) + t;
    if constexpr (!kCut) {  // rows lie far apart, and no processor foresees so many streams
      unrolled<kVectors>([&](auto v)
                             INLINE_LAMBDA { hwy::Prefetch(row + (kVectors + v) * lanes); });
    }
    if constexpr (kOutputs < kVectors) {
      V weights[kOutputs];
      unrolled<kOutputs>([&](auto i)
                             INLINE_LAMBDA { weights[i] = hn::Set(d, weight[i * output]); });
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
        const V value = load(row + v * lanes);
        unrolled<kOutputs>(
            [&](auto i) INLINE_LAMBDA { sums[i][v] = hn::MulAdd(weights[i], value, sums[i][v]); });
      });
    } else {
      V values[kVectors];
      unrolled<kVectors>([&](auto v) INLINE_LAMBDA { values[v] = load(row + v * lanes); });
      unrolled<kOutputs>([&](auto i) INLINE_LAMBDA {
        const V factor = hn::Set(d, weight[i * output]);
        unrolled<kVectors>(
            [&](auto v) INLINE_LAMBDA { sums[i][v] = hn::MulAdd(factor, values[v], sums[i][v]); });
      });
    }
  }
  unrolled<kOutputs>([&](auto i) INLINE_LAMBDA {
    unrolled<kVectors>([&](auto v) INLINE_LAMBDA {
      float* to = mix.y + (o + i) * mix.y_row + t + v * lanes;
      if constexpr (kCut) {
        store_part(sums[i][v], d, to, samples);
      } else {
        hn::StoreU(sums[i][v], d, to);
      }
    });
  });
}

// So many vectors of all rows stay in the first cache while one tile after the other reads them; all
// tiles' vectors divide it.
constexpr std::int64_t kStrip = 12;

void MixRows(const RowMix& mix) {
  const std::int64_t lanes = vector_lanes();
  const std::int64_t vectors = mix.samples / lanes;
  for (std::int64_t first = 0; first < vectors; first += kStrip) {
    const std::int64_t count = std::min(kStrip, vectors - first);
    in_pieces<kMostOutputs>(mix.out, [&]<std::int64_t kOutputs>(std::int64_t o) {
      in_pieces<most_vectors(kOutputs)>(count, [&]<std::int64_t kVectors>(std::int64_t v) {
        mix_tile<kOutputs, kVectors, false>(mix, o, (first + v) * lanes, lanes);
      });
    });
  }
  const std::int64_t rest = mix.samples - vectors * lanes;
  if (rest > 0) {
    in_pieces<kMostOutputsOfCut>(mix.out, [&]<std::int64_t kOutputs>(std::int64_t o) {
      mix_tile<kOutputs, 1, true>(mix, o, vectors * lanes, rest);
    });
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(MixRows);

void mix_rows(const RowMix& mix) { HWY_DYNAMIC_DISPATCH(MixRows)(mix); }

}  // namespace wavenet::cpu
#endif
