// Mlp: all characters of the window at once through one hidden layer (Bengio et al. 2003, as in the
// article): Embedding, Flatten, Linear, BatchNorm1d, Tanh, Linear.
#pragma once

#include "wavenet/models/model.h"

namespace wavenet::models {

struct MlpOptions {
  std::int64_t vocabulary;
  std::int64_t block_size;
  std::int64_t embedding;
  std::int64_t hidden;
  SharedOutput output{};
};

class Mlp : public Chain {
 public:
  Mlp(const MlpOptions& options, Rng& rng);
  std::string kind() const override { return "Mlp"; }
  const MlpOptions& options() const { return options_; }
  Wiring wiring() const override;  // of the convolution that it is

 private:
  MlpOptions options_;
};

}  // namespace wavenet::models
