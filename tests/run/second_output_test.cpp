// An output that the library does not know: two numbers a place, of which a bell over all codes is
// made. All of it stands in this file, and a Run trains, resumes, judges and shows it like any other.
#include <cmath>
#include <numeric>

#include "tests/folder.h"
#include "tests/program/made_up.h"
#include "wavenet/run/conversion.h"
#include "wavenet/wavenet.h"

namespace wavenet {
namespace {

// p(k) is proportional to exp(a k - b k^2): one hill or valley over the codes.
class Bell : public output::Output {
 public:
  Bell(std::int64_t codes, double span) : codes_(codes), span_(static_cast<float>(span)) {
    std::vector<float> powers;
    for (std::int64_t k = 0; k < codes; ++k) {
      powers.push_back(x_of(k));
    }
    for (std::int64_t k = 0; k < codes; ++k) {
      powers.push_back(-x_of(k) * x_of(k));
    }
    powers_ = Tensor::from(powers, {2, codes});
  }
  std::string kind() const override { return "bell"; }
  std::int64_t width() const override { return 2; }
  Tensor loss(const Tensor& raw, const Tensor& targets) const override {
    return cross_entropy(matmul(reshape(raw, {-1, 2}), powers_), reshape(targets, {-1}));
  }
  std::vector<double> losses(const Tensor& raw, const Tensor& targets) const override {
    const std::vector<float> ab = raw.to_vector<float>();
    std::vector<double> all;
    for (const std::int32_t target : targets.to_vector<std::int32_t>()) {
      const std::span<const float> place(ab.data() + 2 * all.size(), 2);
      all.push_back(target < 0 ? 0 : -std::log(probability(place, target)));
    }
    return all;
  }
  std::unique_ptr<output::Sampler> sampler(const output::DrawOptions& options) const override;

  double weight(std::span<const float> ab, std::int64_t k) const {
    const double x = x_of(k);
    return std::exp(static_cast<double>(ab[0]) * x - static_cast<double>(ab[1]) * x * x);
  }
  double total(std::span<const float> ab) const {
    double sum = 0;
    for (std::int64_t k = 0; k < codes_; ++k) {
      sum += weight(ab, k);
    }
    return sum;
  }
  double probability(std::span<const float> ab, std::int64_t k) const {
    return weight(ab, k) / total(ab);
  }
  std::int64_t codes() const { return codes_; }

 private:
  float x_of(std::int64_t k) const {
    return span_ * static_cast<float>(k) / static_cast<float>(codes_) - span_ / 2;
  }

  std::int64_t codes_;
  float span_;
  Tensor powers_;  // [2, codes]
};

class BellSampler : public output::Sampler {
 public:
  explicit BellSampler(const Bell& bell) : bell_(bell) {}
  std::span<const float> prepare(std::span<const float> raw) override { return raw; }
  std::int32_t draw(std::span<const float> ab, double u) const override {
    double left = u * bell_.total(ab);
    std::int64_t k = 0;
    for (; k + 1 < bell_.codes() && left >= bell_.weight(ab, k); ++k) {
      left -= bell_.weight(ab, k);
    }
    return static_cast<std::int32_t>(k);
  }

 private:
  Bell bell_;
};

std::unique_ptr<output::Sampler> Bell::sampler(const output::DrawOptions& options) const {
  if (options.temperature != 1 || options.top_k != 0 || options.top_p != 1 || options.min_p != 0) {
    fail_usage("sample: a bell is drawn from as it is");
  }
  return std::make_unique<BellSampler>(*this);
}

class SecondOutput : public InFolder {
 protected:
  static void SetUpTestSuite() {
    if (output::registry().find("bell") != nullptr) {
      return;
    }
    output::registry().add("bell", [](const Config& recipe, std::int64_t codes) {
      return std::make_shared<Bell>(codes, recipe.number("model.bell_width", 1, 9));
    });
  }
  SecondOutput() {
    std::ofstream(folder_ / "words") << program::made_up_words(120);
    data_ = data::open(recipe(), folder_ / "words");
  }
  // The output reads a key of its own.
  static Config recipe(const std::string& kind = "wavenet") {
    program::json json = program::small_wavenet();
    json["model"].update({{"output", "bell"}, {"bell_width", 4}});
    if (kind == "tree") {
      json["model"] = {{"kind", "tree"}, {"block_size", 4},  {"embedding", 6},
                       {"hidden", 9},    {"output", "bell"}, {"bell_width", 4}};
      json["train"].erase("shards");
    }
    return Config::parse(json.dump(), "recipe");
  }
  run::Run begun(const std::string& kind = "wavenet") const {
    return run::Run::begin(recipe(kind), data_, {.seed = 7});
  }

