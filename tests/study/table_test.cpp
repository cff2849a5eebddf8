// Rows of the study beside what runs, marks and models on the same data come to.
#include "wavenet/study/table.h"

#include <gtest/gtest.h>

#include "tests/program/made_up.h"
#include "wavenet/wavenet.h"

namespace wavenet::study {
namespace {

class Tables : public testing::Test {
 protected:
  const Step& step(const std::string& name) const {
    return *std::find_if(steps_.begin(), steps_.end(),
                         [&](const Step& step) { return step.name == name; });
  }
  Table table(int threads = 1) const { return Table(data_, {.threads = {threads}, .seed = 7}); }

  const std::vector<Step> steps_ = steps(24);
  const std::shared_ptr<const data::Dataset> data_ =
      data::open(steps_.front().recipe, data::File::of_bytes("words", program::made_up_words(200)));
};

TEST_F(Tables, ANetworkComesToWhatARunComesTo) {
  for (const std::string name : {"mlp-3", "tree-22k"}) {
    const Row row = table().row(step(name));
    run::Run run = run::Run::begin(step(name).recipe, data_, {.seed = 7});
    for (int i = 0; i < 24; ++i) {
      run.step();
    }
    run::Listener listener;
    EXPECT_NEAR(row.train, run.judge("train", listener), 1e-6) << name;
    EXPECT_NEAR(row.val, run.judge("val", listener), 1e-6) << name;
    EXPECT_EQ(row.parameters, run.model().parameter_count());
    EXPECT_EQ(row.steps, 24);
    EXPECT_GT(row.seconds, 0);
    EXPECT_FALSE(row.apart || row.ngrams);
  }
}

TEST_F(Tables, ThreadsChangeNoBit) {
  EXPECT_EQ(table(1).row(step("wavenet")).val, table(2).row(step("wavenet")).val);
}

TEST_F(Tables, AConversionIsOfTheLastTree) {
  Table made = table();
  EXPECT_THROW(made.row(step("convolution")), Error);
  made.row(step("mlp-8"));
  const Row tree = made.row(step("tree-22k"));
  made.row(step("tree-22k-wrong-norm"));  // is none, nor is a stack
  made.row(step("stack"));
  const Row same = made.row(step("convolution"));
  EXPECT_EQ(same.parameters, tree.parameters);
  EXPECT_NEAR(same.val, tree.val, 1e-6);
  ASSERT_TRUE(same.apart);
  EXPECT_LT(same.apart->largest, 1e-5 * same.apart->logit);
  EXPECT_FALSE(same.steps || same.ngrams);
}

TEST_F(Tables, CountingIsTheMarkOfTheData) {
  const Row row = table().row(step("ngram-6"));
  const auto counts =
      baselines::NgramCounts::fit(data_->sequences("train"), data_->codec()->size(), 6);
  EXPECT_EQ(row.train, counts.loss(data_->sequences("train")));
  EXPECT_EQ(row.val, data_->marks("val").ngram);
  EXPECT_EQ(row.ngrams, counts.size());
  EXPECT_EQ(row.parameters, 0);
  EXPECT_FALSE(row.steps || row.apart);
}

TEST_F(Tables, TellsEveryTenStepsAndThatItJudges) {
  std::vector<std::pair<std::int64_t, bool>> told;  // steps done, a loss
  table().row(step("mlp-3"), [&](const Progress& progress) {
    EXPECT_EQ(progress.steps, 24);
    EXPECT_GT(progress.loss.value_or(1), 0);
    told.emplace_back(progress.done, progress.loss.has_value());
  });
  EXPECT_EQ(told, (std::vector<std::pair<std::int64_t, bool>>{
                      {10, true}, {20, true}, {24, true}, {24, false}}));
}

// The second has 10,000 times the steps of the first. What is trained for it is thrown away.
TEST_F(Tables, ExpectsTimeInProportionToTheSteps) {
  const Table made = table();
  EXPECT_EQ(made.expected_seconds({step("ngram-6"), step("convolution")}), 0);
  const double few = made.expected_seconds({step("mlp-3")});
  EXPECT_GT(few, 0);
  EXPECT_GT(made.expected_seconds({steps(240'000).front()}), 10 * few);
  Table before = table();
  before.expected_seconds({step("mlp-3")});
  EXPECT_EQ(before.row(step("mlp-3")).val, table().row(step("mlp-3")).val);
}

}  // namespace
}  // namespace wavenet::study
