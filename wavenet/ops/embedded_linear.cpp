#include "wavenet/ops/embedded_linear.h"

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"
#include "wavenet/ops/view.h"

namespace wavenet {
namespace {

// x: [K n, ...] -> part k of K along the first dimension.
View part(const View& x, std::int64_t k, std::int64_t size) {
  return sliced(x, 0, k * size, (k + 1) * size, 1);
}

// tokens: [N, K] -> the [N] at place k.
View place(const View& tokens, std::int64_t k) {
  return squeezed(sliced(tokens, 1, k, k + 1, 1), 1);
}

}  // namespace

// By twice, as the table's rows must also be gathered and their gradients scattered.
bool is_worth_a_table(const EmbeddedRows& rows) {
  return rows.tokens.size(0) >= 2 * rows.weight.size(0);
}

Tensor embedded_linear(const EmbeddedRows& rows, const Tensor& weight, const Tensor& bias) {
  const Tensor& tokens = rows.tokens;
  const std::int64_t places = tokens.size(1);
  const std::int64_t vocabulary = rows.weight.size(0);
  const std::int64_t channels = rows.weight.size(1);
  const Tensor products = Tensor::empty({places * vocabulary, weight.size(1)}, weight.dtype());
  Tensor y = Tensor::empty({tokens.size(0), weight.size(1)}, weight.dtype());
  for (std::int64_t k = 0; k < places; ++k) {
    backend().gemm(rows.weight, part(weight, k, channels), part(products, k, vocabulary),
                   Into::overwrite, k == 0 && bias.defined() ? bias.view() : View{});
    backend().embedding(part(products, k, vocabulary), place(tokens, k), y,
                        k == 0 ? Into::overwrite : Into::add);
  }
  std::vector<Tensor> inputs{rows.weight, weight};
  if (bias.defined()) {
    inputs.push_back(bias);
  }
  autograd::record(
      "linear", y, std::move(inputs),
      [=, biased = bias.defined()](const Tensor& dy, const autograd::InputGradients& d) {
        const View& table = d.input(0);
        const View& map = d.input(1);
        const Tensor dproducts = Tensor::empty({places * vocabulary, map.shape[1]}, map.dtype);
        const Gradient dtable = d[0];
        const Gradient dweight = d[1];
        for (std::int64_t k = 0; k < places; ++k) {
          const View dproduct = part(dproducts, k, vocabulary);
          backend().embedding_backward(place(tokens, k), dy, {dproduct, Into::overwrite});
          if (dtable.wanted()) {
            backend().gemm(dproduct, transposed(part(map, k, channels), 0, 1), dtable.to,
                           k == 0 ? dtable.into : Into::add);
          }
          if (dweight.wanted()) {
            backend().gemm(transposed(table, 0, 1), dproduct, part(dweight.to, k, channels),
                           dweight.into);
          }
        }
        if (biased && d.wants(2)) {
          backend().sum(part(dproducts, 0, vocabulary), unsqueezed(d.zeroed(2), 0));
        }
      });
  return y;
}

}  // namespace wavenet
