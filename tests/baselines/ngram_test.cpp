// The counting model against its formula, written down a second time as the paper has it.
#include "wavenet/baselines/ngram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "tests/folder.h"
#include "wavenet/base/check.h"
#include "wavenet/base/rng.h"

namespace wavenet::baselines {
namespace {

using Tokens = std::vector<std::int32_t>;
using Sequences = NgramCounts::Sequences;
using State = std::map<std::string, Tensor>;

// Chen and Goodman's equations word for word: maps of n-grams, oldest token first, and a recursion.
class Paper {
 public:
  Paper(const Sequences& sequences, std::int64_t vocabulary, std::size_t order)
      : vocabulary_(vocabulary), c_(order + 1), d_(order + 1) {
    for (const Tokens& sequence : sequences) {
      Tokens padded(order - 1, 0);
      padded.insert(padded.end(), sequence.begin(), sequence.end());
      for (std::size_t i = 0; i < sequence.size(); ++i) {
        ++c_[order][slice(padded, i, i + order)];
      }
    }
    for (std::size_t k = order; k-- > 1;) {
      std::map<Tokens, std::set<std::int32_t>> before;
      for (const auto& [ngram, count] : c_[k + 1]) {
        before[slice(ngram, 1, k + 1)].insert(ngram.front());
      }
      for (const auto& [ngram, tokens] : before) {
        c_[k][ngram] = static_cast<double>(tokens.size());
      }
    }
    for (std::size_t k = 1; k <= order; ++k) {
      d_[k] = discounts(c_[k]);
    }
  }

  double p(const Tokens& context, std::int32_t w) const {  // context: order - 1 tokens
    return recurse(context, w);
  }
  bool fell_back(std::size_t k) const { return d_[k] == kFallback; }

 private:
  using Counts = std::map<Tokens, double>;
  static const std::vector<double> kFallback;

  static Tokens slice(const Tokens& tokens, std::size_t first, std::size_t last) {
    return {tokens.begin() + static_cast<std::ptrdiff_t>(first),
            tokens.begin() + static_cast<std::ptrdiff_t>(last)};
  }
  static std::vector<double> discounts(const Counts& counts) {
    const auto n = [&](double r) {
      return static_cast<double>(std::count_if(counts.begin(), counts.end(),
                                               [r](const auto& c) { return c.second == r; }));
    };
    if (n(1) * n(2) * n(3) * n(4) == 0) {
      return kFallback;
    }
    const double y = n(1) / (n(1) + 2 * n(2));
    std::vector<double> d{0};
    for (double r = 1; r <= 3; ++r) {
      d.push_back(r - (r + 1) * y * n(r + 1) / n(r));
    }
    return *std::min_element(d.begin() + 1, d.end()) > 0 ? d : kFallback;
  }
  double recurse(const Tokens& context, std::int32_t w) const {
    const std::size_t k = context.size() + 1;
    const auto count = [&](std::int32_t v) {
      Tokens ngram = context;
      ngram.push_back(v);
      const auto found = c_[k].find(ngram);
      return found == c_[k].end() ? 0.0 : found->second;
    };
    const auto d = [&](double c) { return d_[k][static_cast<std::size_t>(std::min(c, 3.0))]; };
    const double below = context.empty() ? 1.0 / static_cast<double>(vocabulary_)
                                         : recurse(slice(context, 1, context.size()), w);
    double total = 0;
    double given_up = 0;
    for (std::int32_t v = 0; v < vocabulary_; ++v) {
      total += count(v);
      given_up += d(count(v));
    }
    return total == 0 ? below : (count(w) - d(count(w)) + given_up * below) / total;
  }

