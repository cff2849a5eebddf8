#include "wavenet/data/audio/pairs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "pairs.h"
#include "wavenet/data/audio/sample_codec.h"

namespace wavenet::data {
namespace {

using PairFiles = InFolder;

std::vector<float> ramp(std::size_t size, float scale) {
  std::vector<float> samples(size);
  for (std::size_t i = 0; i < size; ++i) {
    samples[i] = scale * static_cast<float>(i);
  }
  return samples;
}

Config recipe_of(const std::string& data, const std::string& train = R"("batch_size": 4)") {
  return Config::parse(
      "{\"data\": {\"format\": \"pairs\"" + data + "}, \"train\": {" + train + "}}", "test");
}

double energy(std::span<const float> samples) {
  double sum = 0;
  for (const float x : samples) {
    sum += static_cast<double>(x) * static_cast<double>(x);
  }
  return sum;
}

// Item j: input j n to j n + past + n, output from j n + past on.
TEST(PairItems, EachHoldsItsPastAndItsOutputs) {
  const std::vector<float> in = ramp(1000, 1);
  const std::vector<float> out = ramp(1000, -1);
  const PairItems items({in, out}, {.batch = 4, .outputs = 64, .receptive_field = 30}, 1);
  EXPECT_EQ(items.shards(), 1);
  EXPECT_EQ(items.summary(), "15 items of 64 samples, 3 minibatches an epoch");  // (1000 - 29) / 64
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    std::set<float> firsts;
    for (std::int64_t step = 3 * epoch; step < 3 * epoch + 3; ++step) {
      const Batch batch = items.shard(step, 0);
      EXPECT_EQ(batch.inputs.x.shape(), (Shape{4, 29 + 64}));
      EXPECT_EQ(batch.targets.shape(), (Shape{4, 64}));
      EXPECT_EQ(batch.inputs.rows.past, 29);
      for (std::int64_t row = 0; row < 4; ++row) {
        const float* x = batch.inputs.x.data<float>() + row * 93;
        const float* y = batch.targets.data<float>() + row * 64;
        EXPECT_EQ(std::fmod(x[0], 64), 0);
        firsts.insert(x[0]);
        for (int i = 0; i < 93; ++i) {
          ASSERT_EQ(x[i], x[0] + static_cast<float>(i));
        }
        for (int i = 0; i < 64; ++i) {
          ASSERT_EQ(y[i], -x[29 + i]);
        }
      }
    }
    EXPECT_EQ(firsts.size(), 12U);  // none twice
  }
}

TEST(PairItems, AnEpochIsShuffledAnewAndAStepAskedForAgainIsTheSame) {
  const std::vector<float> in = ramp(20'000, 1);
  const PairItems items({in, in}, {.batch = 8, .outputs = 16, .receptive_field = 5}, 3);
  const auto bits = [&](std::int64_t step) {
    return items.shard(step, 0).inputs.x.to_vector<float>();
  };
  const std::vector<float> first = bits(0);
  EXPECT_NE(first, bits(1));
  EXPECT_NE(first, bits(156));  // of the second epoch: (20000 - 4) / 16 / 8 = 156 steps in one
  EXPECT_EQ(first, bits(0));
}

TEST(PairItems, WithoutAWholeMinibatchThereIsNoTraining) {
  const std::vector<float> in = ramp(100, 1);
  EXPECT_EQ(problem_of([&] {
              PairItems({in, in}, {.batch = 4, .outputs = 32, .receptive_field = 10}, 1);
            }),
            "pairs: 100 samples to train on make 2 items of 32 outputs after a receptive field of "
            "10, and a minibatch has 4");
}

TEST(PairPass, HasEveryTargetOnceAfterWhatPrecedesIt) {
  const std::vector<float> in = ramp(1000, 1);
  const std::vector<float> out = ramp(1000, 2);
  for (const std::int64_t first : {0, 5, 700}) {
    const PairPass pass({in, out}, first, 950, {.receptive_field = 21, .together = 128});
    EXPECT_EQ(pass.targets(), 950 - first);
    std::int64_t at = first;
    for (std::int64_t i = 0; i < pass.pieces(); ++i) {
      const Batch batch = pass.piece(i);
      const std::vector<float> x = batch.inputs.x.to_vector<float>();
      const std::vector<float> y = batch.targets.to_vector<float>();
      ASSERT_EQ(x.size(), y.size() + 20);
      EXPECT_EQ(batch.inputs.rows.past, 20);
      for (std::size_t k = 0; k < x.size(); ++k) {
        const auto place = at - 20 + static_cast<std::int64_t>(k);
        ASSERT_EQ(x[k], place < 0 ? 0 : static_cast<float>(place));
      }
      for (const float target : y) {
        ASSERT_EQ(target, static_cast<float>(2 * at++));
      }
    }
    EXPECT_EQ(at, 950);
  }
}

TEST(SampleCodec, IsKeptInAModelFile) {
  const SampleCodec codec(48'000, 0.37);
  const auto again = (*codecs().find(SampleCodec::kKind))(codec.saved());
  ASSERT_NE(sample_codec_of(*again), nullptr);
  EXPECT_EQ(sample_codec_of(*again)->rate(), 48'000);
  EXPECT_EQ(sample_codec_of(*again)->scale(), 0.37);
  for (const char* saved : {"", "{}", R"({"rate":48000})", R"({"rate":0,"scale":1})",
                            R"({"rate":48000,"scale":0})", R"({"rate":1.5,"scale":1})"}) {
    EXPECT_THROW(SampleCodec::from_saved(saved), Error) << saved;
  }
}

// The judged part at the end is val; the output answers one sample early; train is at -18 dB.
TEST_F(PairFiles, ATestSignalIsSplitByItsPlan) {
  const std::vector<float> in = short_plan(signal());
  const std::vector<float> out = later(short_plan(answer()), 101);
  const Config recipe = recipe_of("");
  const auto data = open(recipe, written_pair(folder_, in, out));
  const auto size = std::ssize(in);
  const auto& pairs = dynamic_cast<const Pairs&>(*data);
  EXPECT_EQ(pairs.part("train").first, 480'000);
  EXPECT_EQ(pairs.part("train").last, size - 432'000);
  EXPECT_EQ(pairs.part("val").first, size - 432'000);
  EXPECT_EQ(pairs.part("val").last, size - 100);
  EXPECT_EQ(pairs.pair().latency.samples, 100);
  const Pair& pair = pairs.pair();
  for (std::size_t i = 480'000; i < 490'000; ++i) {
    ASSERT_EQ(pair.in[i], in[i]);
    ASSERT_FLOAT_EQ(pair.out[i],
                    static_cast<float>(static_cast<double>(out[i + 100]) * pair.scale));
  }
  const std::span<const float> train =
      std::span<const float>(pair.out).subspan(480'000, static_cast<std::size_t>(size) - 912'000);
  EXPECT_NEAR(10 * std::log10(energy(train) / static_cast<double>(train.size())), -18, 1e-4);
  EXPECT_EQ(sample_codec_of(*data->codec())->scale(), pair.scale);
  EXPECT_EQ(data->notes().at(0), "the output was taken 100 samples earlier, as the blips tell");
  const Marks marks = data->marks("val");
  EXPECT_LT(marks.filter, marks.gain);
  EXPECT_LT(0, marks.curve);
  EXPECT_LT(marks.curve, 1);
  const auto batches = data->batches(recipe, {.receptive_field = 100, .seed = 1});
  EXPECT_EQ(batches->shard(0, 0).targets.shape(), (Shape{4, 8192}));
  EXPECT_EQ(data->pass("val", {.receptive_field = 100})->targets(), 432'000 - 100);
}

TEST_F(PairFiles, WhatTheRecipeSaysWins) {
  const std::vector<float> in(signal().begin() + 900'000, signal().begin() + 1'100'000);
  const std::string paths = written_pair(folder_, in, amplified(in, 48'000));
  const auto data =
      open(recipe_of(R"(, "latency": -7, "normalise": false, "val_share": 0.25)"), paths);
  const Pair& pair = dynamic_cast<const Pairs&>(*data).pair();
  EXPECT_EQ(pair.latency.samples, -7);
  EXPECT_EQ(pair.scale, 1);
  EXPECT_EQ(pair.in.size(), 200'000U - 7);
  EXPECT_EQ(pair.in[0], in[7]);
  EXPECT_EQ(pair.val.size(), (200'000 - 7) / 4);
  EXPECT_NE(open(recipe_of(""), paths)->fingerprint(), data->fingerprint());
}

TEST_F(PairFiles, ATrainedModelsScaleIsTaken) {
  const std::vector<float> in(signal().begin() + 900'000, signal().begin() + 1'100'000);
  const std::string paths = written_pair(folder_, in, amplified(in, 48'000));
  const Config recipe = recipe_of("");
  const auto data =
      open(recipe, paths, {.codec = std::make_shared<const SampleCodec>(48'000, 0.5)});
  EXPECT_EQ(dynamic_cast<const Pairs&>(*data).pair().scale, 0.5);
  EXPECT_EQ(problem_of([&] {
              open(recipe, paths, {.codec = std::make_shared<const SampleCodec>(44'100)});
            }),
            (folder_ / "in.wav").string() +
                ": 48000 samples a second, and the model was trained at 44100");
}

TEST_F(PairFiles, ABrokenPairIsRefusedByFileAndRule) {
  const std::vector<float> in(signal().begin() + 900'000, signal().begin() + 1'100'000);
  const std::string paths = written_pair(folder_, in, std::span<const float>(in).first(100'000));
  EXPECT_EQ(problem_of([&] { open(recipe_of(""), paths); }),
            (folder_ / "out.wav").string() +
                ": is 100000 samples shorter than the input; export it from the input's beginning "
                "to its end");
}

}  // namespace
}  // namespace wavenet::data
