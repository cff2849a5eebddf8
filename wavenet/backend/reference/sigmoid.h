// sigmoid(x) = 1 / (1 + e^-x), as the reference kernels compute it.
#pragma once

#include <cmath>

namespace wavenet::reference {

template <class T>
T sigmoid(T x) {
  return T(1) / (T(1) + std::exp(-x));
}

}  // namespace wavenet::reference
