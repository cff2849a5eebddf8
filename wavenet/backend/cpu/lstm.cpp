// A layer of an LSTM, sample after sample: all gates side by side, as one row times a matrix.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "wavenet/backend/cpu/lstm.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After foreach_target.h, for each target.
#include "wavenet/backend/cpu/few_rows-inl.h"
#include "wavenet/backend/cpu/gate-inl.h"

HWY_BEFORE_NAMESPACE();
namespace wavenet::cpu::HWY_NAMESPACE {

// As many vectors of gates side by side as hide the latency of a chain.
constexpr std::int64_t kGateVectors = 8;

void Lstm(const LstmLayer& layer, Rows x, const LstmStates& states, std::int64_t samples) {
  const std::int64_t size = layer.hidden;
  float* const inputs = states.room;  // [I + H]: the sample, and what is hidden before it
  float* const hidden = inputs + layer.in;
  float* const cell = hidden + size;
  float* const gates = cell + size;  // [4 H]
  for (std::int64_t c = 0; c < size; ++c) {
    hidden[c] = states.hidden[c * states.hidden_row];
    cell[c] = states.cell[c * states.cell_row];
  }
  for (std::int64_t t = 0; t < samples; ++t) {
    for (std::int64_t i = 0; i < layer.in; ++i) {
      inputs[i] = x.data[i * x.row + t];
    }
    few_rows<1, kGateVectors>({inputs, layer.in + size, 1}, {layer.weight, 4 * size, 1}, layer.bias,
                              {}, gates, 4 * size, 4 * size, layer.in + size);
    sweep(size, [=](auto load, auto store) {
      const V fresh = hn::Mul(quick_sigmoid(load(gates)), quick_tanh(load(gates + 2 * size)));
      const V kept = hn::MulAdd(quick_sigmoid(load(gates + size)), load(cell), fresh);
      store(kept, cell);
      store(hn::Mul(quick_sigmoid(load(gates + 3 * size)), quick_tanh(kept)), hidden);
    });
    for (std::int64_t c = 0; c < size; ++c) {
      states.hidden[c * states.hidden_row + t + 1] = hidden[c];
      states.cell[c * states.cell_row + t + 1] = cell[c];
    }
  }
}

}  // namespace wavenet::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wavenet::cpu {

HWY_EXPORT(Lstm);

void lstm(const LstmLayer& layer, Rows x, const LstmStates& states, std::int64_t samples) {
  HWY_DYNAMIC_DISPATCH(Lstm)(layer, x, states, samples);
}

}  // namespace wavenet::cpu
#endif
