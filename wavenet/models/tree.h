// Tree: characters fused two by two until one vector is left (the article's WaveNet-like network;
// van den Oord et al. 2016, figure 3, without the sharing that convolution brings).
//
//   8 characters   . . . . e m m a
//                   \/  \/  \/  \/     FlattenConsecutive(2), Linear, BatchNorm1d, Tanh
//                    \  /    \  /      the same again
//                     \        /       and again: one vector, then the head
#pragma once

#include "wavenet/models/model.h"

namespace wavenet::models {

struct TreeOptions {
  std::int64_t vocabulary;
  std::int64_t block_size;  // a power of two, at least 2
  std::int64_t embedding;
  std::int64_t hidden;
  SharedOutput output{};
};

class Tree : public Chain {
 public:
  // Throws UsageError when block_size is no power of two.
  Tree(const TreeOptions& options, Rng& rng);
  std::string kind() const override { return "Tree"; }
  const TreeOptions& options() const { return options_; }
  Wiring wiring() const override;  // of the convolution that it is
  std::unique_ptr<Model> cheaper() const override;

 private:
  TreeOptions options_;
};

// Of the convolutions that a tree's fusions are: 1, 2, 4, ... up to half the block size.
std::vector<std::int64_t> tree_dilations(const TreeOptions& options);

}  // namespace wavenet::models
