#include "wavenet/ops/watch.h"

#include "wavenet/autograd/autograd.h"

namespace wavenet {

Tensor watch(const Tensor& x, std::function<void(const Tensor& dy)> look) {
  Tensor y = x.detach();
  autograd::record("watch", y, {x},
                   [look = std::move(look)](const Tensor& dy, const autograd::InputGradients& d) {
                     look(dy);
                     d.give(0, dy);
                   });
  return y;
}

}  // namespace wavenet
