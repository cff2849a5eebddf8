// Dropout: dropout_bits of a vector of elements at once.
#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/backend/dropout_bits.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/dropout.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/sweep-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

void Dropout(double p, std::uint64_t seed, const float* x, float* y, std::int64_t count, bool add) {
  const hn::RebindToUnsigned<D> du;
  const hn::RebindToSigned<D> di;
  const DropoutKey key(seed);
  const auto start = hn::Set(du, key.start);
  const auto between = hn::Set(du, key.between);
  const auto threshold = hn::Set(di, static_cast<std::int32_t>(dropout_threshold(p)));
  const V scale = hn::Set(D(), static_cast<float>(1 / (1 - p)));
  auto number = hn::Iota(du, 0);
  const auto step = hn::Set(du, static_cast<std::uint32_t>(vector_lanes()));
  sweep(count, [&](auto load, auto store) {
    auto bits = hn::Add(hn::Mul(number, hn::Set(du, DropoutKey::kStride)), start);
    number = hn::Add(number, step);
    bits = hn::Mul(hn::Xor(bits, hn::ShiftRight<16>(bits)), hn::Set(du, DropoutKey::kFirst));
    bits = hn::Xor(hn::Xor(bits, hn::ShiftRight<15>(bits)), between);
    bits = hn::Mul(bits, hn::Set(du, DropoutKey::kSecond));
    bits = hn::ShiftRight<32 - kDropoutBits>(hn::Xor(bits, hn::ShiftRight<16>(bits)));
    const auto dropped = hn::Lt(hn::BitCast(di, bits), threshold);
    const V factor = hn::IfThenElse(hn::RebindMask(D(), dropped), hn::Zero(D()), scale);
    const V kept = hn::Mul(load(x), factor);  // NaN stays NaN
    store(add ? hn::Add(load(y), kept) : kept, y);
  });
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Dropout);

void dropout(double p, std::uint64_t key, const float* x, float* y, std::int64_t count, bool add) {
  HWY_DYNAMIC_DISPATCH(Dropout)(p, key, x, y, count, add);
}

}  // namespace wavenet::cpu
#endif
