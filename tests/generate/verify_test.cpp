// The proofs of `wavenet check`: a sound model passes each, and a planted fault is found by the
// proof that is there for it.
#include "wavenet/generate/verify.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/generate/models.h"

namespace {

using namespace wavenet;
using generate::Parallel;
using generate::Proof;

Parallel logits_of(models::Model& model) {
  return [&model](const Tensor& tokens) { return model.logits(tokens); };
}

// What `model` says one token later, at every position: it has seen the future.
Parallel peeking(models::Model& model) {
  return [&model](const Tensor& tokens) {
    const Tensor logits = model.logits(tokens);
    return contiguous(
        cat({index(logits, {{}, {.start = 1}}), index(logits, {{}, {.start = -1}})}, 1));
  };
}

// The model with its first token moved `back` further into the past than it can look.
Parallel looking_further(models::Model& model, std::int64_t back) {
  return [&model, back](const Tensor& tokens) {
    const Tensor logits = model.logits(tokens);
    const std::int64_t last = tokens.size(1) - 1;
    const std::int64_t at = last - model.receptive_field() + 1 - back;
    if (at >= 0) {
      logits.data<float>()[last * logits.size(2)] +=
          static_cast<float>(tokens.data<std::int32_t>()[at]);
    }
    return logits;
  };
}

// Each call answers a little differently.
Parallel remembering(models::Model& model, std::atomic<int>& calls) {
  return [&model, &calls](const Tensor& tokens) {
    return model.logits(tokens) + 0.25 * static_cast<double>(++calls);
  };
}

// Rows of a batch see the row before them.
Parallel mixing_rows(models::Model& model) {
  return [&model](const Tensor& tokens) {
    const Tensor logits = model.logits(tokens);
    return logits + mean(logits, {0}, true);
  };
}

TEST(Verify, PassesEveryKindOfModel) {
  for (const auto& model :
       {testing_models::mlp(3), testing_models::tree(8), testing_models::convolution(3, {1, 3}),
        testing_models::gated(2, {1, 2, 4}), testing_models::gated(5, {1, 4}),
        testing_models::ngram(3), testing_models::ngram(8)}) {
    const auto proofs = generate::verify(*model);
    EXPECT_EQ(proofs.size(), model->kind() == "Ngram" ? 4U : 5U);
    for (const Proof& proof : proofs) {
      EXPECT_TRUE(proof.ok) << model->kind() << ": " << proof.name << ": " << proof.detail;
    }
  }
}

TEST(Verify, CatchesAModelThatPeeks) {
  const auto model = testing_models::gated(2, {1, 2});
  const Proof proof = generate::verify_causality(*model, peeking(*model));
  EXPECT_FALSE(proof.ok);
  EXPECT_NE(proof.detail.find("changes with tokens after"), std::string::npos) << proof.detail;
}

TEST(Verify, CatchesAGradientFromTheFuture) {
  const auto model = testing_models::gated(2, {1, 2});
  const Proof proof = generate::verify_gradient(*model, peeking(*model));
  EXPECT_FALSE(proof.ok);
  EXPECT_NE(proof.detail.find("output 0 has a gradient of"), std::string::npos) << proof.detail;
  for (const auto& [name, parameter] : model->parameters()) {
    EXPECT_FALSE(grad(parameter).defined()) << name;
  }
}

TEST(Verify, CatchesAModelThatSeesNothing) {
  const auto model = testing_models::gated(2, {1, 2});
  for (const auto& [name, tensor] : model->parameters()) {
    if (name == "head.weight") {
      std::fill_n(tensor.data<float>(), tensor.numel(), 0.0F);
    }
  }
  EXPECT_FALSE(generate::verify_gradient(*model, logits_of(*model)).ok);
  EXPECT_FALSE(generate::verify_receptive_field(*model, logits_of(*model)).ok);
}

TEST(Verify, CatchesStreamsThatDisturbEachOther) {
  const auto model = testing_models::tree(8);
  const auto disturbed = [&](std::int64_t count) {
    generate::Stream streams(*model, count);
    if (count > 1) {
      streams.push(std::vector<std::int32_t>(static_cast<std::size_t>(count), 3));
    }
    return streams;
  };
  EXPECT_FALSE(generate::verify_independence(*model, logits_of(*model), disturbed).ok);
}

TEST(Verify, CatchesARingOfTheWrongLength) {
  for (const std::int64_t width : {2, 3, 5}) {
    for (const std::int64_t dilation : {1, 2, 4}) {
      const auto model = testing_models::gated(width, {dilation});
      EXPECT_TRUE(generate::verify_stream(*model, logits_of(*model)).ok);
      EXPECT_FALSE(generate::verify_stream(*model, logits_of(*model), 1).ok)
          << width << ", " << dilation;
    }
  }
}

TEST(Verify, CatchesAWrongReceptiveField) {
  const auto model = testing_models::gated(2, {1, 2, 4});
  EXPECT_FALSE(generate::verify_receptive_field(*model, looking_further(*model, 1)).ok);
}

// As models of sound look back: so far that a change is lost in rounding on its way, and so that each
// proof may take its time only a few times.
TEST(Verify, OfALongFieldTakesAMoment) {
  std::vector<std::int64_t> dilations;
  for (int twice = 0; twice < 2; ++twice) {
    for (std::int64_t dilation = 1; dilation <= 512; dilation *= 2) {
      dilations.push_back(dilation);
    }
  }
  const auto model = testing_models::gated(2, dilations, 256);
  model->begin_after(128);
  ASSERT_EQ(model->receptive_field(), 2048);
  for (const Proof& proof : generate::verify(*model)) {
    EXPECT_TRUE(proof.ok) << proof.name << ": " << proof.detail;
  }
  EXPECT_FALSE(generate::verify_causality(*model, peeking(*model)).ok);
  EXPECT_FALSE(generate::verify_stream(*model, logits_of(*model), 1).ok);
  EXPECT_FALSE(generate::verify_receptive_field(*model, looking_further(*model, 1)).ok);
  // Without the older tap of the last layer it sees 512 samples less.
  for (const auto& [name, tensor] : model->parameters()) {
    if (name == "blocks.19.filter.weight" || name == "blocks.19.gate.weight") {
      std::fill_n(tensor.data<float>(), tensor.numel() / 2, 0.0F);
    }
  }
  const Proof less = generate::verify_receptive_field(*model, logits_of(*model));
  EXPECT_FALSE(less.ok);
  EXPECT_EQ(less.detail, "computed 2048, measured 1536 by the gradient of an output");
}

TEST(Verify, CatchesStateAndMixedRows) {
  const auto model = testing_models::tree(4);
  std::atomic<int> calls = 0;
  EXPECT_FALSE(generate::verify_independence(*model, remembering(*model, calls)).ok);
  EXPECT_FALSE(generate::verify_independence(*model, mixing_rows(*model)).ok);
}

}  // namespace
