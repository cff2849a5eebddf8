#include "wavenet/output/odds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "wavenet/backend/backend.h"

namespace wavenet::output {

namespace {

// In four chains, which do not wait for each other.
double sum_of(std::span<const float> p) {
  double chains[4] = {};
  std::size_t k = 0;
  for (; k + 4 <= p.size(); k += 4) {
    for (std::size_t chain = 0; chain < 4; ++chain) {
      chains[chain] += static_cast<double>(p[k + chain]);
    }
  }
  for (; k < p.size(); ++k) {
    chains[0] += static_cast<double>(p[k]);
  }
  return (chains[0] + chains[1]) + (chains[2] + chains[3]);
}

}  // namespace

std::int32_t pick(std::span<const float> p, double u) {
  constexpr std::size_t kBlock = 16;
  double left = u * sum_of(p);
  std::size_t k = 0;
  for (; k + kBlock < p.size(); k += kBlock) {  // whole blocks that end before u
    const double sum = sum_of(p.subspan(k, kBlock));
    if (left < sum) {
      break;
    }
    left -= sum;
  }
  for (; k < p.size(); ++k) {
    left -= static_cast<double>(p[k]);
    if (p[k] > 0 && left < 0) {
      return static_cast<std::int32_t>(k);
    }
  }
  // Where rounding left a rest: the last that is possible.
  const auto last = std::find_if(p.rbegin(), p.rend(), [](float odds) { return odds > 0; });
  return last == p.rend() ? 0 : static_cast<std::int32_t>(p.rend() - last - 1);
}

Odds::Odds(const DrawOptions& options, std::int64_t classes)
    : temperature_(options.temperature),
      top_k_(options.temperature == 0 ? 1
             : options.top_k == 0     ? static_cast<std::size_t>(classes)
                                      : static_cast<std::size_t>(options.top_k)),
      top_p_(options.top_p),
      min_p_(options.min_p),
      p_(static_cast<std::size_t>(classes)),
      order_(p_.size()) {
  check_options(options);
}

std::span<const float> Odds::operator()(std::span<const float> logits) {
  check(logits.size() == p_.size(), "sample: {} logits for a vocabulary of {}", logits.size(),
        p_.size());
  const float* from = logits.data();
  if (temperature_ != 0 && temperature_ != 1) {
    const float largest = *std::max_element(logits.begin(), logits.end());
    // Less the largest, or a temperature near 0 would make them infinite.
    std::transform(logits.begin(), logits.end(), p_.begin(), [&](float logit) {
      return static_cast<float>(static_cast<double>(logit - largest) / temperature_);
    });
    from = p_.data();
  }
  const auto row = [&](const float* values) {
    return View{
        const_cast<float*>(values), DType::f32, {static_cast<std::int64_t>(p_.size())}, {1}};
  };
  backend().softmax(row(from), row(p_.data()));
  check(std::isfinite(p_[0]), "sample: the model's logits are no numbers to draw from");
  if (top_k_ < p_.size() || top_p_ < 1) {
    keep_likeliest();
  } else if (min_p_ > 0) {
    keep_from(min_p_ * static_cast<double>(*std::max_element(p_.begin(), p_.end())));
  }
  return p_;
}

double Odds::share(std::span<const float> p, std::int32_t code) const {
  return static_cast<double>(p[static_cast<std::size_t>(code)]) /
         std::accumulate(p.begin(), p.end(), 0.0);
}

// How many of the first `kept` in order_ it takes to reach a share of their sum.
std::size_t Odds::likeliest_up_to(double share, std::size_t kept) const {
  const auto p = [this](std::size_t i) { return static_cast<double>(p_[order_[i]]); };
  double sum = 0;
  for (std::size_t i = 0; i < kept; ++i) {
    sum += p(i);
  }
  double total = p(0);
  std::size_t taken = 1;
  while (taken < kept && total < share * sum) {
    total += p(taken++);
  }
  return taken;
}

void Odds::keep_from(double least) {
  for (float& p : p_) {
    p = static_cast<double>(p) < least ? 0 : p;
  }
}

void Odds::keep_likeliest() {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::size_t kept = std::min(p_.size(), top_k_);
  // Of equals the first, so that a temperature of 0 is well defined.
  const auto likelier = [this](std::size_t a, std::size_t b) {
    return p_[a] > p_[b] || (p_[a] == p_[b] && a < b);
  };
  const auto end = order_.begin() + static_cast<std::ptrdiff_t>(kept);
  std::nth_element(order_.begin(), end, order_.end(), likelier);
  std::sort(order_.begin(), end, likelier);
  if (top_p_ < 1) {
    kept = likeliest_up_to(top_p_, kept);
  }
  const double least = min_p_ * static_cast<double>(p_[order_[0]]);
  while (kept > 1 && static_cast<double>(p_[order_[kept - 1]]) < least) {
    --kept;
  }
  for (std::size_t i = kept; i < order_.size(); ++i) {
    p_[order_[i]] = 0;
  }
}

}  // namespace wavenet::output
