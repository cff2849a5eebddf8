// From tokens to words: frequencies, and that a word is the same however it is made.
#include <gtest/gtest.h>

#include <numeric>

#include "tests/generate/models.h"

namespace {

using namespace testing_models;
using generate::SampleOptions;
using generate::Word;
using generate::Words;
using output::Odds;

// 40,000 first tokens beside their probabilities: each count within 5 standard deviations.
TEST(Words, FirstTokensAreAsFrequentAsLikely) {
  const auto model = tree(4);
  Odds odds({}, model->vocabulary());
  const generate::Stream stream(*model);
  const auto p = odds(stream.logits());
  constexpr int kWords = 40'000;
  std::vector<int> counts(p.size());
  Words words(*model, {.max_length = 1}, 3);
  for (int i = 0; i < kWords; ++i) {
    const Word word = words.next();
    ++counts[word.tokens.empty() ? 0 : static_cast<std::size_t>(word.tokens[0])];
  }
  for (std::size_t v = 0; v < p.size(); ++v) {
    const double expected = kWords * static_cast<double>(p[v]);
    EXPECT_NEAR(counts[v], expected, 5 * std::sqrt(expected) + 1) << v;
  }
}

std::vector<Word> words_of(const models::Model& model, const SampleOptions& options,
                           std::uint64_t seed, std::int64_t streams) {
  constexpr std::int64_t kCount = 40;
  Words words(model, options, seed, kCount, streams);
  std::vector<Word> all;
  for (std::int64_t i = 0; i < kCount; ++i) {
    all.push_back(words.next());
  }
  EXPECT_THROW(words.next(), Error);
  return all;
}

bool operator==(const std::vector<Word>& a, const std::vector<Word>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Word& x, const Word& y) {
    return x.tokens == y.tokens && x.ended == y.ended;
  });
}

std::vector<std::unique_ptr<models::Model>> some_models() {
  std::vector<std::unique_ptr<models::Model>> all;
  all.push_back(mlp(3));
  all.push_back(tree(8));
  all.push_back(gated(2, {1, 2, 4}));
  all.push_back(ngram(4));
  return all;
}

// Prompts shorter than what the model sees, as long, and longer.
std::vector<SampleOptions> some_options(const models::Model& model) {
  std::vector<SampleOptions> all{
      {.max_length = 60},
      {.temperature = 0.7, .min_p = 0.1, .max_length = 25},
      {.top_k = 3, .top_p = 0.8, .max_length = 25, .stop = 2},
      {.temperature = 0, .max_length = 25},
      {.max_length = 1},
  };
  for (const std::int64_t length :
       {std::int64_t{1}, model.receptive_field(), model.receptive_field() + 5}) {
    std::vector<std::int32_t> prompt(static_cast<std::size_t>(length));
    std::iota(prompt.begin(), prompt.end(), 1);
    for (std::int32_t& token : prompt) {
      token = 1 + token % 12;
    }
    all.push_back({.max_length = length + 20, .prompt = prompt});
    all.push_back({.max_length = length, .prompt = prompt});  // nothing left to draw
  }
  return all;
}

TEST(Words, AreTheSameAloneAndSideBySide) {
  for (const auto& model : some_models()) {
    for (const SampleOptions& options : some_options(*model)) {
      const std::vector<Word> alone = words_of(*model, options, 42, 1);
      EXPECT_TRUE(alone == words_of(*model, options, 42, 3)) << model->kind();
      EXPECT_TRUE(alone == words_of(*model, options, 42, 64)) << model->kind();
      for (std::size_t i = 0; i < alone.size(); ++i) {
        generate::Generator generator(*model, options, 42, i);
        std::vector<std::int32_t> told = options.prompt;
        const Word& word = generator.rest([&](std::int32_t token) { told.push_back(token); });
        EXPECT_EQ(word.tokens, alone[i].tokens);
        EXPECT_EQ(word.ended, alone[i].ended);
        EXPECT_EQ(told, word.tokens);
        EXPECT_EQ(generator.next(), std::nullopt);
      }
    }
  }
}

// Among many, most tokens are drawn from prefixes that words before had; every word is as alone.
TEST(Words, DoNotDependOnThePrefixesThatAreKnown) {
  for (const auto& model : some_models()) {
    for (const SampleOptions& options :
         {SampleOptions{.max_length = 9},
          {.top_k = 2, .max_length = 40, .stop = 5},
          {.temperature = 0.5, .max_length = 12, .prompt = {3, 1}}}) {
      constexpr std::uint64_t kCount = 2000;
      Words many(*model, options, 9, kCount);
      for (std::uint64_t i = 0; i < kCount; ++i) {
        const Word word = many.next();
        if (i % 7 == 0) {
          const Word alone = generate::Generator(*model, options, 9, i).rest();
          ASSERT_EQ(word.tokens, alone.tokens) << model->kind() << ", word " << i;
          ASSERT_EQ(word.ended, alone.ended);
        }
      }
    }
  }
}

