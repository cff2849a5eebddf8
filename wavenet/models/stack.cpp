#include "wavenet/models/stack.h"

#include <set>

#include "wavenet/models/convolution.h"
#include "wavenet/models/mlp.h"
#include "wavenet/models/tree.h"
#include "wavenet/models/wavenet.h"

namespace wavenet::models {
namespace {

std::vector<StackLayer> blocks(std::int64_t width, const std::vector<std::int64_t>& dilations) {
  std::vector<StackLayer> stack;
  for (const std::int64_t dilation : dilations) {
    stack.push_back({fmt::format("blocks.{}", stack.size()), width, dilation});
  }
  return stack;
}

}  // namespace

std::vector<StackLayer> stack_of(const Model& model) {
  if (const auto* mlp = dynamic_cast<const Mlp*>(&model)) {
    return blocks(mlp->options().block_size, {1});
  }
  if (const auto* tree = dynamic_cast<const Tree*>(&model)) {
    return blocks(2, tree_dilations(tree->options()));
  }
  if (const auto* convolution = dynamic_cast<const Convolution*>(&model)) {
    return blocks(convolution->options().width, convolution->options().dilations);
  }
  if (const auto* wavenet = dynamic_cast<const WaveNet*>(&model)) {
    std::vector<StackLayer> stack = blocks(wavenet->options().width, wavenet->options().dilations);
    stack.insert(stack.begin(), {"input", wavenet->options().width, 1});
    return stack;
  }
  return {};
}

std::int64_t receptive_field(const std::vector<StackLayer>& stack) {
  std::int64_t field = 1;
  for (const StackLayer& layer : stack) {
    field += (layer.width - 1) * layer.dilation;
  }
  return field;
}

std::vector<std::int64_t> seen_by_last(const std::vector<StackLayer>& stack, std::size_t index) {
  std::set<std::int64_t> seen{0};
  for (std::size_t l = stack.size(); l-- > index;) {
    std::set<std::int64_t> below;
    for (const std::int64_t back : seen) {
      for (std::int64_t k = 0; k < stack[l].width; ++k) {
        below.insert(back + k * stack[l].dilation);
      }
    }
    seen = std::move(below);
  }
  return {seen.begin(), seen.end()};
}

}  // namespace wavenet::models