  std::int64_t vocabulary_;
  std::vector<Counts> c_;
  std::vector<std::vector<double>> d_;
};

const std::vector<double> Paper::kFallback{0, 0.5, 1, 1.5};

// Words over tokens 1 to V-1 with an end token each; low tokens are common, so that counts differ.
Sequences random_words(std::int64_t vocabulary, std::size_t words, Rng& rng) {
  Sequences sequences;
  for (std::size_t i = 0; i < words; ++i) {
    Tokens word(rng.below(7));
    for (std::int32_t& token : word) {
      const std::uint64_t bound = 1 + rng.below(static_cast<std::uint64_t>(vocabulary - 1));
      token = 1 + static_cast<std::int32_t>(rng.below(bound));
    }
    word.push_back(0);
    sequences.push_back(word);
  }
  return sequences;
}

Tokens random_context(std::int64_t vocabulary, std::size_t length, Rng& rng) {
  Tokens context(length);
  for (std::int32_t& token : context) {
    token = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(vocabulary)));
  }
  return context;
}

std::vector<double> probabilities(const NgramCounts& counts, const Tokens& history) {
  std::vector<double> p(static_cast<std::size_t>(counts.vocabulary()));
  counts.probabilities(history, p);
  return p;
}

// The contexts that sequences have, and as many that they may not have.
std::vector<Tokens> contexts_of(const Sequences& sequences, std::int64_t vocabulary,
                                std::size_t length, Rng& rng) {
  std::vector<Tokens> contexts;
  for (const Tokens& sequence : sequences) {
    Tokens padded(length, 0);
    padded.insert(padded.end(), sequence.begin(), sequence.end());
    const auto first = padded.begin() + static_cast<std::ptrdiff_t>(rng.below(sequence.size()));
    contexts.emplace_back(first, first + static_cast<std::ptrdiff_t>(length));
    contexts.push_back(random_context(vocabulary, length, rng));
  }
  return contexts;
}

void expect_formula(const Sequences& sequences, std::int64_t vocabulary, Rng& rng) {
  for (std::int64_t order = 1; order <= NgramCounts::kMaxOrder; ++order) {
    const NgramCounts counts = NgramCounts::fit(sequences, vocabulary, order);
    const Paper paper(sequences, vocabulary, static_cast<std::size_t>(order));
    const auto length = static_cast<std::size_t>(order - 1);
    for (const Tokens& context : contexts_of(sequences, vocabulary, length, rng)) {
      const std::vector<double> p = probabilities(counts, context);
      for (std::int32_t w = 0; w < vocabulary; ++w) {
        const double expected = paper.p(context, w);
        ASSERT_NEAR(p[static_cast<std::size_t>(w)], expected, 1e-12) << "order " << order;
        ASSERT_NEAR(p[static_cast<std::size_t>(w)] / expected, 1, 1e-12) << "order " << order;
        ASSERT_DOUBLE_EQ(counts.probability(context, w), p[static_cast<std::size_t>(w)]);
      }
    }
  }
}

TEST(Ngram, IsThePapersFormulaOnWords) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Rng rng(seed);
    const std::int64_t vocabulary = 4 + static_cast<std::int64_t>(seed);
    expect_formula(random_words(vocabulary, 60, rng), vocabulary, rng);
  }
}

TEST(Ngram, IsThePapersFormulaOnOneLongText) {
  Rng rng(4);
  const std::int64_t vocabulary = 6;
  Tokens text;
  for (const Tokens& word : random_words(vocabulary, 80, rng)) {
    text.insert(text.end(), word.begin(), word.end());
  }
  const Sequences sequences{text};
  const NgramCounts counts = NgramCounts::fit(sequences, vocabulary, 4);
  const Paper paper(sequences, vocabulary, 4);
  for (int i = 0; i < 200; ++i) {
    const Tokens context = random_context(vocabulary, 3, rng);
    for (std::int32_t w = 0; w < vocabulary; ++w) {
      ASSERT_NEAR(counts.probability(context, w), paper.p(context, w), 1e-12);
    }
  }
}

