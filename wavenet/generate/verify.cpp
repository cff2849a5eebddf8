#include "wavenet/generate/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/parallel.h"
#include "wavenet/generate/probes.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/view.h"

namespace wavenet::generate {
namespace {

constexpr std::int64_t kSequences = 4;
constexpr double kTolerance = 1e-5;

// Whether streams side by side have the bits of each alone.
bool streams_agree(const MakeStreams& streams, const std::vector<Tokens>& rows) {
  Stream together = streams(static_cast<std::int64_t>(rows.size()));
  std::vector<Stream> alone(rows.size(), streams(1));
  Tokens now(rows.size());
  for (std::size_t t = 1; t < rows[0].size(); ++t) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      now[i] = rows[i][t];
      alone[i].push(now[i]);
    }
    together.push(now);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!same(together.logits(static_cast<std::int64_t>(i)), alone[i].logits())) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

Proof verify_causality(const models::Model& model, const Parallel& parallel) {
  const std::int64_t length = some_past(model, kBeyond);
  constexpr std::int64_t kPlaces = 16;
  Rng rng(1);
  std::int64_t compared = 0;
  const std::int64_t sequences = affordable(model, (kPlaces + 1) * length, 1, kSequences);
  for (std::int64_t n = 0; n < sequences; ++n) {
    const Tokens tokens = drawn(model, length, static_cast<std::uint64_t>(n));
    const Tensor before = answers(parallel, tokens);
    const std::int64_t stride = std::max<std::int64_t>(1, length / kPlaces);
    for (std::int64_t last = 0; last + 1 < length; last += stride) {
      Tokens changed = tokens;  // every token after `last` is another one
      for (auto t = static_cast<std::size_t>(last) + 1; t < changed.size(); ++t) {
        changed[t] = another(changed[t], model.vocabulary(), rng);
      }
      const Tensor after = answers(parallel, changed);
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

// In a sequence where each token occurs once, the rows of the embedding's gradient are those of the
// positions.
Proof verify_gradient(const models::Model& model, const Parallel& parallel) {
  const Tensor embedding = embedding_of(model);
  check(embedding.defined(), "verify: the model has no embedding.weight");
  const std::int64_t length = std::min(model.vocabulary(), some_past(model, kBeyond));
  // Back costs twice as much as forth.
  const std::int64_t outputs = affordable(model, 3 * length, 1, length);
  const std::int64_t stride = (length + outputs - 1) / outputs;
  std::int64_t asked = 0;
  Tokens tokens(static_cast<std::size_t>(length));
  std::iota(tokens.begin(), tokens.end(), 0);
  double own = std::numeric_limits<double>::infinity();
  for (std::int64_t t = 0; t < length; t += stride, ++asked) {
    const Tensor logits = parallel(Tensor::from(tokens, {1, length}));
    Rng rng(3);
    backward(index(logits, {{}, {.start = t, .stop = t + 1}}),
             randn({1, 1, model.output().width()}, rng));
    const Tensor gradient = grad(embedding);
    forget_gradients(model);
    for (std::int64_t token = t; token < length; ++token) {
      const float* row = gradient.data<float>() + token * embedding.size(1);
      double largest = 0;
      for (std::int64_t c = 0; c < embedding.size(1); ++c) {
        largest = std::max(largest, std::abs(static_cast<double>(row[c])));
      }
      if (token == t) {
        own = std::min(own, largest);
      } else if (largest > 0) {
        return {"gradient", false,
                fmt::format("output {} has a gradient of {:.2g} in token {}", t, largest, token)};
      }
    }
  }
  return {"gradient", own > 0,
          fmt::format("{} outputs, none in a later token, at least {:.2g} in its own", asked, own)};
}

Proof verify_stream(const models::Model& model, const Parallel& parallel, std::int64_t ring_slip) {
  const std::int64_t field = model.receptive_field();
  double worst = 0;
  std::int64_t compared = 0;
  Stream stream(model, 1, ring_slip);
  for (const std::int64_t prompt : {std::int64_t{0}, field / 2, field, field + 3, 2 * field + 3}) {
    const std::int64_t length = std::min(prompt, kMostPositions) + 1;  // with model.before()
    const Tokens tokens = drawn(model, length, static_cast<std::uint64_t>(prompt));
    const Tensor expected = answers(parallel, tokens);
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
                      std::min(2 * field + 3, kMostPositions), worst)};
}

Proof verify_independence(const models::Model& model, const Parallel& parallel,
                          const MakeStreams& streams) {
  constexpr std::int64_t kRows = 5;
  constexpr std::int64_t kTimes = 11;  // that all rows are computed below
  const std::int64_t length = affordable(
      model, kRows * kTimes, std::min<std::int64_t>(some_past(model, 3), 64), some_past(model, 3));
  std::vector<Tokens> rows;
  std::vector<Tensor> alone;
  for (std::int64_t b = 0; b < kRows; ++b) {
    rows.push_back(drawn(model, length, 200 + static_cast<std::uint64_t>(b)));
    alone.push_back(answers(parallel, rows.back()));
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
  if (!streams_agree(
          streams ? streams : [&](std::int64_t count) { return Stream(model, count); }, rows)) {
    return {"independence", false, "a stream's logits depend on the streams beside it"};
  }
  return {"independence", true,
          fmt::format("{} sequences alone, together, reordered, on 3 threads and streamed side by "
                      "side: the same bits",
                      kRows)};
}

std::vector<Proof> verify(models::Model& model) {
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const Parallel parallel = [&model](const Tensor& tokens) { return model.logits(tokens); };
  std::vector<Proof> proofs{verify_causality(model, parallel)};
  if (embedding_of(model).defined()) {
    proofs.push_back(verify_gradient(model, parallel));
  }
  proofs.push_back(verify_stream(model, parallel));
  proofs.push_back(verify_receptive_field(model, parallel));
  proofs.push_back(verify_independence(model, parallel));
  return proofs;
}

}  // namespace wavenet::generate
