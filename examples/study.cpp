// The bricks of docs/study.md by hand: what each step of the study changes, by its shapes.
//
//   example_study
#include "wavenet/wavenet.h"

using namespace wavenet;

namespace {

// Two by two along time: [32, 8, 24] -> [32, 4, 48].
void fuse(Rng& rng) {
  const Tensor x = randn({32, 8, 24}, rng);
  const Tensor even = index(x, {{}, {.step = 2}});             // [32, 4, 24]
  const Tensor odd = index(x, {{}, {.start = 1, .step = 2}});  // [32, 4, 24]
  const Tensor pairs = cat({even, odd}, 2);                    // [32, 4, 48]
  const Tensor fused = nn::FlattenConsecutive(2)(x);           // [32, 4, 48], nothing copied
  fmt::print("{} fused is {}, the same numbers: {}\n", x.shape(), fused.shape(),
             pairs.to_vector<float>() == fused.to_vector<float>());
}

// The article's mistake shows in one place only: the shape of what the norm remembers.
void norms(Rng& rng) {
  const Tensor x = randn({32, 4, 68}, rng);
  study::BatchNormOverBatchOnly wrong(4, 68);
  nn::BatchNorm1d right(68);
  const Shape same = wrong(x).shape();                     // [32, 4, 68]
  const Shape also = right(x).shape();                     // [32, 4, 68]
  const Tensor of_wrong = wrong.buffers().front().second;  // running_mean [1, 4, 68]
  const Tensor of_right = right.buffers().front().second;  // running_mean [68]
  fmt::print("{} and {}, running means {} and {}\n", same, also, of_wrong.shape(),
             of_right.shape());
}

void tree_as_convolution(Rng& rng) {
  models::Tree tree({.vocabulary = 27, .block_size = 8, .embedding = 24, .hidden = 128}, rng);
  tree.eval();
  const auto same = models::convolution_of(tree);
  const std::vector<data::Sequence> names{{5, 13, 13, 1, 0}, {15, 12, 9, 22, 9, 1, 0}};
  const study::Difference apart = study::difference(tree, *same, names);
  fmt::print("dilations {}: logits up to {:.2f} differ by {:.0e} at most\n",
             fmt::join(same->options().dilations, ", "), apart.logit, apart.largest);
}

void grow(Rng& rng) {
  const std::vector<std::int64_t> dilations{1, 2, 4, 8, 1, 2};
  const study::StackOptions options{27, 10, 24, 24, dilations};  // V, embedding, channels, skip
  const Tensor names = Tensor::zeros({32, 8}, DType::i32);
  study::StackParts parts;
  for (bool* part : {&parts.gate, &parts.residual, &parts.skip}) {
    *part = true;
    study::GrowingStack stack(options, parts, rng);
    fmt::print("{} -> {}, {} parameters\n", names.shape(), stack(names).shape(),
               stack.parameter_count());
  }
}

}  // namespace

int main() {
  Rng rng(42);
  fuse(rng);
  norms(rng);
  tree_as_convolution(rng);
  grow(rng);
  return 0;
}
