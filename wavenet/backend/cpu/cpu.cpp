// CpuBackend: sends f32 work on row-major memory to the SIMD kernels, and the rest to the
// reference.
#include <algorithm>
#include <cstring>

#include "wavenet/backend/cpu/bf16.h"
#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/backend/cpu/views.h"
#include "wavenet/backend/reference/reference.h"

namespace wavenet {
namespace {

using namespace cpu;

// The products at one precision.
struct Products {
  std::string_view name;
  decltype(cpu::gemm)* gemm;
  decltype(cpu::causal_conv1d)* conv;
  decltype(cpu::causal_conv1d_input_gradient)* conv_input_gradient;
  decltype(cpu::causal_conv1d_weight_gradient)* conv_weight_gradient;
};
constexpr Products kFloats{"cpu", cpu::gemm, cpu::causal_conv1d, cpu::causal_conv1d_input_gradient,
                           cpu::causal_conv1d_weight_gradient};
constexpr Products kBf16{"cpu, bf16", cpu::gemm_bf16, cpu::causal_conv1d_bf16,
                         cpu::causal_conv1d_input_gradient_bf16,
                         cpu::causal_conv1d_weight_gradient_bf16};

class CpuBackend final : public ReferenceBackend {
 public:
  explicit CpuBackend(const Products& products) : products_(products) {}
  std::string_view name() const override { return products_.name; }

  void fill(double value, const View& y) override {
    if (!plain(y)) {
      return ReferenceBackend::fill(value, y);
    }
    std::fill_n(y.as<float>(), y.numel(), static_cast<float>(value));
  }

  void copy(const View& x, const View& y) override {
    const auto size = static_cast<std::size_t>(size_of(y.dtype));
    const bool done = for_each_run(x, y, [&](std::int64_t from, std::int64_t to, std::int64_t n) {
      std::memcpy(static_cast<char*>(y.data) + static_cast<std::size_t>(to) * size,
                  static_cast<const char*>(x.data) + static_cast<std::size_t>(from) * size,
                  static_cast<std::size_t>(n) * size);
    });
    if (!done) {
      ReferenceBackend::copy(x, y);
    }
  }

  void accumulate(const View& x, const View& y) override {
    const bool floats = x.dtype == DType::f32 && y.dtype == DType::f32;
    const auto add = [&](std::int64_t from, std::int64_t to, std::int64_t n) {
      cpu::add_scaled(x.as<float>() + from, 1.0f, y.as<float>() + to, n);
    };
    if (!floats || !for_each_run(x, y, add)) {
      ReferenceBackend::accumulate(x, y);
    }
  }

  void unary(Unary op, const View& x, const View& y) override {
    if ((op != Unary::tanh && op != Unary::relu) || !plain(x, y)) {
      return ReferenceBackend::unary(op, x, y);
    }
    (op == Unary::tanh ? cpu::tanh : cpu::relu)(x.as<float>(), y.as<float>(), size_of(y));
  }

  void unary_backward(Unary op, const View& x, const View& y, const View& dy,
                      const Gradient& dx) override {
    if ((op != Unary::tanh && op != Unary::relu) || !plain(y, dy) || !plain(dx)) {
      return ReferenceBackend::unary_backward(op, x, y, dy, dx);
    }
    (op == Unary::tanh ? cpu::tanh_backward : cpu::relu_backward)(y.as<float>(), dy.as<float>(),
                                                                  out(dx), size_of(y));
  }

  void affine(double scale, double shift, const View& x, const View& y) override {
    if (!plain(x, y)) {
      return ReferenceBackend::affine(scale, shift, x, y);
    }
    cpu::affine(static_cast<float>(scale), static_cast<float>(shift), x.as<float>(), y.as<float>(),
                y.numel());
  }

  void gate(const View& a, const View& b, const View& t, const View& s, const View& y) override {
    if (!plain(t, s, y) || !in_rows(a) || !in_rows(b)) {
      return ReferenceBackend::gate(a, b, t, s, y);
    }
    const cpu::Size size = plain(a, b) ? cpu::Size{1, y.numel()} : size_of(y);
    cpu::gate(last_rows(a), last_rows(b), t.as<float>(), s.as<float>(), y.as<float>(), size);
  }

  void gate_backward(const View& t, const View& s, const View& dy, const Gradient& da,
                     const Gradient& db, const View& y) override {
    if (!plain(t, s, dy) || !plain_or_empty(y) || !in_rows(da.to) || !in_rows(db.to)) {
      return ReferenceBackend::gate_backward(t, s, dy, da, db, y);
    }
    const cpu::Size size = plain_or_empty(da.to, db.to) ? cpu::Size{1, dy.numel()} : size_of(dy);
    const auto to = [](const Gradient& gradient) {
      return cpu::GradientRows{gradient.to.as<float>(), last_rows(gradient.to).row,
                               gradient.into == Into::add};
    };
    cpu::gate_backward(t.as<float>(), s.as<float>(), dy.as<float>(), to(da), to(db), y.as<float>(),
                       size);
  }

