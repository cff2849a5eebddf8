// oneDNN's primitives over our buffers, on this thread.
#pragma once

#include <dnnl.hpp>
#include <unordered_map>

#include "bench/kernels/cases.h"

namespace wavenet::bench {

inline const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

inline dnnl::memory::desc tensor(const dnnl::memory::dims& dims, dnnl::memory::format_tag layout) {
  return {dims, dnnl::memory::data_type::f32, layout};
}

// The numbers of `values`, where they stand.
inline dnnl::memory memory_of(const dnnl::memory::desc& desc, Buffer& values) {
  return {desc, engine(), values.data()};
}

inline void execute(const dnnl::primitive& primitive,
                    const std::unordered_map<int, dnnl::memory>& arguments) {
  static dnnl::stream stream(engine());
  primitive.execute(stream, arguments);
  stream.wait();
}

// To be run many times. The buffers under the arguments must outlive it.
inline std::function<void()> prepared(const dnnl::primitive& primitive,
                                      const std::unordered_map<int, dnnl::memory>& arguments) {
  return [=] { execute(primitive, arguments); };
}

// Copies from one layout to another.
inline void reorder(const dnnl::memory& from, const dnnl::memory& to) {
  execute(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

}  // namespace wavenet::bench
