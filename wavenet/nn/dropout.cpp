#include "wavenet/nn/dropout.h"

#include "wavenet/ops/dropout.h"

namespace wavenet::nn {
namespace {
thread_local DropoutSeed* current = nullptr;
}  // namespace

Dropout::Dropout(double p) : p_(p) {
  check(p >= 0 && p < 1, "dropout: the probability must be in [0, 1), got {}", p);
}

std::string Dropout::kind() const { return fmt::format("Dropout({:g})", p_); }

Tensor Dropout::forward(const Tensor& x) {
  if (!drops()) {
    return x;
  }
  check(current != nullptr, "dropout: training needs an nn::DropoutSeed on this thread");
  return dropout(x, p_, current->next());
}

DropoutSeed::DropoutSeed(std::uint64_t seed) : state_(seed), before_(current) { current = this; }
DropoutSeed::~DropoutSeed() { current = before_; }

}  // namespace wavenet::nn
