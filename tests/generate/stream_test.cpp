// A stream gives, token by token, what the model gives for the whole sequence at once.
#include "wavenet/generate/stream.h"

#include <gtest/gtest.h>

#include "tests/generate/models.h"

namespace {

using namespace testing_models;
using generate::Stream;

constexpr float kTolerance = 1e-5F;  // of the largest logit: f32 sums in another order

// Every model kind, widths and dilations that no power of two relates.
std::vector<std::unique_ptr<models::Model>> all_models() {
  std::vector<std::unique_ptr<models::Model>> all;
  for (const std::int64_t block_size : {1, 3, 8}) {
    all.push_back(mlp(block_size));
  }
  for (const std::int64_t block_size : {2, 4, 8, 16}) {
    all.push_back(tree(block_size));
  }
  for (const std::int64_t order : {1, 2, 5}) {
    all.push_back(ngram(order));
  }
  for (const std::int64_t width : {1, 2, 3, 5}) {
    all.push_back(convolution(width, {1, 2, 4}));
    all.push_back(convolution(width, {3}));
    all.push_back(gated(width, {1}));
    all.push_back(gated(width, {1, 2, 4, 1, 7}));
  }
  for (const std::int64_t width : {2, 3}) {  // as far back as streams compute ahead, and farther
    all.push_back(convolution(width, {8, 19}));
    all.push_back(gated(width, {9, 16, 1}));
  }
  return all;
}

// The logits after every prefix: [T, V].
std::vector<float> streamed_logits(Stream& stream, const std::vector<std::int32_t>& tokens) {
  std::vector<float> all;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    if (t > 0) {
      stream.push(tokens[t]);
    }
    all.insert(all.end(), stream.logits().begin(), stream.logits().end());
  }
  return all;
}

TEST(Stream, AgreesWithTheWholeSequenceFromTheFirstPosition) {
  for (const auto& model : all_models()) {
    Rng rng(5);
    const auto tokens = sequence(2 * model->receptive_field() + 3, model->vocabulary(), rng);
    Stream stream(*model);
    EXPECT_LT(relative_difference(streamed_logits(stream, tokens), parallel_logits(*model, tokens)),
              kTolerance)
        << model->kind() << " that sees " << model->receptive_field();
  }
}

void expect_steady_from_the_start(const models::Model& model) {
  Stream stream(model);
  const std::vector<float> first(stream.logits().begin(), stream.logits().end());
  for (std::int64_t i = 0; i < 3 * model.receptive_field(); ++i) {
    stream.push(model.before());
    ASSERT_EQ(first, std::vector<float>(stream.logits().begin(), stream.logits().end()))
        << model.kind() << " that sees " << model.receptive_field() << ", after " << model.before();
  }
}

TEST(Stream, BeginsAsAfterAnEndlessPaddingNotAsZeros) {
  for (const auto& model : all_models()) {
    for (const std::int32_t before : {0, 7}) {
      model->begin_after(before);
      expect_steady_from_the_start(*model);
    }
  }
}

// A ring one row too long or too short reads its neighbour's time; the comparison must see it.
TEST(Stream, ARingOfTheWrongLengthIsNoticed) {
  for (const std::int64_t width : {2, 3, 5}) {
    for (const std::int64_t dilation : {1, 2, 4}) {
      for (const std::int64_t slip : {-1, 1}) {
        if ((width - 1) * dilation + slip == 0) {
          continue;  // one row is the least there is
        }
        for (const auto& model : {convolution(width, {dilation, dilation}),
                                  gated(width, {dilation}), convolution(width, {dilation})}) {
          Rng rng(6);
          const auto tokens = sequence(2 * model->receptive_field() + 3, model->vocabulary(), rng);
          const auto expected = parallel_logits(*model, tokens);
          Stream right(*model);
          EXPECT_LT(relative_difference(streamed_logits(right, tokens), expected), kTolerance);
          Stream wrong(*model, 1, slip);
          EXPECT_GT(relative_difference(streamed_logits(wrong, tokens), expected), 0.01F)
              << model->kind() << ", width " << width << ", dilation " << dilation << ", slip "
              << slip;
        }
      }
    }
  }
}

