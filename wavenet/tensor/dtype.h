// The three element types: f32 to train, f64 so that gradients can be checked tightly, i32 for
// tokens.
//
//   DType t = dtype_of<float>();                          // DType::f32
//   dispatch_float(x.dtype(), [&]<class T>() { ... });    // T is float or double
//
// Left out: promotion. Mixing types is an error that names the op.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "wavenet/base/check.h"

namespace wavenet {

enum class DType : std::uint8_t { f32, f64, i32 };

constexpr std::int64_t size_of(DType type) { return type == DType::f64 ? 8 : 4; }

constexpr std::string_view name_of(DType type) {
  switch (type) {
    case DType::f32:
      return "f32";
    case DType::f64:
      return "f64";
    case DType::i32:
      return "i32";
  }
  return "?";
}

template <class T>
constexpr DType dtype_of();
template <>
constexpr DType dtype_of<float>() {
  return DType::f32;
}
template <>
constexpr DType dtype_of<double>() {
  return DType::f64;
}
template <>
constexpr DType dtype_of<std::int32_t>() {
  return DType::i32;
}

// Calls f<float>() or f<double>(); i32 is an error.
template <class F>
decltype(auto) dispatch_float(DType type, F&& f) {
  check(type != DType::i32, "this kernel works on f32 and f64, not on i32");
  return type == DType::f32 ? f.template operator()<float>() : f.template operator()<double>();
}

// Calls f<float>(), f<double>() or f<std::int32_t>().
template <class F>
decltype(auto) dispatch_any(DType type, F&& f) {
  if (type == DType::i32) {
    return f.template operator()<std::int32_t>();
  }
  return dispatch_float(type, std::forward<F>(f));
}

}  // namespace wavenet

template <>
struct fmt::formatter<wavenet::DType> : fmt::formatter<std::string_view> {
  auto format(wavenet::DType type, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(wavenet::name_of(type), context);
  }
};