TEST(Ngram, MeetsBothKindsOfDiscountsInTheseTests) {
  Rng rng(1);
  const Sequences sequences = random_words(5, 60, rng);
  EXPECT_FALSE(Paper(sequences, 5, 4).fell_back(4));
  EXPECT_TRUE(Paper(sequences, 5, 4).fell_back(1));
}

TEST(Ngram, IsProperOnTinyData) {
  for (const Sequences& sequences :
       {Sequences{{0}}, Sequences{{1, 0}}, Sequences{{}, {2, 2, 2, 2}},
        Sequences{{1, 1, 0}, {1, 0}}, Sequences{{1, 2, 3, 1, 2, 3, 1, 2, 3, 0}}}) {
    Rng rng(5);
    Sequences filled = sequences;
    filled.erase(std::remove(filled.begin(), filled.end(), Tokens{}), filled.end());
    expect_formula(filled, 5, rng);
  }
}

TEST(Ngram, SumsToOneAndLeavesNothingOut) {
  Rng rng(6);
  for (const std::int64_t vocabulary : {2, 27, 1000, 65'536}) {
    const Sequences sequences = random_words(vocabulary, 300, rng);
    for (const std::int64_t order : {1, 3, 8}) {
      const NgramCounts counts = NgramCounts::fit(sequences, vocabulary, order);
      for (int i = 0; i < 20; ++i) {
        const std::vector<double> p =
            probabilities(counts, random_context(vocabulary, rng.below(10), rng));
        // A sum of 65,536 doubles would be off by more than that itself.
        EXPECT_NEAR(static_cast<double>(std::accumulate(p.begin(), p.end(), 0.0L)), 1, 1e-12);
        EXPECT_GT(*std::min_element(p.begin(), p.end()), 0);
      }
    }
  }
}

TEST(Ngram, OfOrderOneHasAClosedForm) {
  // Token 0 ten times; 1 to 3: once, 4 and 5: twice, 6: three times, 7: four times; 8 and 9 never.
  // So Y = 3/7, D1 = 3/7, D2 = 2 - 9/14 * 1 = 19/14, D3 = 3 - 12/7 = 9/7.
  const Sequences sequences{{1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 7, 7, 7, 7}, Tokens(10, 0)};
  const NgramCounts counts = NgramCounts::fit(sequences, 10, 1);
  const double given_up = (3 * (3.0 / 7) + 2 * (19.0 / 14) + 3 * (9.0 / 7)) / 24;
  const std::vector<double> p = probabilities(counts, {});
  const double times[] = {10 - 9.0 / 7, 4.0 / 7,     4.0 / 7,     4.0 / 7, 9.0 / 14,
                          9.0 / 14,     3 - 9.0 / 7, 4 - 9.0 / 7, 0,       0};
  for (std::size_t w = 0; w < 10; ++w) {
    EXPECT_NEAR(p[w], times[w] / 24 + given_up / 10, 1e-15) << w;
  }
}

TEST(Ngram, PadsAShortHistoryAndForgetsALongOne) {
  Rng rng(7);
  const NgramCounts counts = NgramCounts::fit(random_words(6, 200, rng), 6, 4);
  EXPECT_EQ(probabilities(counts, {2}), probabilities(counts, {0, 0, 2}));
  EXPECT_EQ(probabilities(counts, {}), probabilities(counts, {0, 0, 0}));
  EXPECT_EQ(probabilities(counts, {5, 4, 1, 2, 3}), probabilities(counts, {1, 2, 3}));
}

TEST(Ngram, AveragesTheLossOverTokens) {
  const Sequences sequences{{1, 2, 0}, {2, 0}};
  const NgramCounts counts = NgramCounts::fit(sequences, 3, 2);
  double nats = 0;
  for (const auto& [history, token] : std::vector<std::pair<Tokens, std::int32_t>>{
           {{}, 1}, {{1}, 2}, {{1, 2}, 0}, {{}, 2}, {{2}, 0}}) {
    nats -= std::log(counts.probability(history, token));
  }
  EXPECT_DOUBLE_EQ(counts.loss(sequences), nats / 5);
}

bool same(const State& a, const State& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.shape() == y.second.shape() &&
           x.second.template to_vector<std::int32_t>() ==
               y.second.template to_vector<std::int32_t>();
  });
}

