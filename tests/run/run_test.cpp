// A training run through the library alone: no program, no terminal.
#include "wavenet/run/run.h"

#include <cmath>
#include <set>

#include "tests/folder.h"
#include "tests/program/made_up.h"
#include "wavenet/models/recipes.h"

namespace wavenet::run {
namespace {

namespace fs = std::filesystem;

// What a run told, in order.
class Notes : public Listener {
 public:
  void on(const Record& record) override {
    if (const auto* window = std::get_if<WindowRecord>(&record)) {
      losses.push_back(window->loss);
    } else if (const auto* judged = std::get_if<Evaluation>(&record)) {
      evaluations.push_back(judged->step);
    } else {
      details += 1;
    }
  }
  void progress(const Progress& progress) override {
    ++steps;
    if (progress.step == stop_at) {
      stop.ask();
    }
  }
  void working(std::string_view what, double done) override {
    const std::lock_guard alone(mutex);
    works.emplace(what);
    if (done >= 1) {
      ++ended;
    }
  }
  void evaluated() override { ++pages; }

  std::vector<double> losses;
  std::vector<std::int64_t> evaluations;
  int details = 0;
  int steps = 0;
  int pages = 0;
  std::int64_t stop_at = -1;
  Stop stop;
  std::mutex mutex;
  std::set<std::string> works;
  int ended = 0;
};

class Runs : public InFolder {
 protected:
  void SetUp() override {
    InFolder::SetUp();
    program::spit(folder_ / "words.txt", program::made_up_words(100));
    data_ = data::open(recipe(), folder_ / "words.txt");
  }
  static Config recipe() { return Config::parse(program::small_wavenet().dump(), "recipe"); }
  run::Run begun(const Config& how, Options options = {}) const {
    return run::Run::begin(how, data_, {.seed = 7, .data = folder_ / "words.txt"},
                           std::move(options));
  }
  run::Run begun() const { return begun(recipe(), {.log_every = 1}); }
  // Kept in the folder, and stopped after three steps.
  run::Run stopped_in(const fs::path& folder) const {
    Notes notes;
    notes.stop_at = 3;
    run::Run run = begun();
    run.keep_in(folder);
    EXPECT_EQ(run.train(notes, notes.stop), Outcome::stopped);
    return run;
  }

