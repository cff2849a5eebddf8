#include "wavenet/ops/loss.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet {
namespace {

using autograd::InputGradients;

void check_rows(const char* name, const Tensor& x) {
  check(is_float(x.dtype()), "{}: works on f32 and f64, not on {}", name, x.dtype());
  check(x.rank() >= 1 && x.size(-1) >= 1, "{}: needs a last dimension of at least 1, got {}", name,
        x.shape());
}

}  // namespace

Tensor softmax(const Tensor& x) {
  check_rows("softmax", x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().softmax(x, y);
  autograd::record("softmax", y, {x}, [y = y.detach()](const Tensor& dy, const InputGradients& dx) {
    backend().softmax_backward(y, dy, dx[0]);
  });
  return y;
}

Tensor log_softmax(const Tensor& x) {
  check_rows("log_softmax", x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  backend().log_softmax(x, y);
  autograd::record("log_softmax", y, {x},
                   [y = y.detach()](const Tensor& dy, const InputGradients& dx) {
                     backend().log_softmax_backward(y, dy, dx[0]);
                   });
  return y;
}

Tensor cross_entropy(const Tensor& logits, const Tensor& targets, double label_smoothing) {
  check_rows("cross_entropy", logits);
  check(logits.rank() == 2 && targets.rank() == 1 && logits.size(0) == targets.size(0) &&
            logits.size(0) >= 1,
        "cross_entropy: needs logits [N, V] and targets [N], got {} and {}", logits.shape(),
        targets.shape());
  check(targets.dtype() == DType::i32, "cross_entropy: targets are i32, got {}", targets.dtype());
  check(label_smoothing >= 0 && label_smoothing < 1,
        "cross_entropy: label smoothing must be in [0, 1), got {}", label_smoothing);
  std::int64_t counted = 0;
  for (std::int32_t target : targets.to_vector<std::int32_t>()) {
    check(target >= kNoTarget && target < logits.size(1),
          "cross_entropy: target {} is outside [0, {})", target, logits.size(1));
    counted += target == kNoTarget ? 0 : 1;
  }
  check(counted > 0, "cross_entropy: none of the {} rows has a target", targets.size(0));
  const Tensor log_p = Tensor::empty(logits.shape(), logits.dtype());
  backend().log_softmax(logits, log_p);
  Tensor loss = Tensor::empty({}, logits.dtype());
  backend().nll(log_p, targets, label_smoothing, loss);
  autograd::record("cross_entropy", loss, {logits},
                   [log_p, targets, label_smoothing](const Tensor& dloss, const InputGradients& d) {
                     backend().cross_entropy_backward(log_p, targets, label_smoothing, dloss, d[0]);
                   });
  return loss;
}

}  // namespace wavenet
