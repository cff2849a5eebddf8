#include "wavenet/backend/reference/bf16.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "wavenet/backend/reference/matrix.h"
#include "wavenet/backend/reference/reference.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {
namespace reference {
namespace {

float without_subnormals(float x) {
  return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(0.0f, x) : x;
}

}  // namespace

float rounded_to_bf16(float x) {
  if (std::isnan(x)) {
    return x;
  }
  const auto bits = std::bit_cast<std::uint32_t>(without_subnormals(x));
  const std::uint32_t nearest = bits + 0x7FFF + (bits >> 16 & 1);
  return std::bit_cast<float>(nearest & 0xFFFF0000);
}

float plus_pair(float sum, const Pair& a, const Pair& b) {
  const float with_second = without_subnormals(std::fma(a[1], b[1], without_subnormals(sum)));
  return without_subnormals(std::fma(a[0], b[0], with_second));
}

}  // namespace reference

namespace {

using reference::at;
using reference::Matrix;
using reference::rounded_to_bf16;

// The product of matrices follows vdpbf16ps to the bit. In a convolution what makes a pair depends on
// how a kernel walks, so there only the operands are rounded.
class Bf16Reference final : public ReferenceBackend {
 public:
  std::string_view name() const override { return "reference, bf16"; }

  void gemm(const View& a, const View& b, const View& c, Into into, const View& bias,
            const View& addend) override {
    if (c.dtype != DType::f32) {
      return ReferenceBackend::gemm(a, b, c, into, bias, addend);
    }
    if (addend.data != nullptr) {
      copy(addend, c);
      into = Into::add;
    }
    const Matrix<float> left(a);
    const Matrix<float> right(b);
    const Matrix<float> to(c);
    for (std::int64_t i = 0; i < to.rows; ++i) {
      for (std::int64_t j = 0; j < to.columns; ++j) {
        const auto pair_of = [&](std::int64_t k, const auto& element) {
          return reference::Pair{rounded_to_bf16(element(k)),
                                 k + 1 < left.columns ? rounded_to_bf16(element(k + 1)) : 0};
        };
        float total = 0;
        for (std::int64_t k = 0; k < left.columns; k += 2) {
          total = reference::plus_pair(
              total, pair_of(k, [&](std::int64_t at_k) { return left(i, at_k); }),
              pair_of(k, [&](std::int64_t at_k) { return right(at_k, j); }));
        }
        total += bias.data == nullptr ? 0 : at<float>(bias, j);
        to(i, j) = into == Into::add ? to(i, j) + total : total;
      }
    }
  }

  void causal_conv1d(const View& x, const View& weight, const View& bias,
                     const ConvGeometry& geometry, const View& y, const View& addend) override {
    const Tensor near_x = rounded(x);
    const Tensor near_weight = rounded(weight);
    ReferenceBackend::causal_conv1d(near_x, near_weight, bias, geometry, y, addend);
  }

  void causal_conv1d_backward(const View& x, const View& weight, const ConvGeometry& geometry,
                              const View& dy, const Gradient& dx, const Gradient& dweight,
                              const Gradient& dbias) override {
    const Tensor near_x = rounded(x);
    const Tensor near_weight = rounded(weight);
    const Tensor near_dy = rounded(dy);
    ReferenceBackend::causal_conv1d_backward(near_x, near_weight, geometry, near_dy, dx, dweight,
                                             {});
    if (dbias.wanted()) {
      sum(dy, unsqueezed(unsqueezed(cleared(dbias), 0), 0));
    }
  }

 private:
  // A copy; of another type than f32 the same numbers.
  Tensor rounded(const View& x) {
    Tensor y = Tensor::empty(x.shape, x.dtype);
    copy(x, y);
    if (x.dtype == DType::f32) {
      for (std::int64_t i = 0; i < y.numel(); ++i) {
        y.data<float>()[i] = rounded_to_bf16(y.data<float>()[i]);
      }
    }
    return y;
  }
};

}  // namespace

Backend& reference_backend(Precision precision) {
  static ReferenceBackend exact;
  static Bf16Reference bf16;
  return precision == Precision::bf16 ? static_cast<Backend&>(bf16) : exact;
}

}  // namespace wavenet
