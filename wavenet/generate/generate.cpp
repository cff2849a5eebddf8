#include "wavenet/generate/generate.h"

#include <algorithm>
#include <numeric>

#include "wavenet/autograd/autograd.h"
#include "wavenet/ops/elementwise.h"
#include "wavenet/ops/loss.h"
#include "wavenet/ops/view.h"

namespace wavenet::generate {
namespace {

// Sets all but the first `kept` of `order` to zero; softmax's sum need not be 1 to draw.
void keep(const std::vector<std::size_t>& order, std::size_t kept, std::vector<float>& p) {
  for (std::size_t i = kept; i < order.size(); ++i) {
    p[order[i]] = 0;
  }
}

}  // namespace

void check_options(const SampleOptions& options) {
  const auto require = [](bool holds, std::string_view rule, double value) {
    if (!holds) {
      fail_usage("sample: {}, got {}", rule, value);
    }
  };
  require(options.temperature >= 0 && options.temperature <= 1e6,
          "the temperature must be from 0 to 1e6", options.temperature);
  require(options.top_k >= 0, "top-k must be at least 0", static_cast<double>(options.top_k));
  require(options.top_p > 0 && options.top_p <= 1, "top-p must be above 0 and at most 1",
          options.top_p);
  require(options.max_length >= 1, "the longest word must have at least 1 character",
          static_cast<double>(options.max_length));
}

std::vector<float> probabilities(const Tensor& logits, const SampleOptions& options) {
  const bool greedy = options.temperature == 0;
  std::vector<float> p =
      softmax(greedy || options.temperature == 1 ? logits : logits / options.temperature)
          .to_vector<float>();
  if (!greedy && options.top_k == 0 && options.top_p >= 1) {
    return p;
  }
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&p](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::size_t kept = p.size();
  if (greedy) {
    kept = 1;
  } else if (options.top_k > 0) {
    kept = std::min(kept, static_cast<std::size_t>(options.top_k));
  }
  double total = 0;
  for (std::size_t i = 0; i < kept && options.top_p < 1; ++i) {
    total += static_cast<double>(p[order[i]]);
    if (total >= options.top_p) {
      kept = i + 1;
    }
  }
  keep(order, kept, p);
  return p;
}

Word word(models::Model& model, const SampleOptions& options, Rng& rng) {
  check_options(options);
  const NoGrad guard;
  model.eval();
  const auto block_size = static_cast<std::size_t>(model.receptive_field());
  std::vector<std::int32_t> window(block_size, 0);
  const auto push = [&window](std::int32_t token) {
    std::rotate(window.begin(), window.begin() + 1, window.end());
    window.back() = token;
  };
  Word result{options.prompt, false};
  std::for_each(result.tokens.begin(), result.tokens.end(), push);
  while (static_cast<std::int64_t>(result.tokens.size()) < options.max_length) {
    Tensor logits = model(Tensor::from(window, {1, model.receptive_field()}));
    if (model.reads() == models::Reads::sequences) {
      logits = contiguous(index(logits, {{}, {.start = -1}}));
    }
    const auto token =
        static_cast<std::int32_t>(rng.multinomial(probabilities(reshape(logits, {-1}), options)));
    if (token == 0) {
      result.ended = true;
      break;
    }
    result.tokens.push_back(token);
    push(token);
  }
  return result;
}

}  // namespace wavenet::generate
