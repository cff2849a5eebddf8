// NgramCounts: a model that only counts, the mark that a network has to beat: interpolated modified
// Kneser-Ney smoothing (Chen and Goodman 1999), orders 1 to 8.
//
//   NgramCounts counts = NgramCounts::fit(train, 27, 6);   // train: {{5, 13, 13, 1, 0}, ...}
//   counts.probabilities(std::vector<std::int32_t>{5, 13}, p);   // p: [V], of what comes next
//   double nats = counts.loss(val);
//
// For a context h of k-1 tokens, and h' the same without its oldest, order k of the model says
//
//   p_k(w | h) = (c(hw) - D(c(hw)) + (D1 N1 + D2 N2 + D3 N3) p_{k-1}(w | h')) / c(h)
//
// c(h): the sum of c(hw) over w; Ni: how many w have c(hw) = i, N3: 3 or more. A context never seen
// is left to the order below; below order 1 stands the uniform 1/V. What is counted:
// - Token 0, the end marker, also fills the past before a sequence, as far back as a context looks.
//   Those fillers are only context; the end marker that closes a sequence is predicted and counted.
// - At the highest order c is how often an n-gram occurs; below, how many different tokens occur
//   before it. A filler is one of them, so n-grams at a sequence's start are no exception.
// - Each order has its own discounts from its own c, with ni of its n-grams having c = i:
//   Y = n1 / (n1 + 2 n2), D1 = 1 - 2Y n2/n1, D2 = 2 - 3Y n3/n2, D3 = 3 - 4Y n4/n3, D(0) = 0.
//   An order where one of n1 to n4 is 0, or a discount is not above 0, takes 0.5, 1 and 1.5.
//
// Const functions may be called from any number of threads. Left out: gradients, other smoothings,
// vocabularies above 65,536, pruning.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "wavenet/baselines/kneser_ney.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet::baselines {

class NgramCounts {
 public:
  static constexpr std::int64_t kMaxOrder = 8;
  static constexpr std::int64_t kMaxVocabulary = 65'536;
  using Sequences = std::vector<std::vector<std::int32_t>>;  // the tokens to predict, in order

  // Throws Error for an order or a vocabulary out of range, a token outside the vocabulary, and
  // sequences without a token. Takes 16 bytes of passing memory for each token.
  static NgramCounts fit(const Sequences& sequences, std::int64_t vocabulary, std::int64_t order);

  // p: [V], every one above 0, their sum 1. Only the last order-1 tokens of `history` matter;
  // before a shorter one come 0s. Allocates nothing. Throws Error for a token outside the
  // vocabulary.
  void probabilities(std::span<const std::int32_t> history, std::span<double> p) const;
  // p[token] of the above, without the walk through the whole vocabulary.
  double probability(std::span<const std::int32_t> history, std::int32_t token) const;
  // -ln p of each token of a sequence.
  std::vector<double> losses(std::span<const std::int32_t> sequence) const;
  // The mean of those over all tokens of all sequences.
  double loss(const Sequences& sequences) const;

  // What a file needs: the highest order's n-grams; all else follows from them.
  //   ngrams  i32 [N, order]  the context, latest token first, then the token that follows; sorted
  //   counts  i32 [N]         how often each occurs
  std::map<std::string, Tensor> state() const;
  // Throws Error for whatever state() cannot have made. Tensors named "train.*" are passed over.
  static NgramCounts from_state(const std::map<std::string, Tensor>& saved, std::int64_t vocabulary,
                                std::int64_t order);

  std::int64_t order() const { return static_cast<std::int64_t>(levels_.size()); }
  std::int64_t vocabulary() const { return static_cast<std::int64_t>(unigram_.size()); }  // V
  std::int64_t size() const;   // different n-grams, of all orders together
  std::int64_t bytes() const;  // of memory that they take

 private:
  // As a row of "ngrams"; 0 from `order` on.
  using Gram = std::array<std::uint16_t, kMaxOrder>;
  struct Counted {
    std::vector<Gram> grams;  // sorted, each once
    std::vector<std::uint32_t> counts;
  };

  // The contexts of one length, sorted, latest token first, and what follows each. They form a
  // trie: the children of a context are those of the next level that look one token further back.
  struct Level {
    std::vector<std::uint16_t> oldest;    // [contexts] the one token that its parent lacks
    std::vector<std::uint32_t> children;  // [contexts + 1] where in the next level its own begin
    std::vector<std::uint32_t> begin;     // [contexts + 1] where in the two below its own begin
    std::vector<std::uint16_t> token;     // sorted within a context
    std::vector<std::uint32_t> count;     // c(hw)
    Discounts discount{};
    // Contexts that so many tokens follow that they are summed up once: which, and what mass_of
    // says.
    std::vector<std::uint32_t> wide;
    std::vector<Mass> wide_mass;
  };

  // One context that the history reaches: its p's are weight * (c(hw) - D) + those of the next.
  struct Step {
    const Level* level = nullptr;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Mass mass{};
    double weight = 0;
  };
  struct Path {
    std::array<Step, kMaxOrder> steps;  // the shortest context first; none for order 1
    std::size_t length = 0;
    double unigram_weight = 1;
  };

  NgramCounts(const Counted& counted, std::int64_t vocabulary, std::int64_t order);
  void add_contexts(const Counted& counted);
  void add_continuations(std::size_t length);
  void add_unigram();
  static void add_wide(Level& level);
  static std::uint32_t followers_of(const Level& level, std::uint32_t context);
  static Mass summed_mass(const Level& level, std::uint32_t context);
  static Mass mass_after(const Level& level, std::uint32_t context);
  Path path(std::span<const std::int32_t> history) const;

  std::vector<Level> levels_;    // by the length of the context: order - 1 is the last
  std::vector<double> unigram_;  // [V] p_1
};

}  // namespace wavenet::baselines
