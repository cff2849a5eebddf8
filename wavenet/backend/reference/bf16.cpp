#include "wavenet/backend/reference/bf16.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>

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

float plus_tile(float sum, const TileRow& a, const TileRow& b) {
  std::array<float, 2> chains{};
  for (std::size_t i = 0; i < a.size(); ++i) {
    float& chain = chains[i % 2];
    chain = without_subnormals(std::fma(a[i], b[i], chain));
  }
  const float both = without_subnormals(chains[0] + chains[1]);
  return without_subnormals(without_subnormals(sum) + both);
}

namespace {

class Bf16Reference final : public ReferenceBackend {
 public:
  explicit Bf16Reference(Bf16Order order) : order_(order) {}
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
        float total = order_ == Bf16Order::pairs ? sum_of_pairs(left, right, i, j)
                                                 : sum_of_tiles(left, right, i, j);
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
  static float sum_of_pairs(const Matrix<float>& a, const Matrix<float>& b, std::int64_t i,
                            std::int64_t j) {
    float total = 0;
    for (std::int64_t k = 0; k < a.columns; k += 2) {
      const bool is_pair = k + 1 < a.columns;
      total =
          plus_pair(total, {rounded_to_bf16(a(i, k)), is_pair ? rounded_to_bf16(a(i, k + 1)) : 0},
                    {rounded_to_bf16(b(k, j)), is_pair ? rounded_to_bf16(b(k + 1, j)) : 0});
    }
    return total;
  }
  static float sum_of_tiles(const Matrix<float>& a, const Matrix<float>& b, std::int64_t i,
                            std::int64_t j) {
    float total = 0;
    for (std::int64_t first = 0; first < a.columns; first += std::ssize(TileRow())) {
      TileRow left{};
      TileRow right{};
      for (std::int64_t k = first; k < std::min(a.columns, first + std::ssize(left)); ++k) {
        left[static_cast<std::size_t>(k - first)] = rounded_to_bf16(a(i, k));
        right[static_cast<std::size_t>(k - first)] = rounded_to_bf16(b(k, j));
      }
      total = plus_tile(total, left, right);
    }
    return total;
  }

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

  Bf16Order order_;
};

}  // namespace

Backend& bf16_backend(Bf16Order order) {
  static Bf16Reference pairs(Bf16Order::pairs);
  static Bf16Reference tiles(Bf16Order::tiles);
  return order == Bf16Order::pairs ? pairs : tiles;
}

}  // namespace reference

Backend& reference_backend(Precision precision) {
  static ReferenceBackend exact;
  return precision == Precision::bf16 ? reference::bf16_backend(reference::Bf16Order::pairs)
                                      : exact;
}

}  // namespace wavenet
