// BatchNormOverBatchOnly: batch norm with the article's mistake, kept to be studied: of [B, T, C]
// the statistics are taken over B alone, so each of the T places is normalised by itself.
//
//   study::BatchNormOverBatchOnly norm(4, 68);   // x: [B, 4, 68]
//   Tensor y = norm(x);   // running statistics [1, 4, 68], where nn::BatchNorm1d has [68]
//
// Nothing fails: shapes broadcast, the loss falls. But a statistic rests on B values in place of
// B T, and T sets of them are kept. Scale and shift are [C], as they should be. Left out: a reason
// to use it.
#pragma once

#include "wavenet/nn/module.h"

namespace wavenet::study {

// x: [B, T, C], or [B, C] for a length of 1, where nothing is wrong.
class BatchNormOverBatchOnly : public nn::Layer {
 public:
  BatchNormOverBatchOnly(std::int64_t length, std::int64_t channels);
  std::string kind() const override { return "BatchNormOverBatchOnly"; }

 protected:
  Tensor forward(const Tensor& x) override;

 private:
  Tensor normalised(const Tensor& x) const;

  Tensor weight_;        // [C]
  Tensor bias_;          // [C]
  Tensor running_mean_;  // [1, T, C], or [1, C]
  Tensor running_var_;
};

}  // namespace wavenet::study
