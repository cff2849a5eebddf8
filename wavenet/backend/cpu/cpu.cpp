// CpuBackend: sends f32 work on row-major memory to the SIMD kernels, and the rest to the
// reference.
#include <algorithm>
#include <cstring>

#include "wavenet/backend/cpu/kernels.h"
#include "wavenet/backend/reference/reference.h"

namespace wavenet {
namespace {

template <class... Views>
bool plain(const Views&... views) {  // f32 and row-major
  return ((views.dtype == DType::f32 && views.is_contiguous()) && ...);
}

class CpuBackend final : public ReferenceBackend {
 public:
  std::string_view name() const override { return "cpu"; }

  void copy(const View& x, const View& y) override {
    if (!x.is_contiguous() || !y.is_contiguous()) {
      return ReferenceBackend::copy(x, y);
    }
    std::memcpy(y.data, x.data, static_cast<std::size_t>(y.numel() * size_of(y.dtype)));
  }

  void accumulate(const View& x, const View& y) override {
    if (!plain(x, y)) {
      return ReferenceBackend::accumulate(x, y);
    }
    cpu::add_scaled(x.as<float>(), 1.0f, y.as<float>(), y.numel());
  }

  void unary(Unary op, const View& x, const View& y) override {
    if (op != Unary::tanh || !plain(x, y)) {
      return ReferenceBackend::unary(op, x, y);
    }
    cpu::tanh(x.as<float>(), y.as<float>(), y.numel());
  }

  void unary_backward(Unary op, const View& x, const View& y, const View& dy,
                      const View& dx) override {
    if (op != Unary::tanh || !plain(y, dy, dx)) {
      return ReferenceBackend::unary_backward(op, x, y, dy, dx);
    }
    cpu::tanh_backward(y.as<float>(), dy.as<float>(), dx.as<float>(), dx.numel());
  }

  // Row-major operands of y's shape, or b one row that repeats (a bias).
  void binary(Binary op, const View& a, const View& b, const View& y) override {
    const std::int64_t columns = y.rank() > 0 ? y.shape[-1] : 1;
    const bool repeated_row = is_repeated_row(b);
    if (!plain(a, y) || b.dtype != DType::f32 || (!repeated_row && !b.is_contiguous())) {
      return ReferenceBackend::binary(op, a, b, y);
    }
    const auto each_row = [&](auto f) {
      for (std::int64_t start = 0; start < y.numel(); start += columns) {
        const float* left = a.as<float>() + start;
        const float* right = b.as<float>() + (repeated_row ? 0 : start);
        float* to = y.as<float>() + start;
        for (std::int64_t i = 0; i < columns; ++i) {
          to[i] = f(left[i], right[i]);
        }
      }
    };
    switch (op) {
      case Binary::add:
        return each_row([](float u, float v) { return u + v; });
      case Binary::subtract:
        return each_row([](float u, float v) { return u - v; });
      case Binary::multiply:
        return each_row([](float u, float v) { return u * v; });
      case Binary::divide:
        return each_row([](float u, float v) { return u / v; });
    }
  }

  void gemm(const View& a, const View& b, const View& c, Into into) override {
    if (c.dtype != DType::f32 || c.strides[1] != 1) {
      return ReferenceBackend::gemm(a, b, c, into);
    }
    cpu::gemm({a.as<float>(), a.strides[0], a.strides[1]},
              {b.as<float>(), b.strides[0], b.strides[1]}, c.as<float>(), c.strides[0], c.shape[0],
              c.shape[1], a.shape[1], into == Into::add);
  }

  void embedding(const View& weight, const View& tokens, const View& y) override {
    if (!plain(weight, y) || !tokens.is_contiguous()) {
      return ReferenceBackend::embedding(weight, tokens, y);
    }
    const std::int64_t channels = y.shape[1];
    for (std::int64_t n = 0; n < y.shape[0]; ++n) {
      const float* from = weight.as<float>() + tokens.as<std::int32_t>()[n] * channels;
      std::copy(from, from + channels, y.as<float>() + n * channels);
    }
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
                           const View& variance, double eps, const View& dy, const View& dx,
                           const View& dweight, const View& dbias) override {
    if (!plain(x, weight, mean, variance, dy)) {
      return ReferenceBackend::batch_norm_backward(x, weight, mean, variance, eps, dy, dx, dweight,
                                                   dbias);
    }
    cpu::batch_norm_backward(x.as<float>(), weight.as<float>(), mean.as<float>(),
                             variance.as<float>(), eps, dy.as<float>(), dx.as<float>(),
                             dweight.as<float>(), dbias.as<float>(), x.shape[0], x.shape[1]);
  }

  void sgd_step(const View& g, double rate, const View& p) override {
    if (!plain(g, p)) {
      return ReferenceBackend::sgd_step(g, rate, p);
    }
    cpu::add_scaled(g.as<float>(), static_cast<float>(-rate), p.as<float>(), p.numel());
  }

 private:
  static bool is_repeated_row(const View& x) {
    if (x.rank() == 0 || (x.strides[-1] != 1 && x.shape[-1] != 1)) {
      return false;
    }
    return std::all_of(x.strides.begin(), x.strides.end() - 1,
                       [](std::int64_t stride) { return stride == 0; });
  }
};

}  // namespace

Backend& cpu_backend() {
  static CpuBackend instance;
  return instance;
}

}  // namespace wavenet
