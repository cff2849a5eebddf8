// What the convolution saves: the loss of all val names by the tree, window by window, and by the
// convolution of the same weights, over whole names grouped by equal length.
//
//   build/release/bench/bridge [THREADS]   ->   {"tree_ms":81.2,"convolution_ms":47.5,"ratio":1.71}
//
// The passes take turns, so that a busy machine slows both; the ratio is the median of the rounds'.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;

constexpr int kRounds = 31;

double milliseconds(const std::function<void()>& pass) {
  const auto start = std::chrono::steady_clock::now();
  pass();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1;
  const Config recipe = models::load_recipe("tree-76k");
  const auto corpus = data::open_corpus(recipe, "", 42);
  const auto vocabulary = corpus->vocabulary().size();
  // A tree that has not learned costs as much as one that has.
  Rng rng(42);
  models::Tree tree({.vocabulary = vocabulary, .block_size = 8, .embedding = 24, .hidden = 128},
                    rng);
  tree.eval();
  const auto convolution = models::convolution_of(tree);
  double tree_loss = 0;
  double convolution_loss = 0;
  std::vector<double> tree_ms;
  std::vector<double> convolution_ms;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    tree_ms.push_back(
        milliseconds([&] { tree_loss = train::mean_loss(tree, corpus->val(), threads); }));
    convolution_ms.push_back(milliseconds(
        [&] { convolution_loss = train::mean_loss(*convolution, corpus->val(), threads); }));
    ratios.push_back(tree_ms.back() / convolution_ms.back());
  }
  fmt::print(
      "{{\"tokens\":{},\"threads\":{},\"tree_loss\":{:.7f},\"convolution_loss\":{:.7f},"
      "\"tree_ms\":{:.2f},\"convolution_ms\":{:.2f},\"ratio\":{:.3f}}}\n",
      data::token_count(corpus->val()), threads, tree_loss, convolution_loss, median(tree_ms),
      median(convolution_ms), median(ratios));
  return std::abs(tree_loss - convolution_loss) < 1e-5 ? 0 : 1;
}