TEST(Ngram, ComesBackFromItsStateBitForBit) {
  Rng rng(8);
  for (std::int64_t order = 1; order <= NgramCounts::kMaxOrder; ++order) {
    const NgramCounts counts = NgramCounts::fit(random_words(9, 100, rng), 9, order);
    const State state = counts.state();
    const NgramCounts back = NgramCounts::from_state(state, 9, order);
    EXPECT_TRUE(same(back.state(), state)) << order;
    EXPECT_EQ(back.size(), counts.size());
    EXPECT_EQ(back.bytes(), counts.bytes());
    for (int i = 0; i < 200; ++i) {
      const Tokens history = random_context(9, rng.below(9), rng);
      ASSERT_EQ(probabilities(back, history), probabilities(counts, history)) << order;
    }
  }
}

TEST(Ngram, StatesWhatItCounted) {
  const NgramCounts counts = NgramCounts::fit({{1, 2, 0}, {2, 0}, {1, 2, 0}}, 3, 3);
  const State state = counts.state();
  EXPECT_EQ(state.at("ngrams").shape(), (Shape{5, 3}));
  EXPECT_EQ(state.at("ngrams").to_vector<std::int32_t>(),
            (Tokens{0, 0, 1, /**/ 0, 0, 2, /**/ 1, 0, 2, /**/ 2, 0, 0, /**/ 2, 1, 0}));
  EXPECT_EQ(state.at("counts").to_vector<std::int32_t>(), (Tokens{2, 1, 2, 1, 2}));
  EXPECT_EQ(counts.size(), 5 + 4 + 3);  // 01 02 12 20, 0 1 2
  EXPECT_EQ(counts.order(), 3);
  EXPECT_EQ(counts.vocabulary(), 3);
}

std::string problem_with(const State& state) {
  return problem_of([&] { NgramCounts::from_state(state, 3, 2); });
}

