// How many tokens a second a model generates with a cache: streams side by side on one core.
//
//   build/release/bench/stream [RECIPE [CODES [KEY=VALUE ...]]]
//   ->   {"streams":64,"pushed":638455,"drawn":595607} ...
//
// CODES is the size of the vocabulary, else that of the embedded names; 256 for sound. KEY=VALUE
// replaces a key of the recipe.
// pushed: logits alone; drawn: with the draw of every token. The best of the short tries of four
// seconds, which is what the machine can do when nothing disturbs it; bench/peak says what that is. It
// takes about 50 seconds, whatever the model. Weights are the initial ones, which cost as much as
// learned ones.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kTime{4};      // of all tries of one figure
constexpr std::chrono::milliseconds kTry{2};  // a slice that little else disturbs

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Tokens a second at best, when each call of `step` gives every stream one.
double best_rate(std::int64_t streams, const std::function<void()>& step) {
  double best = 0;
  for (const auto begun = Clock::now(); Clock::now() - begun < kTime;) {
    std::int64_t tokens = 0;
    const auto start = Clock::now();
    do {
      step();
      tokens += streams;
    } while (Clock::now() - start < kTry);
    best = std::max(best, static_cast<double>(tokens) / seconds_since(start));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  Config recipe = models::load_recipe(argc > 1 ? argv[1] : models::kDefaultRecipe);
  for (int i = 3; i < argc; ++i) {
    recipe.set(argv[i]);
  }
  const std::int64_t codes =
      argc > 2 ? std::stoll(argv[2]) : data::Vocabulary(data::embedded_names().words).size();
  Rng rng(42);
  const auto model = models::build(recipe, codes, rng);
  const generate::Stream one(*model);
  output::Odds odds({}, codes);
  for (const std::int64_t count : {1, 4, 8, 16, 64, 256}) {
    generate::Stream streams = one.fresh(count);
    std::vector<std::int32_t> tokens(static_cast<std::size_t>(count));
    std::uint64_t number = 0;
    const auto draw = [&] {
      for (std::int64_t i = 0; i < count; ++i) {
        const double u = unit_interval(split_mix(++number));
        tokens[static_cast<std::size_t>(i)] = output::pick(odds(streams.logits(i)), u);
      }
    };
    draw();
    const double pushed = best_rate(count, [&] { streams.push(tokens); });
    const double drawn = best_rate(count, [&] {
      draw();
      streams.push(tokens);
    });
    fmt::print("{{\"streams\":{},\"pushed\":{:.0f},\"drawn\":{:.0f}}}\n", count, pushed, drawn);
  }
}
