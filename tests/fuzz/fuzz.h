// What the fuzz targets share. A reader may refuse its input by a wavenet::Error of one line; any
// other exception, a broken promise, a hang or a large allocation is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wavenet/base/check.h"

namespace wavenet::fuzz {

inline void expect(bool holds) {
  if (!holds) {
    std::abort();
  }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

template <class Read>
void may_refuse(const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    expect(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
}

}  // namespace wavenet::fuzz