TEST(Ngram, RefusesAStateThatItCannotHaveMade) {
  const auto i32 = [](const Tokens& values, const Shape& shape) {
    return Tensor::from(values, shape);
  };
  const Tensor ngrams = i32({0, 1, 0, 2, 1, 0}, {3, 2});
  const Tensor counts = i32({4, 1, 2}, {3});
  EXPECT_EQ(problem_with({{"ngrams", ngrams}, {"counts", counts}, {"train.step", counts}}), "none");
  const std::vector<std::pair<State, std::string>> cases{
      {{{"counts", counts}}, "ngram: it needs a tensor ngrams, which the file lacks"},
      {{{"ngrams", ngrams}}, "ngram: it needs a tensor counts, which the file lacks"},
      {{{"ngrams", Tensor()}, {"counts", counts}},
       "ngram: it needs a tensor ngrams, which the file lacks"},
      {{{"ngrams", ngrams}, {"counts", counts}, {"0.weight", counts}},
       "ngram: the model has no tensor 0.weight"},
      {{{"ngrams", Tensor::zeros({3, 2})}, {"counts", counts}},
       "ngram: tensor ngrams must be i32, the file has f32"},
      {{{"ngrams", ngrams}, {"counts", Tensor::zeros({3})}},
       "ngram: tensor counts must be i32, the file has f32"},
      {{{"ngrams", i32({0, 1, 0, 2, 1, 0}, {6})}, {"counts", counts}},
       "ngram: tensor ngrams must be [N, 2], the file has [6]"},
      {{{"ngrams", i32({0, 1, 0, 2, 1, 0}, {2, 3})}, {"counts", counts}},
       "ngram: tensor ngrams must be [N, 2], the file has [2, 3]"},
      {{{"ngrams", i32({}, {0, 2})}, {"counts", i32({}, {0})}},
       "ngram: tensor ngrams must be [N, 2], the file has [0, 2]"},
      {{{"ngrams", ngrams}, {"counts", i32({4, 1}, {2})}},
       "ngram: tensor counts must be [3], the file has [2]"},
      {{{"ngrams", i32({0, 2, 0, 1, 1, 0}, {3, 2})}, {"counts", counts}},
       "ngram: row 1 of tensor ngrams does not come after the row before"},
      {{{"ngrams", i32({0, 1, 0, 2, 0, 2}, {3, 2})}, {"counts", counts}},
       "ngram: row 2 of tensor ngrams does not come after the row before"},
      {{{"ngrams", i32({0, 1, 0, 2, 1, 3}, {3, 2})}, {"counts", counts}},
       "ngram: token 3 is outside 0 to 2"},
      {{{"ngrams", i32({0, 1, 0, 2, -1, 0}, {3, 2})}, {"counts", counts}},
       "ngram: token -1 is outside 0 to 2"},
      {{{"ngrams", ngrams}, {"counts", i32({4, 0, 2}, {3})}},
       "ngram: count 0 of row 1 is not above 0"},
      {{{"ngrams", ngrams}, {"counts", i32({4, 1, -2}, {3})}},
       "ngram: count -2 of row 2 is not above 0"},
      {{{"ngrams", ngrams}, {"counts", i32({2147483647, 1, 2}, {3})}},
       "ngram: 2147483650 tokens are more than the 2147483647 that can be counted"},
  };
  for (const auto& [state, expected] : cases) {
    EXPECT_EQ(problem_with(state), expected);
  }
  EXPECT_EQ(problem_of([&] { NgramCounts::from_state({}, 3, 9); }),
            "ngram: order 9 is outside 1 to 8");
}

TEST(Ngram, RefusesWhatMakesNoSense) {
  const Sequences words{{1, 2, 0}};
  const auto fit = [&](const Sequences& sequences, std::int64_t vocabulary, std::int64_t order) {
    return problem_of([&] { NgramCounts::fit(sequences, vocabulary, order); });
  };
  EXPECT_EQ(fit(words, 3, 0), "ngram: order 0 is outside 1 to 8");
  EXPECT_EQ(fit(words, 3, 9), "ngram: order 9 is outside 1 to 8");
  EXPECT_EQ(fit(words, 0, 2), "ngram: a vocabulary of 0 is outside 1 to 65536");
  EXPECT_EQ(fit(words, 65'537, 2), "ngram: a vocabulary of 65537 is outside 1 to 65536");
  EXPECT_EQ(fit(words, 2, 2), "ngram: token 2 is outside 0 to 1");
  EXPECT_EQ(fit({{-1}}, 2, 2), "ngram: token -1 is outside 0 to 1");
  EXPECT_EQ(fit({}, 3, 2), "ngram: there is no token to count");
  EXPECT_EQ(fit({{}, {}}, 3, 2), "ngram: there is no token to count");

  const NgramCounts counts = NgramCounts::fit(words, 3, 2);
  std::vector<double> p(3);
  EXPECT_EQ(problem_of([&] { counts.probabilities(Tokens{3}, p); }),
            "ngram: token 3 is outside 0 to 2");
  EXPECT_EQ(problem_of([&] { counts.probabilities(Tokens{}, std::span(p).first(2)); }),
            "ngram: 2 places for the probabilities of 3 tokens");
  EXPECT_EQ(problem_of([&] { counts.probability({}, -1); }), "ngram: token -1 is outside 0 to 2");
  EXPECT_EQ(problem_of([&] { counts.loss({{}}); }), "ngram: there is no token to predict");
}

}  // namespace
}  // namespace wavenet::baselines