// Streams side by side have the bits of each alone, whatever their number; also after one of them
// began anew or took over another's state.
TEST(Stream, SideBySideAreAsAlone) {
  for (const auto& model : all_models()) {
    Rng rng(7);
    const auto v = static_cast<std::size_t>(model->vocabulary());
    for (const std::int64_t count : {2, 3, 7, 13}) {
      Stream many(*model, count);
      std::vector<Stream> alone(static_cast<std::size_t>(count), many.fresh(1));
      for (std::int64_t t = 0; t < 3 * model->receptive_field(); ++t) {
        if (t == model->receptive_field() + 1) {
          many.reset(count - 1);
          alone.back().reset();
          many.resume(0, alone[1].past());
          alone[0] = alone[1];
        }
        std::vector<std::int32_t> tokens = sequence(count, model->vocabulary(), rng);
        many.push(tokens);
        for (std::size_t i = 0; i < alone.size(); ++i) {
          alone[i].push(tokens[i]);
          const auto row = many.logits(static_cast<std::int64_t>(i));
          ASSERT_TRUE(std::equal(row.begin(), row.end(), alone[i].logits().begin()))
              << model->kind() << ", stream " << i << " of " << count << " at " << t;
          ASSERT_EQ(row.size(), v);
        }
      }
    }
  }
}

// At whatever step of its own a stream takes over another's past, and from whatever step of that
// one's, it has that one's bits from there on.
TEST(Stream, GoesOnFromAPastOfAnyStep) {
  for (const auto& model : {gated(2, {16, 9, 1}), gated(3, {8}), convolution(2, {16, 3})}) {
    Rng rng(8);
    Stream one(*model);
    Stream other = one.fresh(1);
    for (std::int64_t step = 0; step < 40; ++step) {
      for (const std::int32_t token : sequence(step % 7, model->vocabulary(), rng)) {
        other.push(token);
      }
      other.resume(0, one.past());
      for (const std::int32_t token : sequence(19, model->vocabulary(), rng)) {
        one.push(token);
        other.push(token);
        ASSERT_TRUE(std::equal(one.logits().begin(), one.logits().end(), other.logits().begin()))
            << model->kind() << ", taken over " << step;
      }
    }
  }
}

TEST(Stream, ACopyGoesItsOwnWay) {
  const auto model = gated(2, {1, 2});
  Stream stream(*model);
  stream.push(3);
  Stream copy = stream;
  const Stream kept = stream;
  copy.push(4);
  EXPECT_TRUE(std::equal(stream.logits().begin(), stream.logits().end(), kept.logits().begin()));
  stream.push(4);
  EXPECT_TRUE(std::equal(stream.logits().begin(), stream.logits().end(), copy.logits().begin()));
  stream.reset();
  EXPECT_TRUE(
      std::equal(stream.logits().begin(), stream.logits().end(), Stream(*model).logits().begin()));
}

TEST(Stream, KeepsTheWeightsItBeganWith) {
  for (const auto& model : all_models()) {
    if (model->parameters().empty()) {
      continue;  // it counts
    }
    const std::vector<std::int32_t> tokens{0, 1, 2};
    const std::vector<float> before = parallel_logits(*model, tokens);
    Stream stream(*model);
    randomise(*model, 99);
    EXPECT_GT(relative_difference(parallel_logits(*model, tokens), before), 0.01F);
    EXPECT_LT(relative_difference(streamed_logits(stream, tokens), before), kTolerance);
  }
}

TEST(Stream, RefusesWhatItCannotRun) {
  class Other : public models::Model {
   public:
    Other() : Model({models::Reads::sequences, 1, 2}, nullptr) {}
    std::string kind() const override { return "Other"; }
    Tensor raw(const Inputs& inputs) override { return zeros({1, inputs.x.size(1), 2}); }
  };
  EXPECT_THROW(Stream{Other()}, Error);
  const auto model = tree(4);
  EXPECT_THROW(Stream(*model, 0), Error);
  Stream stream(*model, 2);
  EXPECT_THROW(stream.push(1), Error);
  EXPECT_THROW(stream.push(std::vector<std::int32_t>{1, 13}), Error);
  EXPECT_THROW(stream.push(std::vector<std::int32_t>{-1, 1}), Error);
  EXPECT_THROW(stream.logits(2), Error);
  EXPECT_THROW(stream.reset(2), Error);
  EXPECT_THROW(stream.resume(0, Stream(*model).past()),
               Error);  // the same weights, but another copy
}

}  // namespace
