#include "wavenet/generate/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/parallel.h"
#include "wavenet/base/rng.h"
#include "wavenet/ops/create.h"
#include "wavenet/ops/view.h"

namespace wavenet::generate {
namespace {

using Tokens = std::vector<std::int32_t>;

constexpr std::int64_t kMostPositions = 1 << 15;  // tokens of one sequence
constexpr std::int64_t kSequences = 4;
constexpr std::int64_t kFieldSequences = 16;
constexpr std::int64_t kBeyond = 8;  // tokens of the past further back than the field
// Of one proof, about: a second of a core. A model of sound looks back thousands of samples.
constexpr std::int64_t kMultiplyAdds = 20'000'000'000;
constexpr double kTolerance = 1e-5;

// Begins with model.before(), as all sequences do; then `length - 1` tokens drawn from the model.
Tokens drawn(const models::Model& model, std::int64_t length, std::uint64_t seed) {
  Rng rng(seed);
  Stream stream(model);
  Tokens tokens{model.before()};
  const std::unique_ptr<output::Sampler> sampler = model.output().sampler({});
  while (static_cast<std::int64_t>(tokens.size()) < length) {
    tokens.push_back(sampler->draw_with(sampler->prepare(stream.logits()), rng));
    stream.push(tokens.back());
  }
  return tokens;
}

Tensor run(const Parallel& parallel, const Tokens& tokens) {
  const NoGrad guard;
  return parallel(Tensor::from(tokens, {1, static_cast<std::int64_t>(tokens.size())}));
}

std::span<const float> at(const Tensor& logits, std::int64_t row, std::int64_t position) {
  const std::int64_t width = logits.size(-1);
  const float* first = logits.data<float>() + (row * logits.size(1) + position) * width;
  return {first, static_cast<std::size_t>(width)};
}

bool same(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::int32_t another(std::int32_t token, std::int64_t vocabulary, Rng& rng) {
  const auto step = 1 + static_cast<std::int64_t>(rng.below(
                            static_cast<std::uint64_t>(std::max<std::int64_t>(1, vocabulary - 1))));
  return static_cast<std::int32_t>((token + step) % vocabulary);
}

Tensor embedding_of(const models::Model& model) {
  for (const auto& [name, tensor] : model.parameters()) {
    if (name == "embedding.weight") {
      return tensor;
    }
  }
  return {};
}

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

std::int64_t some_past(const models::Model& model, std::int64_t more) {
  return std::min(model.receptive_field() + more, kMostPositions);
}

// How often that many positions may be computed, from `least` to `most` times.
std::int64_t affordable(const models::Model& model, std::int64_t positions, std::int64_t least,
                        std::int64_t most) {
  const std::int64_t each = std::max<std::int64_t>(1, models::multiply_adds(model.wiring()));
  return std::clamp(kMultiplyAdds / positions / each, least, most);
}

// The furthest token, from `most` to `least` before the end, whose change alone changes what is said
// at the end; 0 where none does.
std::int64_t furthest_change(const models::Model& model, const Parallel& parallel,
                             const Tokens& tokens, std::int64_t most, std::int64_t least,
                             Rng& rng) {
  const auto last = static_cast<std::int64_t>(tokens.size()) - 1;
  const Tensor before = run(parallel, tokens);
  for (std::int64_t back = most; back >= least; --back) {
    Tokens changed = tokens;
    std::int32_t& token = changed[tokens.size() - static_cast<std::size_t>(back)];
    token = another(token, model.vocabulary(), rng);
    if (!same(at(before, 0, last), at(run(parallel, changed), 0, last))) {
      return back;
    }
  }
  return 0;
}

// Whether what is said at the end has a gradient in a token `back` or more before it: these become
// even tokens and those after them odd ones, so that no row of the embedding belongs to both.
bool has_gradient_from(const models::Model& model, const Parallel& parallel, Tokens tokens,
                       std::int64_t back) {
  const auto length = static_cast<std::int64_t>(tokens.size());
  for (std::int64_t t = 0; t < length; ++t) {
    std::int32_t& token = tokens[static_cast<std::size_t>(t)];
    const bool below = (token | 1) < model.vocabulary();
    token = t <= length - back ? token & ~1 : below ? token | 1 : token - 1;
  }
  Rng rng(4);
  const Tensor logits = parallel(Tensor::from(tokens, {1, length}));
  backward(index(logits, {{}, {.start = length - 1}}), randn({1, 1, model.output().width()}, rng));
  const Tensor gradient = grad(embedding_of(model));
  for (const auto& [name, parameter] : model.parameters()) {
    zero_grad(parameter);
  }
  const std::int64_t width = gradient.size(1);
  for (std::int64_t token = 0; token < gradient.size(0); token += 2) {
    const float* row = gradient.data<float>() + token * width;
    if (std::any_of(row, row + width, [](float value) { return value != 0; })) {
      return true;
    }
  }
  return false;
}

// The furthest token that has a gradient; 0 where none has. Far back a change is lost in rounding, as
// every layer makes less of it; a gradient is not.
std::int64_t furthest_gradient(const models::Model& model, const Parallel& parallel,
                               const Tokens& tokens) {
  std::int64_t seen = 0;
  auto unseen = static_cast<std::int64_t>(tokens.size());
  while (unseen - seen > 1) {
    const std::int64_t middle = (seen + unseen) / 2;
    (has_gradient_from(model, parallel, tokens, middle) ? seen : unseen) = middle;
  }
  return seen;
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
    const Tensor before = run(parallel, tokens);
    const std::int64_t stride = std::max<std::int64_t>(1, length / kPlaces);
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
    for (const auto& [name, parameter] : model.parameters()) {
      zero_grad(parameter);
    }
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
                      std::min(2 * field + 3, kMostPositions), worst)};
}

Proof verify_receptive_field(const models::Model& model, const Parallel& parallel) {
  const std::int64_t field = model.receptive_field();
  const std::int64_t length = some_past(model, kBeyond);
  const std::int64_t expected = std::min(field, length - 1);
  const bool counts = !model.takes_steps();
  const bool looks_everywhere = counts || !embedding_of(model).defined();
  Rng rng(2);
  std::int64_t furthest = 0;  // tokens back from the last one, itself included
  const std::int64_t tries = affordable(model, (kBeyond + 1) * length, 2, kFieldSequences);
  for (std::int64_t n = 0; n < tries; ++n) {
    const Tokens tokens = drawn(model, length, 100 + static_cast<std::uint64_t>(n));
    const std::int64_t least = looks_everywhere ? furthest + 1 : std::max(expected, furthest + 1);
    furthest = std::max(furthest, furthest_change(model, parallel, tokens, length - 1, least, rng));
  }
  std::string how = fmt::format("changing one token at a time in {} sequences", tries);
  if (furthest == 0 && !looks_everywhere) {
    furthest = furthest_gradient(model, parallel, drawn(model, length, 100));
    how = "the gradient of an output";
  }
  return {"receptive field",
          furthest == expected || (counts && furthest > 0 && furthest < expected),
          fmt::format("computed {}, measured {} by {}", field, furthest, how)};
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
