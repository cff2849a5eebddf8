#include "wavenet/models/cost.h"

namespace wavenet::models {

std::int64_t multiply_adds(const MlpOptions& options) {
  return options.hidden * (options.block_size * options.embedding + options.vocabulary);
}

std::int64_t multiply_adds(const TreeOptions& options) {
  std::int64_t count = options.hidden * options.vocabulary;
  std::int64_t channels = options.embedding;
  for (std::int64_t nodes = options.block_size / 2; nodes > 0; nodes /= 2) {
    count += nodes * 2 * channels * options.hidden;
    channels = options.hidden;
  }
  return count;
}

std::int64_t multiply_adds(const ConvolutionOptions& options) {
  const auto further = static_cast<std::int64_t>(options.dilations.size()) - 1;
  return options.width * options.hidden * (options.embedding + further * options.hidden) +
         options.hidden * options.vocabulary;
}

// The last block has no residual product.
std::int64_t multiply_adds(const WaveNetOptions& options) {
  const auto blocks = static_cast<std::int64_t>(options.dilations.size());
  const std::int64_t channels = options.residual;
  return options.width * channels * (options.embedding + blocks * 2 * channels) +
         (blocks - 1) * channels * channels + blocks * channels * options.skip +
         options.skip * (options.skip + options.vocabulary);
}

std::int64_t multiply_adds(const Model& model) {
  if (const auto* mlp = dynamic_cast<const Mlp*>(&model)) {
    return multiply_adds(mlp->options());
  }
  if (const auto* tree = dynamic_cast<const Tree*>(&model)) {
    return multiply_adds(tree->options());
  }
  if (const auto* convolution = dynamic_cast<const Convolution*>(&model)) {
    return multiply_adds(convolution->options());
  }
  if (const auto* wavenet = dynamic_cast<const WaveNet*>(&model)) {
    return multiply_adds(wavenet->options());
  }
  return 0;
}

}  // namespace wavenet::models