  std::shared_ptr<const data::Dataset> data_;
};

std::map<std::string, std::vector<float>> weights_of(const models::Model& model) {
  std::map<std::string, std::vector<float>> all;
  for (const auto& [name, tensor] : model.state()) {
    all[name] = tensor.to_vector<float>();
  }
  return all;
}

TEST_F(Runs, WithoutAFolderNothingIsWritten) {
  Notes notes;
  run::Run run = begun();
  EXPECT_EQ(run.train(notes), Outcome::finished);
  EXPECT_EQ(run.state().saved.step, run.steps());
  EXPECT_EQ(notes.steps, run.steps());
  EXPECT_EQ(std::ssize(notes.losses), run.steps());
  EXPECT_FALSE(notes.evaluations.empty());
  EXPECT_EQ(notes.pages, std::ssize(notes.evaluations));
  EXPECT_GT(notes.details, 0);  // layers, samples
  EXPECT_EQ(notes.works, (std::set<std::string>{"judging val", "drawing samples"}));
  EXPECT_EQ(notes.ended, 2 * notes.pages);
  EXPECT_TRUE(std::isfinite(run.judge("val", notes)));
  EXPECT_TRUE(run.folder().empty());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(Runs, AStoppedOneEndsInTheBitsOfAWholeOne) {
  Notes whole;
  run::Run one = begun();
  one.train(whole);
  Notes first;
  first.stop_at = 13;
  {
    run::Run two = begun();
    two.keep_in(folder_ / "run");
    EXPECT_EQ(two.train(first, first.stop), Outcome::stopped);
    EXPECT_EQ(two.state().saved.step, 13);
  }
  Notes second;
  run::Run two = run::Run::resume(folder_ / "run", data_, {.log_every = 1});
  EXPECT_EQ(two.train(second), Outcome::finished);
  std::vector<double> losses = first.losses;
  losses.insert(losses.end(), second.losses.begin(), second.losses.end());
  EXPECT_EQ(losses, whole.losses);
  EXPECT_EQ(weights_of(two.model()), weights_of(one.model()));
  const Conclusion end = two.conclude(second);
  EXPECT_TRUE(std::isfinite(end.train) && std::isfinite(end.val));
  EXPECT_EQ(end.leak->words, std::ssize(data_->sequences("val")));
}

// Asked during its first step, and after: it goes on all the same where it is told to.
TEST_F(Runs, AStoppedOneGoesOnWhereItIs) {
  Notes whole;
  run::Run one = begun();
  one.train(whole);
  Notes none;
  none.stop.ask();
  run::Run two = begun();
  EXPECT_EQ(two.train(none, none.stop), Outcome::stopped);
  EXPECT_FALSE(two.has_begun());
  Notes some;
  some.stop_at = 11;
  EXPECT_EQ(two.train(some, some.stop), Outcome::stopped);
  Notes rest;
  EXPECT_EQ(two.train(rest), Outcome::finished);
  EXPECT_EQ(weights_of(two.model()), weights_of(one.model()));
}

TEST_F(Runs, StepsByHandAreThoseOfTrain) {
  Notes notes;
  run::Run whole = begun();
  whole.train(notes);
  run::Run by_hand = begun();
  for (const double loss : notes.losses) {
    EXPECT_EQ(by_hand.step(), loss);
  }
  EXPECT_EQ(weights_of(by_hand.model()), weights_of(whole.model()));
}

TEST_F(Runs, StepsByHandCanBeSavedAndResumed) {
  Notes notes;
  run::Run whole = begun();
  whole.train(notes);
  {
    run::Run run = begun();
    run.keep_in(folder_ / "run");
    EXPECT_FALSE(fs::exists(folder_ / "run/model.safetensors"));
    for (int i = 0; i < 5; ++i) {
      run.step();
    }
    run.save();
  }
  run::Run rest = run::Run::resume(folder_ / "run", data_);
  EXPECT_EQ(rest.state().saved.step, 5);
  rest.train(notes);
  EXPECT_EQ(weights_of(rest.model()), weights_of(whole.model()));
}

TEST_F(Runs, PatienceEndsOne) {
  Config impatient = recipe();
  impatient.set("train.patience=1");
  impatient.set("train.eval_every=1");
  impatient.set("train.learning_rate=0");
  Notes notes;
  run::Run run = begun(impatient);
  EXPECT_EQ(run.train(notes), Outcome::out_of_patience);
  EXPECT_EQ(run.state().saved.step, 2);  // as good as before, and so no better
}

TEST_F(Runs, ACountingOneIsFitted) {
  Notes notes;
  run::Run run = begun(models::load_recipe("ngram-6"));
  run.keep_in(folder_ / "run");
  EXPECT_EQ(run.train(notes), Outcome::finished);
  EXPECT_EQ(run.steps(), 0);
  EXPECT_NEAR(run.conclude(notes).val, run.marks().ngram, 1e-6);
  EXPECT_EQ(problem_of([&] { run.step(); }), "run: a model that counts takes no steps");
}

TEST_F(Runs, FoldersAreKeptApart) {
  const std::string folder = folder_ / "run";
  const run::Run run = stopped_in(folder);
  EXPECT_EQ(problem_of([&] { run::Run::resume(folder, data_); }),
            folder + ": another run trains in it");
  run::Run other = begun();
  EXPECT_EQ(
      problem_of([&] { other.keep_in(folder); }),
      folder + "/model.safetensors: already there; a run is replaced only where that is asked");
  EXPECT_EQ(problem_of([&] { other.keep_in(folder, true); }),
            folder + ": another run trains in it");
}

TEST_F(Runs, OthersDataIsRefused) {
  const std::string folder = folder_ / "run";
  stopped_in(folder);
  program::spit(folder_ / "words.txt", program::made_up_words(90));
  const auto other = data::open(recipe(), folder_ / "words.txt");
  EXPECT_NE(problem_of([&] {
              run::Run::resume(folder, other);
            }).find("has changed since the run was begun"),
            std::string::npos);
}

// Its parts stay where they are, whatever holds it.
TEST_F(Runs, CanBeMoved) {
  Notes notes;
  run::Run whole = begun(models::load_recipe("mlp-3"), {.steps = 10, .log_every = 1});
  whole.train(notes);
  run::Run begun_here = begun(models::load_recipe("mlp-3"), {.steps = 10, .log_every = 1});
  begun_here.step();
  std::vector<run::Run> elsewhere;
  elsewhere.push_back(std::move(begun_here));
  for (std::size_t i = 1; i < notes.losses.size(); ++i) {
    EXPECT_EQ(elsewhere[0].step(), notes.losses[i]);
  }
}

}  // namespace
}  // namespace wavenet::run
