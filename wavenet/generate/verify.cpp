#include "wavenet/generate/verify.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/parallel.h"
#include "wavenet/base/rng.h"
#include "wavenet/generate/stream.h"

namespace wavenet::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

constexpr std::int64_t kMostPositions = 4096;  // tokens of one sequence
constexpr int kSequences = 4;
constexpr double kTolerance = 1e-5;

// Begins with token 0, as all sequences do; then `length - 1` tokens drawn from the model.
Tokens drawn(const models::Model& model, std::int64_t length, std::uint64_t seed) {
  Rng rng(seed);
  Stream stream(model);
  Tokens tokens{0};
  std::vector<float> odds(static_cast<std::size_t>(model.vocabulary()));
  while (static_cast<std::int64_t>(tokens.size()) < length) {
    const std::span<const float> logits = stream.logits();
    const float largest = *std::max_element(logits.begin(), logits.end());
    std::transform(logits.begin(), logits.end(), odds.begin(),
                   [largest](float logit) { return std::exp(logit - largest); });
    tokens.push_back(static_cast<std::int32_t>(rng.multinomial(odds)));
    stream.push(tokens.back());
  }
  return tokens;
}

Tensor run(const Parallel& parallel, const Tokens& tokens) {
  const NoGrad guard;
  return parallel(Tensor::from(tokens, {1, static_cast<std::int64_t>(tokens.size())}));
}

std::span<const float> at(const Tensor& logits, std::int64_t row, std::int64_t position) {
  const std::int64_t vocabulary = logits.size(-1);
  const float* first = logits.data<float>() + (row * logits.size(1) + position) * vocabulary;
  return {first, static_cast<std::size_t>(vocabulary)};
}

bool same(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::int32_t another(std::int32_t token, std::int64_t vocabulary, Rng& rng) {
  const auto step = 1 + static_cast<std::int64_t>(rng.below(
                            static_cast<std::uint64_t>(std::max<std::int64_t>(1, vocabulary - 1))));
  return static_cast<std::int32_t>((token + step) % vocabulary);
}

std::int64_t some_past(const models::Model& model, std::int64_t more) {
  return std::min(model.receptive_field() + more, kMostPositions);
}

}  // namespace

Proof verify_causality(const models::Model& model, const Parallel& parallel) {
  const std::int64_t length = some_past(model, 8);
  Rng rng(1);
  std::int64_t compared = 0;
  for (int n = 0; n < kSequences; ++n) {
    const Tokens tokens = drawn(model, length, static_cast<std::uint64_t>(n));
    const Tensor before = run(parallel, tokens);
    const std::int64_t stride = std::max<std::int64_t>(1, length / 16);
    for (std::int64_t last = 0; last + 1 < length; last += stride) {
      Tokens changed = tokens;  // every token after `last` is another one
      for (auto t = static_cast<std::size_t>(last) + 1; t < changed.size(); ++t) {
        changed[t] = another(changed[t], model.vocabulary(), rng);
      }
      const Tensor after = run(parallel, changed);
      for (std::int64_t t = 0; t <= last; ++t, ++compared) {
        if (!same(at(before, 0, t), at(after, 0, t))) {
          return {"causality", false,
                  fmt::format("output {} changes with tokens after {}", t, last)};
        }
      }
    }
  }
  return {"causality", true, fmt::format("{} outputs unchanged by every later token", compared)};
}

Proof verify_stream(const models::Model& model, const Parallel& parallel, std::int64_t ring_slip) {
  const std::int64_t field = model.receptive_field();
  double worst = 0;
  std::int64_t compared = 0;
  Stream stream(model, 1, ring_slip);
  for (const std::int64_t prompt : {std::int64_t{0}, field / 2, field, field + 3, 2 * field + 3}) {
    const std::int64_t length = std::min(prompt, kMostPositions) + 1;  // with token 0
    const Tokens tokens = drawn(model, length, static_cast<std::uint64_t>(prompt));
    const Tensor expected = run(parallel, tokens);
    stream.reset();
    for (std::int64_t t = 0; t < length; ++t, ++compared) {
      if (t > 0) {
        stream.push(tokens[static_cast<std::size_t>(t)]);
      }
      const std::span<const float> want = at(expected, 0, t);
      const std::span<const float> got = stream.logits();
      double largest = 1e-6;
      double difference = 0;
      for (std::size_t v = 0; v < want.size(); ++v) {
        largest = std::max(largest, std::abs(static_cast<double>(want[v])));
        difference = std::max(difference,
                              std::abs(static_cast<double>(want[v]) - static_cast<double>(got[v])));
      }
      worst = std::max(worst, difference / largest);
      if (!(difference <= kTolerance * largest)) {
        return {"stream", false,
                fmt::format("after a prompt of {} of {} tokens the cached logits differ by {:.2g} "
                            "of the largest",
                            t, prompt, difference / largest)};
      }
    }
  }
  return {"stream", true,
          fmt::format("{} positions, prompts of 0 to {} tokens, worst difference {:.2g}", compared,
                      2 * field + 3, worst)};
}