  void gated_step(const View& past, const View& inner, const View& outer, const View& bias,
                  const View& carry) override {
    if (!plain(past, inner, outer, bias) || carry.dtype != DType::f32 || carry.strides[1] != 1) {
      return ReferenceBackend::gated_step(past, inner, outer, bias, carry);
    }
    const cpu::GatedBlock block{inner.as<float>(), outer.as<float>(), bias.as<float>(),
                                inner.shape[0], outer.shape[1]};
    cpu::gated_step(past.as<float>(), block, carry.as<float>(), carry.strides[0],
                    carry.shape[1] - block.out, carry.shape[0]);
  }

  void dropout(double p, std::uint64_t key, const View& x, const View& y, Into into) override {
    if (!plain(x, y)) {
      return ReferenceBackend::dropout(p, key, x, y, into);
    }
    cpu::dropout(p, key, x.as<float>(), y.as<float>(), y.numel(), into == Into::add);
  }

  // Row-major operands of y's shape, or b one row that repeats (a bias).
  void binary(Binary op, const View& a, const View& b, const View& y) override {
    const std::int64_t columns = y.rank() > 0 ? y.shape[-1] : 1;
    const bool repeated_row = is_repeated_row(b);
    if (!plain(a, y) || b.dtype != DType::f32 || (!repeated_row && !b.is_contiguous())) {
      return ReferenceBackend::binary(op, a, b, y);
    }
    const std::int64_t run = repeated_row ? columns : y.numel();
    for (std::int64_t start = 0; start < y.numel(); start += run) {
      cpu::binary(op, a.as<float>() + start, b.as<float>(), y.as<float>() + start, run);
    }
  }

  double sum_of_squares(const View& x) override {
    return plain(x) ? cpu::sum_of_squares(x.as<float>(), x.numel())
                    : ReferenceBackend::sum_of_squares(x);
  }

  // Sums over rows into the last dimension, as for a bias.
  void sum(const View& x, const View& y) override {
    if (!plain(x, y) || x.rank() == 0 || y.numel() != x.shape[-1] || y.shape[-1] != x.shape[-1]) {
      return ReferenceBackend::sum(x, y);
    }
    cpu::sum_rows(x.as<float>(), {y.as<float>(), true},
                  x.numel() / std::max<std::int64_t>(1, y.numel()), y.numel());
  }

  void gemm(const View& a, const View& b, const View& c, Into into, const View& bias,
            const View& addend) override {
    const bool adds = addend.data != nullptr;
    if (c.dtype != DType::f32 || c.strides[1] != 1 || !plain_or_empty(bias) ||
        (adds && addend.strides[1] != 1)) {
      return ReferenceBackend::gemm(a, b, c, into, bias, addend);
    }
    products_.gemm({a.as<float>(), a.strides[0], a.strides[1]},
                   {b.as<float>(), b.strides[0], b.strides[1]}, bias.as<float>(),
                   adds                ? cpu::Rows{addend.as<float>(), addend.strides[0]}
                   : into == Into::add ? cpu::Rows{c.as<float>(), c.strides[0]}
                                       : cpu::Rows{},
                   c.as<float>(), c.strides[0], c.shape[0], c.shape[1], a.shape[1]);
  }

  void mix_rows(const View& weight, std::span<const void* const> rows, const View& bias,
                const View& addend, const View& y) override {
    if (y.dtype != DType::f32) {
      return ReferenceBackend::mix_rows(weight, rows, bias, addend, y);
    }
    cpu::mix_rows({{weight.as<float>(), weight.strides[0], weight.strides[1]},
                   rows.data(),
                   std::ssize(rows),
                   bias.as<float>(),
                   rows_of(addend),
                   y.as<float>(),
                   y.strides[0],
                   y.shape[0],
                   y.shape[1]});
  }

  void dot_rows(std::span<const void* const> left, std::span<const void* const> right,
                std::int64_t samples, const View& sums) override {
    if (sums.dtype != DType::f32) {
      return ReferenceBackend::dot_rows(left, right, samples, sums);
    }
    cpu::dot_rows({left.data(), std::ssize(left), right.data(), std::ssize(right), samples,
                   sums.as<float>(), sums.strides[0]});
  }

  void activate(const Activation& activation, const View& x, const View& y,
                const View& total) override {
    if (y.dtype != DType::f32) {
      return ReferenceBackend::activate(activation, x, y, total);
    }
    cpu::activate(activation, rows_of(x), {y.as<float>(), y.strides[0]},
                  {total.data == nullptr ? nullptr : total.as<float>(),
                   total.data == nullptr ? 0 : total.strides[0]},
                  {y.shape[0], y.shape[1]});
  }

