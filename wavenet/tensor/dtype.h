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

// Every switch over DType names all types and has no default, so that the compiler finds those that
// a new type must be added to; what stands after it is for a value that is no type.
[[noreturn]] inline void fail_no_type(DType type) {
  fail("{} is the number of no element type", static_cast<int>(type));
}

constexpr std::int64_t size_of(DType type) {
  switch (type) {
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::f64:
      return 8;
  }
  fail_no_type(type);
}

// Whether ops compute with it and gradients are of it.
constexpr bool is_float(DType type) {
  switch (type) {
    case DType::f32:
    case DType::f64:
      return true;
    case DType::i32:
      return false;
  }
  fail_no_type(type);
}

constexpr std::string_view name_of(DType type) {
  switch (type) {
    case DType::f32:
      return "f32";
    case DType::f64:
      return "f64";
    case DType::i32:
      return "i32";
  }
  return "?";  // in messages, which must not throw
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

// Calls f<float>() or f<double>(); a type that is not for computing is an error.
template <class F>
decltype(auto) dispatch_float(DType type, F&& f) {
  switch (type) {
    case DType::f32:
      return f.template operator()<float>();
    case DType::f64:
      return f.template operator()<double>();
    case DType::i32:
      fail("this kernel works on f32 and f64, not on {}", name_of(type));
  }
  fail_no_type(type);
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