Proof verify_receptive_field(const models::Model& model, const Parallel& parallel) {
  const std::int64_t field = model.receptive_field();
  const std::int64_t length = some_past(model, 8);
  Rng rng(2);
  std::int64_t furthest = 0;  // tokens back from the last one, itself included
  for (int n = 0; n < 4 * kSequences; ++n) {
    const Tokens tokens = drawn(model, length, 100 + static_cast<std::uint64_t>(n));
    const Tensor before = run(parallel, tokens);
    for (std::int64_t back = length - 1; back > furthest; --back) {  // token 0 stays
      Tokens changed = tokens;
      std::int32_t& token = changed[static_cast<std::size_t>(length - back)];
      token = another(token, model.vocabulary(), rng);
      const Tensor after = run(parallel, changed);
      if (!same(at(before, 0, length - 1), at(after, 0, length - 1))) {
        furthest = back;
      }
    }
  }
  return {"receptive field", furthest == std::min(field, length - 1),
          fmt::format("computed {}, measured {}", field, furthest)};
}

Proof verify_independence(const models::Model& model, const Parallel& parallel) {
  const std::int64_t length = some_past(model, 3);
  constexpr std::int64_t kRows = 5;
  std::vector<Tokens> rows;
  std::vector<Tensor> alone;
  for (std::int64_t b = 0; b < kRows; ++b) {
    rows.push_back(drawn(model, length, 200 + static_cast<std::uint64_t>(b)));
    alone.push_back(run(parallel, rows.back()));
  }
  const auto agrees = [&](const std::vector<std::int64_t>& order) {
    Tokens all;
    for (const std::int64_t b : order) {
      all.insert(all.end(), rows[static_cast<std::size_t>(b)].begin(),
                 rows[static_cast<std::size_t>(b)].end());
    }
    const NoGrad guard;
    const Tensor together =
        parallel(Tensor::from(all, {static_cast<std::int64_t>(order.size()), length}));
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::int64_t t = 0; t < length; ++t) {
        if (!same(at(together, static_cast<std::int64_t>(i), t),
                  at(alone[static_cast<std::size_t>(order[i])], 0, t))) {
          return false;
        }
      }
    }
    return true;
  };
  if (!agrees({0, 1, 2, 3, 4})) {
    return {"independence", false, "logits depend on the batch size"};
  }
  if (!agrees({4, 2, 0, 3, 1})) {
    return {"independence", false, "logits depend on the order in the batch"};
  }
  std::vector<char> ok(8);
  parallel_for(static_cast<std::int64_t>(ok.size()), 3, [&](std::int64_t i) {
    ok[static_cast<std::size_t>(i)] = agrees({i % kRows}) ? 1 : 0;
  });
  if (std::count(ok.begin(), ok.end(), 1) != static_cast<std::ptrdiff_t>(ok.size())) {
    return {"independence", false, "logits depend on other threads"};
  }
  return {"independence", true,
          fmt::format("{} sequences alone, together, reordered and on 3 threads: the same bits",
                      kRows)};
}

std::vector<Proof> verify(models::Model& model) {
  const bool was_training = model.training();
  model.eval();
  const Parallel parallel = [&model](const Tensor& tokens) { return model.logits(tokens); };
  std::vector<Proof> proofs{verify_causality(model, parallel), verify_stream(model, parallel),
                            verify_receptive_field(model, parallel),
                            verify_independence(model, parallel)};
  model.train(was_training);
  return proofs;
}

}  // namespace wavenet::generate
