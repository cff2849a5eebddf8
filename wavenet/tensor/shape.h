// Shape: up to six sizes, kept inline so that making a tensor's geometry allocates nothing.
//
//   Shape s{32, 8, 24};
//   s[-1] == 24;  s.numel() == 6144;  fmt::format("{}", s) == "[32, 8, 24]";
//
// Left out: names of dimensions; the house's alphabet (B, T, C, V, K) lives in comments.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "wavenet/base/check.h"

namespace wavenet {

inline constexpr int kMaxRank = 6;

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes)
      : Shape(std::span<const std::int64_t>(sizes.begin(), sizes.size())) {}
  explicit Shape(std::span<const std::int64_t> sizes) {
    for (std::int64_t size : sizes) {
      append(size);
    }
  }
  // A shape of `rank` dimensions, each of `size`.
  static Shape filled(int rank, std::int64_t size) {
    Shape shape;
    for (int d = 0; d < rank; ++d) {
      shape.append(size);
    }
    return shape;
  }

  int rank() const { return rank_; }
  std::int64_t operator[](int dim) const { return sizes_[index(dim)]; }
  std::int64_t& operator[](int dim) { return sizes_[index(dim)]; }
  const std::int64_t* begin() const { return sizes_.data(); }
  const std::int64_t* end() const { return sizes_.data() + rank_; }

  void append(std::int64_t size) {
    check(rank_ < kMaxRank, "a tensor has at most {} dimensions", kMaxRank);
    sizes_[static_cast<std::size_t>(rank_++)] = size;
  }
  std::int64_t numel() const {
    std::int64_t n = 1;
    for (std::int64_t size : *this) {
      n *= size;
    }
    return n;
  }
  bool operator==(const Shape& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

  // "[32, 8, 24]"; with a separator "x": "32x8x24".
  std::string to_string() const { return fmt::format("[{}]", fmt::join(begin(), end(), ", ")); }
  std::string join(std::string_view separator) const {
    return fmt::format("{}", fmt::join(begin(), end(), separator));
  }

 private:
  std::size_t index(int dim) const {
    const int from_front = dim < 0 ? dim + rank_ : dim;
    check(from_front >= 0 && from_front < rank_, "dimension {} is outside a tensor of rank {}", dim,
          rank_);
    return static_cast<std::size_t>(from_front);
  }

  std::array<std::int64_t, kMaxRank> sizes_{};
  int rank_ = 0;
};

}  // namespace wavenet

template <>
struct fmt::formatter<wavenet::Shape> : fmt::formatter<std::string> {
  auto format(const wavenet::Shape& shape, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(shape.to_string(), context);
  }
};