TEST(Prefixes, KeepWhatEnoughWordsShare) {
  const auto model = gated(2, {1, 2});
  const generate::Stream begun(*model);
  output::Odds odds({}, begun.vocabulary());
  const std::vector<float> p(odds(begun.logits()).begin(), odds(begun.logits()).end());
  for (const std::int64_t words : {10, 100, 1'000'000}) {
    generate::Prefixes prefixes(begun, odds, words);
    using generate::Prefixes;
    EXPECT_TRUE(std::ranges::equal(prefixes.prepared(Prefixes::kNothing), p));
    for (std::int32_t token = 0; token < begun.vocabulary(); ++token) {
      EXPECT_EQ(prefixes.after(Prefixes::kNothing, token), Prefixes::kUnknown);
      generate::Stream stream = begun;
      stream.push(token);
      const auto node = prefixes.add(Prefixes::kNothing, token, stream, 0, odds);
      const double share = static_cast<double>(p[static_cast<std::size_t>(token)]);
      EXPECT_EQ(node != Prefixes::kUnknown, share * static_cast<double>(words) >= 4) << share;
      EXPECT_EQ(prefixes.after(Prefixes::kNothing, token), node);
      EXPECT_EQ(prefixes.add(Prefixes::kNothing, token, stream, 0, odds), node);
      if (node != Prefixes::kUnknown) {
        EXPECT_TRUE(std::ranges::equal(prefixes.prepared(node), odds(stream.logits())));
        generate::Stream resumed = begun;
        resumed.resume(0, prefixes.past(node));
        resumed.push(1);
        stream.push(1);
        EXPECT_TRUE(std::ranges::equal(resumed.logits(), stream.logits()));
      }
    }
  }
}

TEST(Words, KeepTheirPromptAndTheirLimits) {
  for (const auto& model : some_models()) {
    for (const SampleOptions& options : some_options(*model)) {
      for (const Word& word : words_of(*model, options, 7, 5)) {
        ASSERT_GE(word.tokens.size(), options.prompt.size());
        EXPECT_TRUE(std::equal(options.prompt.begin(), options.prompt.end(), word.tokens.begin()));
        EXPECT_LE(static_cast<std::int64_t>(word.tokens.size()), options.max_length);
        EXPECT_TRUE(word.ended ||
                    static_cast<std::int64_t>(word.tokens.size()) == options.max_length);
        const auto drawn = word.tokens.begin() + static_cast<std::ptrdiff_t>(options.prompt.size());
        EXPECT_EQ(std::count(drawn, word.tokens.end(), 0), 0);
        EXPECT_TRUE(options.stop == 0 || std::count(drawn, word.tokens.end(), options.stop) == 0);
      }
    }
  }
}

TEST(Words, DependOnTheSeed) {
  const auto model = tree(8);
  const SampleOptions options{.max_length = 20};
  EXPECT_TRUE(words_of(*model, options, 1, 4) == words_of(*model, options, 1, 4));
  EXPECT_FALSE(words_of(*model, options, 1, 4) == words_of(*model, options, 2, 4));
  const std::vector<Word> words = words_of(*model, options, 1, 4);
  EXPECT_NE(words[0].tokens, words[1].tokens);  // each word has its own numbers
}

TEST(Words, GreedyIsTemperature0IsTopK1) {
  for (const auto& model : some_models()) {
    const auto greedy = words_of(*model, {.temperature = 0, .max_length = 30}, 1, 4);
    EXPECT_TRUE(greedy == words_of(*model, {.top_k = 1, .max_length = 30}, 2, 4));
    EXPECT_TRUE(greedy == words_of(*model, {.min_p = 1, .max_length = 30}, 3, 4));
    Rng rng(4);
    EXPECT_EQ(generate::word(*model, {.temperature = 0, .max_length = 30}, rng).tokens,
              greedy[0].tokens);
  }
}

// A model that always ends at once gives empty words, and gives them in the end.
TEST(Words, MayBeEmpty) {
  const auto model = tree(4);
  for (const auto& [name, tensor] : model->parameters()) {
    if (name == "head.bias") {
      tensor.data<float>()[0] = 1000;
    }
  }
  for (const Word& word : words_of(*model, {}, 1, 3)) {
    EXPECT_TRUE(word.tokens.empty());
    EXPECT_TRUE(word.ended);
  }
}

TEST(Words, RefuseAPromptOutsideTheVocabulary) {
  const auto model = tree(4);
  EXPECT_THROW(Words(*model, {.prompt = {13}}, 1), Error);
  EXPECT_THROW(Words(*model, {.temperature = -1}, 1), UsageError);
  EXPECT_THROW(Words(*model, {.max_length = 0}, 1), UsageError);
  EXPECT_THROW(Words(*model, {.max_length = 2, .prompt = {1, 2, 3}}, 1), UsageError);
}

TEST(Words, EndWhenAsked) {
  const auto model = tree(8);
  Words words(*model, {.max_length = 50}, 1, 10);
  words.next();
  EXPECT_THROW(words.next([](double) { throw Stopped("stopped"); }), Stopped);
  Rng rng(1);
  std::vector<double> told;
  const Word word =
      generate::word(*model, {.max_length = 40}, rng, [&](double done) { told.push_back(done); });
  ASSERT_EQ(told.size(), word.tokens.size() + (word.ended ? 1 : 0));
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_DOUBLE_EQ(told[i], static_cast<double>(i) / 40);
  }
}

// The article's loop: a window of the last characters, softmax, one draw of torch.multinomial.
TEST(SerialWord, DrawsAsTheArticleDoes) {
  for (const auto& model : {mlp(3), tree(8)}) {
    Rng rng(42);
    Rng same(42);
    const NoGrad guard;
    for (int i = 0; i < 20; ++i) {
      std::vector<std::int32_t> window(static_cast<std::size_t>(model->receptive_field()));
      std::vector<std::int32_t> expected;
      while (expected.size() < 50) {
        const Tensor p = softmax((*model)(Tensor::from(window, {1, model->receptive_field()})));
        const auto token = static_cast<std::int32_t>(same.multinomial(p.to_vector<float>()));
        if (token == 0) {
          break;
        }
        expected.push_back(token);
        window.erase(window.begin());
        window.push_back(token);
      }
      EXPECT_EQ(generate::word(*model, {.max_length = 50}, rng).tokens, expected);
    }
    EXPECT_EQ(rng.next64(), same.next64());
  }
}

}  // namespace
