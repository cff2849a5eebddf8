#include "wavenet/train/evaluate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "tests/train/words.h"

namespace wavenet::train {
namespace {

using Sequences = std::vector<data::Sequence>;
using Logits = std::function<Tensor(const Tensor& tokens)>;

// A model whose logits a function gives.
class Given : public models::Model {
 public:
  Given(Logits logits, std::int64_t receptive_field, std::int64_t vocabulary = kVocabulary)
      : Model({models::Reads::sequences, receptive_field, vocabulary}, nullptr),
        logits_(std::move(logits)) {}
  std::string kind() const override { return "Given"; }
  Tensor raw(const Inputs& inputs) override {
    return contiguous(index(logits_(inputs.x), {{}, {.start = inputs.rows.past}}));
  }

 private:
  Logits logits_;
};

Logits logits_of(models::Model& model) {
  model.eval();
  return [&model](const Tensor& tokens) { return model.logits(tokens); };
}

// The summed loss of one sequence, read at once from its beginning.
double loss_at_once(const Logits& logits, const data::Sequence& sequence) {
  const NoGrad guard;
  data::Sequence tokens{0};
  tokens.insert(tokens.end(), sequence.begin(), sequence.end() - 1);
  const auto length = static_cast<std::int64_t>(tokens.size());
  const std::vector<float> x = logits(Tensor::from(tokens, {1, length})).to_vector<float>();
  const std::size_t classes = x.size() / tokens.size();
  double total = 0;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    double sum = 0;
    for (std::size_t v = 0; v < classes; ++v) {
      sum += std::exp(static_cast<double>(x[t * classes + v]));
    }
    total +=
        std::log(sum) - static_cast<double>(x[t * classes + static_cast<std::size_t>(sequence[t])]);
  }
  return total;
}

double one_by_one(const Logits& logits, const Sequences& sequences) {
  double total = 0;
  for (const data::Sequence& sequence : sequences) {
    total += loss_at_once(logits, sequence);
  }
  return total / static_cast<double>(data::token_count(sequences));
}

data::Sequence made_up_text(std::size_t size) {
  Rng rng(21);
  data::Sequence text(size);
  for (std::int32_t& token : text) {
    token = static_cast<std::int32_t>(1 + rng.below(kVocabulary - 1));
  }
  return text;
}

TEST(MeanLoss, OfWordsIsThatOfOneAfterTheOther) {
  models::WaveNet model = small_wavenet();
  randomise(model);
  const Logits logits = logits_of(model);
  for (const std::size_t count : {1U, 3U, 700U}) {
    const Sequences words = made_up_words(count, 15);
    EXPECT_NEAR(mean_loss(model, words), one_by_one(logits, words), 1e-6);
  }
}

TEST(MeanLoss, OfALongTextIsThatOfOnePass) {
  models::WaveNet model = small_wavenet();
  randomise(model);
  const Logits logits = logits_of(model);
  for (const std::size_t size : {1U, 2U, 1023U, 1024U, 1025U, 2048U, 5000U}) {
    const Sequences text{made_up_text(size)};
    EXPECT_NEAR(mean_loss(model, text), one_by_one(logits, text), 1e-6) << size;
  }
}

// Expects the token that it read `field` tokens ago again; before the first stands that one.
Logits echo(std::int64_t field) {
  return [field](const Tensor& tokens) {
    const std::vector<std::int32_t> x = tokens.to_vector<std::int32_t>();
    const Tensor y = zeros({tokens.size(0), tokens.size(1), kVocabulary});
    for (std::int64_t b = 0; b < tokens.size(0); ++b) {
      for (std::int64_t t = 0; t < tokens.size(1); ++t) {
        const std::int64_t from = b * tokens.size(1) + std::max<std::int64_t>(0, t - field + 1);
        y.data<float>()[(b * tokens.size(1) + t) * kVocabulary +
                        x[static_cast<std::size_t>(from)]] = 9;
      }
    }
    return y;
  };
}

// Not one token less: what a single prediction of 4096 loses by that is seen here.
TEST(MeanLoss, ReadsAllThePastThatTheModelSees) {
  for (const std::int64_t field : {1, 2, 9, 1500}) {
    data::Sequence text = made_up_text(static_cast<std::size_t>(field));
    while (text.size() < 4096) {
      text.push_back(text[text.size() - static_cast<std::size_t>(field)]);
    }
    const double expected = one_by_one(echo(field), {text});
    Given model(echo(field), field);
    EXPECT_NEAR(mean_loss(model, Sequences{text}), expected, 1e-6);
    if (field > 2) {  // else the text is one token or two, and nothing is missed
      Given forgetful(echo(field), field - 1);
      EXPECT_GT(mean_loss(forgetful, Sequences{text}), expected + 1e-3);
    }
  }
}

// The last piece of each text is as long as a word, but is read after other pasts.
TEST(MeanLoss, OfTextsAndWordsTogether) {
  models::WaveNet model = small_wavenet();
  randomise(model);
  const Logits logits = logits_of(model);
  Sequences mixed = made_up_words(40, 9);
  for (const std::size_t more : {3U, 6U, 9U}) {
    mixed.push_back(made_up_text(1024 + more));
    mixed.push_back(made_up_text(2048 + more));
  }
  EXPECT_NEAR(mean_loss(model, mixed), one_by_one(logits, mixed), 1e-6);
}

TEST(MeanLoss, GoesWithAPastLongerThanAPiece) {
  Rng rng(2);
  models::WaveNet model({.vocabulary = kVocabulary,
                         .embedding = 4,
                         .residual = 6,
                         .skip = 5,
                         .width = 3,
                         .dilations = {1, 3, 9, 700}},
                        rng);
  randomise(model);
  ASSERT_GT(model.receptive_field(), 1024);
  const Logits logits = logits_of(model);
  const Sequences text{made_up_text(4000)};
  EXPECT_NEAR(mean_loss(model, text), one_by_one(logits, text), 1e-6);
}

TEST(MeanLoss, OfAModelThatReadsWindows) {
  Rng rng(2);
  models::Mlp model({kVocabulary, 5, 4, 9}, rng);
  const Logits logits = logits_of(model);
  for (const Sequences& sequences : {made_up_words(300, 12), Sequences{made_up_text(3000)}}) {
    const double expected = one_by_one(logits, sequences);
    EXPECT_NEAR(mean_loss(model, sequences), expected, 1e-6);
  }
}

TEST(MeanLoss, OfACountingModelIsItsOwn) {
  models::Ngram model(kVocabulary, 4);
  model.fit(made_up_words(200, 9));
  const Sequences words = made_up_words(50, 9, 77);
  EXPECT_NEAR(mean_loss(model, words), model.counts().loss(words), 1e-6);
  const Sequences text{made_up_text(3000)};
  EXPECT_NEAR(mean_loss(model, text), model.counts().loss(text), 1e-6);
}

// As an example builds them by hand, over windows of 5.
nn::Sequential layers_of_windows() {
  Rng rng(2);
  nn::Sequential layers;
  layers.add(nn::Embedding(kVocabulary, 4, rng));
  layers.add(nn::Flatten());
  layers.add(nn::Linear(20, kVocabulary, rng));
  return layers;
}

TEST(MeanLoss, OfLayersThatReadWindowsIsThatOfEveryWindow) {
  nn::Sequential layers = layers_of_windows();
  const data::Windows windows = data::make_windows(made_up_words(300, 12), 5);
  const NoGrad guard;
  const double expected = cross_entropy(layers(windows.contexts), windows.targets).item();
  EXPECT_NEAR(mean_loss(layers, windows), expected, 1e-6);
}

TEST(MeanLoss, HasTheSameBitsForAnyThreads) {
  models::WaveNet model = small_wavenet();
  randomise(model);
  const Sequences words = made_up_words(900, 15);
  const Sequences text{made_up_text(9000)};
  nn::Sequential mlp = layers_of_windows();
  const data::Windows windows = data::make_windows(words, 5);
  const double of_words = mean_loss(model, words, 1);
  const double of_text = mean_loss(model, text, 1);
  const double of_windows = mean_loss(mlp, windows, 1);
  for (const int threads : {2, 3, 7}) {
    EXPECT_EQ(mean_loss(model, words, threads), of_words) << threads;
    EXPECT_EQ(mean_loss(model, text, threads), of_text) << threads;
    EXPECT_EQ(mean_loss(mlp, windows, threads), of_windows) << threads;
  }
}

// Batch norm would take its statistics from what it is judged on, and keep them.
TEST(MeanLoss, OfAModelThatTrainsIsThatInEvaluation) {
  Rng rng(2);
  models::Tree tree({.vocabulary = kVocabulary, .block_size = 8, .embedding = 4, .hidden = 9}, rng);
  randomise(tree);
  const Sequences words = made_up_words(300, 12);
  tree.eval();
  const double expected = mean_loss(tree, words, 1);
  const Values before = values_of(tree.state());
  tree.train();
  EXPECT_EQ(mean_loss(tree, words, 3), expected);
  EXPECT_TRUE(tree.training());
  EXPECT_EQ(values_of(tree.state()), before);
}

TEST(MeanLoss, PutsTheModeBackAfterAnError) {
  Rng rng(2);
  models::Mlp mlp({kVocabulary, 5, 4, 9}, rng);
  EXPECT_THROW(mean_loss(mlp, Sequences{{kVocabulary}}), Error);  // no such token
  EXPECT_TRUE(mlp.training());
  Given fails([](const Tensor&) -> Tensor { fail("no logits"); }, 5);
  EXPECT_THROW(mean_loss(fails, made_up_words(5, 5)), Error);
  EXPECT_TRUE(fails.training());
}

TEST(MeanLoss, RecordsNothingAndPutsTheModeBack) {
  models::WaveNet model = small_wavenet();
  std::atomic<int> recording = 0;
  Given watched(
      [&](const Tensor& tokens) {
        recording += grad_enabled() ? 1 : 0;
        return model.logits(tokens);
      },
      model.receptive_field());
  mean_loss(watched, made_up_words(500, 9), 3);
  EXPECT_EQ(recording, 0);
  EXPECT_TRUE(grad_enabled());

  Rng rng(2);
  models::Mlp mlp({kVocabulary, 5, 4, 9}, rng);
  for (const bool training : {true, false}) {
    mlp.train(training);
    mean_loss(mlp, made_up_words(5, 5));
    EXPECT_EQ(mlp.training(), training);
  }
}

// The logits of a piece take 16 MiB, though a token may have many thousands of them; those of the
// past that it reads come on top.
TEST(MeanLoss, IsOfSmallPiecesWhereTheVocabularyIsLarge) {
  constexpr std::int64_t kMany = 65'534;
  const Sequences sequences{data::Sequence(500, 65'533), data::Sequence(7, 3)};
  for (const std::int64_t receptive_field : {3, 100}) {
    std::int64_t most = 0;
    Given uniform(
        [&](const Tensor& tokens) {
          most = std::max(most, tokens.numel());
          return zeros({tokens.size(0), tokens.size(1), kMany});
        },
        receptive_field, kMany);
    EXPECT_NEAR(mean_loss(uniform, sequences), std::log(65'534.0), 1e-5);
    EXPECT_EQ(most, receptive_field == 3 ? 64 + 2 : 100 + 99);
  }
}

TEST(MeanLoss, TellsWhatIsDoneAndEndsWhenAsked) {
  models::WaveNet model = small_wavenet();
  const Sequences text{made_up_text(20 * 1024)};
  const auto judge = [&](int threads, const Between& between) {
    mean_loss(model, text, threads, between);
  };
  std::vector<double> told;
  judge(1, [&](double done) { told.push_back(done); });
  ASSERT_EQ(told.size(), 20U);
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_NEAR(told[i], static_cast<double>(i) / 20, 1e-12);
  }
  for (const int threads : {1, 4}) {
    Stop stop;
    std::atomic<int> pieces = 0;
    EXPECT_THROW(judge(threads,
                       [&](double) {
                         stop.check();
                         if (++pieces == 5) {
                           stop.ask();
                         }
                       }),
                 Stopped);
    EXPECT_LT(pieces, 5 + threads);  // one more of each thread at most
  }
}

TEST(MeanLoss, NeedsSomethingToPredict) {
  models::WaveNet model = small_wavenet();
  EXPECT_THROW(mean_loss(model, Sequences{}), Error);
  EXPECT_THROW(mean_loss(model, Sequences{{}, {}}), Error);
}

// Logits that depend on the last three tokens, and what they come to in f64.
double logit(std::int64_t v, std::int32_t a, std::int32_t b, std::int32_t c) {
  return std::sin(1 + static_cast<double>(v) * (0.1 * a + 0.2 * b + 0.4 * c));
}
Tensor of_last_three(const Tensor& tokens) {
  constexpr std::int64_t kCodes = 50;
  const std::int64_t length = tokens.size(1);
  const auto* x = tokens.data<std::int32_t>();
  Tensor logits = Tensor::empty({1, length, kCodes});
  for (std::int64_t t = 0; t < length; ++t) {
    for (std::int64_t v = 0; v < kCodes; ++v) {
      const auto back = [&](std::int64_t n) { return x[std::max<std::int64_t>(0, t - n)]; };
      logits.data<float>()[t * kCodes + v] =
          static_cast<float>(logit(v, back(2), back(1), back(0)));
    }
  }
  return logits;
}
double loss_after(std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t target) {
  double sum = 0;
  for (std::int64_t v = 0; v < 50; ++v) {
    sum += std::exp(logit(v, a, b, c));
  }
  return std::log(sum) - logit(target, a, b, c);
}

// Of more codes than are computed at once: each after those that stand before it, the first after
// before() for ever, in order, in pieces that do not grow, on any number of threads.
TEST(Losses, OfBytesComeInPieces) {
  Given model(of_last_three, 3, 50);
  model.begin_after(7);
  std::vector<std::uint8_t> codes;
  for (std::uint32_t i = 0, state = 1; i < 10'000; ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    codes.push_back(static_cast<std::uint8_t>((state >> 24) % 50));
  }
  for (const int threads : {1, 3}) {
    std::vector<double> all;
    std::size_t longest = 0;
    losses(model, codes, threads, [&](std::span<const double> piece) {
      longest = std::max(longest, piece.size());
      all.insert(all.end(), piece.begin(), piece.end());
    });
    ASSERT_EQ(all.size(), codes.size());
    EXPECT_LE(longest, 1024U);
    const auto back = [&](std::size_t t, std::size_t n) -> std::int32_t {
      return t < n ? 7 : codes[t - n];
    };
    for (std::size_t t = 0; t < all.size(); ++t) {
      ASSERT_NEAR(all[t], loss_after(back(t, 3), back(t, 2), back(t, 1), codes[t]), 1e-5) << t;
    }
  }
  losses(model, std::span<const std::uint8_t>(), 2, [](std::span<const double>) { FAIL(); });
}

}  // namespace
}  // namespace wavenet::train
