// A look at a gradient on its way back.
//
//   Tensor y = watch(x, [](const Tensor& dy) { ... });   // y is x; sees d(loss)/dy
//
// Changes no bit of what it is put between. Left out: changing the gradient.
#pragma once

#include <functional>

#include "wavenet/tensor/tensor.h"

namespace wavenet {

Tensor watch(const Tensor& x, std::function<void(const Tensor& dy)> look);

}  // namespace wavenet