  void activate_backward(const Activation& activation, const View& kept, const View& dy,
                         const View& dx) override {
    if (dx.dtype != DType::f32) {
      return ReferenceBackend::activate_backward(activation, kept, dy, dx);
    }
    cpu::activate_backward(activation, rows_of(kept), rows_of(dy), dx.as<float>(), dx.strides[0],
                           {dx.shape[0], dx.shape[1]});
  }

  void modulate(const View& x, const View& scale, const View& shift, const View& y) override {
    if (y.dtype != DType::f32) {
      return ReferenceBackend::modulate(x, scale, shift, y);
    }
    cpu::modulate(rows_of(x), rows_of(scale), rows_of(shift), y.as<float>(), y.strides[0],
                  {y.shape[0], y.shape[1]});
  }

  void lstm(const View& x, const View& weight, const View& bias, const View& room,
            const View& hidden, const View& cell) override {
    if (x.dtype != DType::f32) {
      return ReferenceBackend::lstm(x, weight, bias, room, hidden, cell);
    }
    cpu::lstm({weight.as<float>(), bias.as<float>(), x.shape[0], hidden.shape[0]}, rows_of(x),
              {room.as<float>(), hidden.as<float>(), hidden.strides[0], cell.as<float>(),
               cell.strides[0]},
              x.shape[1]);
  }

  void softmax(const View& x, const View& y) override {
    if (!plain(x, y) || x.rank() == 0 || x.numel() == 0) {
      return ReferenceBackend::softmax(x, y);
    }
    cpu::softmax(x.as<float>(), y.as<float>(), x.numel() / x.shape[-1], x.shape[-1]);
  }

  void log_softmax(const View& x, const View& y) override {
    if (!plain(x, y) || x.rank() == 0 || x.numel() == 0) {
      return ReferenceBackend::log_softmax(x, y);
    }
    cpu::log_softmax(x.as<float>(), y.as<float>(), x.numel() / x.shape[-1], x.shape[-1]);
  }

  void cross_entropy_backward(const View& log_p, const View& targets, double smoothing,
                              const View& dloss, const Gradient& dlogits) override {
    if (!plain(log_p, dloss) || !plain(dlogits) || !targets.is_contiguous()) {
      return ReferenceBackend::cross_entropy_backward(log_p, targets, smoothing, dloss, dlogits);
    }
    const auto* first = targets.as<std::int32_t>();
    const auto counted = std::count_if(first, first + targets.numel(),
                                       [](std::int32_t target) { return target >= 0; });
    cpu::cross_entropy_backward(log_p.as<float>(), first, smoothing,
                                *dloss.as<float>() / static_cast<float>(counted), out(dlogits),
                                log_p.shape[0], log_p.shape[1]);
  }

  void causal_conv1d(const View& x, const View& weight, const View& bias,
                     const ConvGeometry& geometry, const View& y, const View& addend) override {
    const bool adds = addend.data != nullptr;
    if (!plain(x, weight, y) || !plain_or_empty(bias) || (adds && addend.strides[2] != 1)) {
      return ReferenceBackend::causal_conv1d(x, weight, bias, geometry, y, addend);
    }
    products_.conv(x.as<float>(), weight.as<float>(), bias.as<float>(),
                   adds ? cpu::ConvAddend{addend.as<float>(), addend.strides[0], addend.strides[1]}
                        : cpu::ConvAddend{},
                   y.as<float>(), conv_shape(x, weight, geometry));
  }

  void causal_conv1d_backward(const View& x, const View& weight, const ConvGeometry& geometry,
                              const View& dy, const Gradient& dx, const Gradient& dweight,
                              const Gradient& dbias) override {
    if (!plain(x, weight, dy) || !plain(dx) || !plain(dweight) || !plain(dbias)) {
      return ReferenceBackend::causal_conv1d_backward(x, weight, geometry, dy, dx, dweight, dbias);
    }
    const cpu::ConvShape shape = conv_shape(x, weight, geometry);
    if (dx.wanted()) {
      products_.conv_input_gradient(dy.as<float>(), weight.as<float>(), out(dx), shape);
    }
    if (dweight.wanted()) {
      products_.conv_weight_gradient(x.as<float>(), dy.as<float>(), out(dweight), shape);
    }
    if (dbias.wanted()) {
      cpu::sum_rows(dy.as<float>(), out(dbias), shape.rows(), shape.out);
    }
  }

  void embedding(const View& weight, const View& tokens, const View& y, Into into) override {
    if (!plain(weight, y)) {
      return ReferenceBackend::embedding(weight, tokens, y, into);
    }
    cpu::embedding(weight.as<float>(), tokens_of(tokens), {y.as<float>(), into == Into::add},
                   size_of(y));
  }