  std::shared_ptr<const data::Dataset> data_;
};

std::vector<float> numbers_of(const models::Model& model) {
  std::vector<float> all;
  for (const auto& [name, tensor] : model.state()) {
    const std::vector<float> values = tensor.to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

TEST_F(SecondOutput, TrainsAndResumesInTheSameBits) {
  run::Listener nobody;
  run::Run whole = begun();
  // Its head gives zeros at first, and all codes are as likely.
  EXPECT_NEAR(whole.step(), std::log(static_cast<double>(data_->codec()->size())), 1e-6);
  whole = begun();
  EXPECT_EQ(whole.train(nobody), run::Outcome::finished);
  {
    run::Run first = begun();
    first.keep_in(folder_ / "run");
    for (int i = 0; i < 13; ++i) {
      first.step();
    }
    first.save();
  }
  run::Run second = run::Run::resume(folder_ / "run", data_);
  EXPECT_EQ(second.state().saved.step, 13);
  EXPECT_EQ(second.train(nobody), run::Outcome::finished);
  EXPECT_EQ(numbers_of(second.model()), numbers_of(whole.model()));
  const run::Conclusion end = second.conclude(nobody);
  EXPECT_LT(end.train, second.marks().uniform);
}

// By its own sums in double, word by word.
TEST_F(SecondOutput, IsJudgedByItself) {
  run::Listener nobody;
  for (const char* kind : {"wavenet", "tree"}) {  // a tree is judged as a convolution
    run::Run run = begun(kind);
    run.train(nobody);
    const double judged = run.judge("val", nobody);
    const nn::UseMode evaluating(run.model(), nn::Mode::evaluation);
    const NoGrad guard;
    const Bell bell(data_->codec()->size(), 4);
    double sum = 0;
    double count = 0;
    for (const data::Sequence& word : data_->sequences("val")) {
      data::Sequence read{0};
      read.insert(read.end(), word.begin(), word.end() - 1);
      const std::vector<float> raw =
          run.model().logits(Tensor::from(read, {1, std::ssize(read)})).to_vector<float>();
      for (std::size_t t = 0; t < word.size(); ++t, ++count) {
        sum -= std::log(bell.probability({raw.data() + 2 * t, 2}, word[t]));
      }
    }
    EXPECT_NEAR(judged, sum / count, 1e-6) << kind;
  }
}

// With the keys that it reads.
TEST_F(SecondOutput, StaysWithATreeThatIsConverted) {
  run::Listener nobody;
  run::Run run = begun("tree");
  run.train(nobody);
  run.model().eval();
  const std::optional<run::State> converted = run::as_convolution(run.state());
  ASSERT_TRUE(converted);
  train::write_checkpoint(folder_ / "stack", converted->saved);
  const run::State stack = run::open(folder_ / "stack");
  EXPECT_EQ(stack.model->output().kind(), "bell");
  const NoGrad guard;
  const Tensor codes = Tensor::from<std::int32_t>({0, 1, 2, 3, 2, 1}, {1, 6});
  const std::vector<float> expected = run.model().logits(codes).to_vector<float>();
  const std::vector<float> got = stack.model->logits(codes).to_vector<float>();
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], expected[i], 1e-5);
  }
}

TEST_F(SecondOutput, IsDrawnFromAsOftenAsLikely) {
  run::Listener nobody;
  run::Run run = begun();
  run.keep_in(folder_ / "run");
  run.train(nobody);
  const run::State opened = run::open(folder_ / "run");
  const Bell bell(opened.saved.codec->size(), 4);
  const generate::Stream stream(*opened.model);
  constexpr int kWords = 20'000;
  std::vector<int> counts(static_cast<std::size_t>(bell.codes()));
  generate::Words words(*opened.model, {.max_length = 1}, 3);
  for (int i = 0; i < kWords; ++i) {
    const generate::Word word = words.next();
    ++counts[word.tokens.empty() ? 0 : static_cast<std::size_t>(word.tokens[0])];
  }
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double p = bell.probability(stream.logits(), static_cast<std::int64_t>(k));
    EXPECT_NEAR(counts[k], kWords * p, 5 * std::sqrt(kWords * p * (1 - p)) + 1) << k;
  }
  for (const generate::Proof& proof : generate::verify(*opened.model)) {
    EXPECT_TRUE(proof.ok) << proof.name << ": " << proof.detail;
  }
  EXPECT_THROW(generate::Words(*opened.model, {.temperature = 0.5}, 3), UsageError);
  EXPECT_FALSE(read_history(folder_ / "run").samples.empty());
}

}  // namespace
}  // namespace wavenet
