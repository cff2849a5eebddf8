#include "wavenet/models/wiring.h"

#include <algorithm>
#include <set>

namespace wavenet::models {
namespace {

std::int64_t size_of(const Product& product) {
  return product.weight.defined() ? product.weight.numel() : 0;
}

std::int64_t cost_of(const Wiring::Block& block) {
  std::int64_t cost = size_of(block.residual) + size_of(block.skip);
  for (const Product& part : block.parts) {
    cost += size_of(part);
  }
  return block.times * cost;
}

}  // namespace

std::int64_t multiply_adds(const Wiring& wiring) {
  std::int64_t cost = cost_of(wiring.first) + size_of(wiring.post) + size_of(wiring.head);
  for (const Wiring::Block& block : wiring.blocks) {
    cost += cost_of(block);
  }
  return cost;
}

std::vector<StackLayer> stack_of(const Wiring& wiring) {
  std::vector<StackLayer> stack;
  const auto add = [&](const Wiring::Block& block) {
    stack.push_back({block.name, block.geometry.width, block.geometry.dilation});
  };
  if (!wiring.is_empty()) {
    add(wiring.first);
    std::for_each(wiring.blocks.begin(), wiring.blocks.end(), add);
  }
  return stack;
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

// An answer sees the sums of one multiple of each dilation, in whatever order the layers stand.
// With the smaller ones seeing all of the last `field` characters, the next place is theirs or
// nobody's.
std::string skipped_samples(const std::vector<StackLayer>& stack) {
  std::vector<StackLayer> sorted = stack;
  std::stable_sort(sorted.begin(), sorted.end(), [](const StackLayer& a, const StackLayer& b) {
    return a.dilation < b.dilation;
  });
  std::int64_t field = 1;
  for (const StackLayer& layer : sorted) {
    if (layer.width > 1 && layer.dilation > field) {
      return fmt::format(
          "model.dilations: dilation {} skips characters, as the layers of smaller ones see only "
          "{}",
          layer.dilation, field);
    }
    field += (layer.width - 1) * layer.dilation;
  }
  return "";
}

}  // namespace wavenet::models