  void embedding_backward(const View& tokens, const View& dy, const Gradient& dweight) override {
    if (!plain(dy) || !plain(dweight)) {
      return ReferenceBackend::embedding_backward(tokens, dy, dweight);
    }
    if (dweight.into == Into::overwrite) {
      fill(0, dweight.to);
    }
    cpu::embedding_backward(tokens_of(tokens), dy.as<float>(), dweight.to.as<float>(), size_of(dy));
  }

  void batch_norm(const View& x, const View& weight, const View& bias, double eps, const View& y,
                  const View& mean, const View& variance) override {
    if (!plain(x, weight, bias, y, mean, variance)) {
      return ReferenceBackend::batch_norm(x, weight, bias, eps, y, mean, variance);
    }
    cpu::batch_norm(x.as<float>(), weight.as<float>(), bias.as<float>(), eps, y.as<float>(),
                    mean.as<float>(), variance.as<float>(), x.shape[0], x.shape[1]);
  }

  void batch_norm_backward(const View& x, const View& weight, const View& mean,
                           const View& variance, double eps, const View& dy, const Gradient& dx,
                           const Gradient& dweight, const Gradient& dbias) override {
    if (!plain(x, weight, mean, variance, dy) || !plain(dx) || !plain(dweight) || !plain(dbias)) {
      return ReferenceBackend::batch_norm_backward(x, weight, mean, variance, eps, dy, dx, dweight,
                                                   dbias);
    }
    cpu::batch_norm_backward(x.as<float>(), weight.as<float>(), mean.as<float>(),
                             variance.as<float>(), eps, dy.as<float>(), out(dx), out(dweight),
                             out(dbias), x.shape[0], x.shape[1]);
  }

  void spectral_magnitudes(const View& x, const Stft& how, const View& magnitudes) override {
    if (x.dtype != DType::f32) {
      return ReferenceBackend::spectral_magnitudes(x, how, magnitudes);
    }
    cpu::spectral_magnitudes(signals_of(x), groups_of(x, how), magnitudes.as<float>());
  }

  SpectralSums spectral_distance(const View& x, const View& magnitudes, const Stft& how,
                                 const View& spectra) override {
    if (x.dtype != DType::f32) {
      return ReferenceBackend::spectral_distance(x, magnitudes, how, spectra);
    }
    return cpu::spectral_distance(signals_of(x), magnitudes.as<float>(), groups_of(x, how),
                                  spectra.as<float>());
  }

  void spectral_distance_backward(const View& spectra, const View& magnitudes, const Stft& how,
                                  double difference, double logarithm,
                                  const Gradient& dx) override {
    if (dx.to.dtype != DType::f32) {
      return ReferenceBackend::spectral_distance_backward(spectra, magnitudes, how, difference,
                                                          logarithm, dx);
    }
    const View to = cleared(dx);
    cpu::spectral_distance_backward(spectra.as<float>(), magnitudes.as<float>(), groups_of(to, how),
                                    static_cast<float>(difference), static_cast<float>(logarithm),
                                    {to.as<float>(), to.strides[0], to.strides[1]});
  }

  void sgd_step(const View& g, double rate, const View& p) override {
    if (!plain(g, p)) {
      return ReferenceBackend::sgd_step(g, rate, p);
    }
    cpu::sgd_step(g.as<float>(), static_cast<float>(rate), p.as<float>(), size_of(p));
  }

  void adamw_step(const View& g, const AdamWStep& how, const View& m, const View& v,
                  const View& p) override {
    if (!plain(g, m, v, p)) {
      return ReferenceBackend::adamw_step(g, how, m, v, p);
    }
    cpu::adamw_step(g.as<float>(), how, m.as<float>(), v.as<float>(), p.as<float>(), size_of(p));
  }

  void ema_step(const View& p, double decay, const View& average) override {
    if (!plain(p, average)) {
      return ReferenceBackend::ema_step(p, decay, average);
    }
    cpu::ema_step(p.as<float>(), static_cast<float>(decay), average.as<float>(), size_of(p));
  }

 private:
  const Products& products_;

  static bool is_repeated_row(const View& x) {
    if (x.rank() == 0 || (x.strides[-1] != 1 && x.shape[-1] != 1)) {
      return false;
    }
    return std::all_of(x.strides.begin(), x.strides.end() - 1,
                       [](std::int64_t stride) { return stride == 0; });
  }
};

}  // namespace

Backend& cpu_backend(Precision precision) {
  static CpuBackend floats(kFloats);
  static CpuBackend bf16(kBf16);
  return precision == Precision::bf16 ? bf16 : floats;
}

}  // namespace wavenet
