// Uses the installed library from the umbrella header alone: a layer, a loss, a gradient, a recipe.
#include <cstdio>

#include "wavenet/wavenet.h"

int main() {
  using namespace wavenet;
  Rng rng(42);
  nn::Linear layer(10, 27, rng);
  const Tensor x = randn({4, 10}, rng);
  const Tensor loss = cross_entropy(layer(x), Tensor::from<std::int32_t>({0, 1, 2, 26}, {4}));
  backward(loss);
  const auto model = models::build(models::load_recipe("tree-76k"), 27, rng);
  const bool ok = grad(layer.parameters().front().second).shape() == Shape{10, 27} &&
                  model->parameter_count() == 76579;
  std::puts(ok ? "the installed package works" : "the installed package is wrong");
  return ok ? 0 : 1;
}
