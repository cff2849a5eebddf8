// Memory that runs out at any one place: each job is run again and again, with another allocation
// failing each time, until none does. What comes out must be an Error of kind memory. Model files
// are left out: the trees that nlohmann-json 3.11 makes of their headers do not survive such a
// failure.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include "tests/folder.h"
#include "tests/train/words.h"
#include "wavenet/base/files.h"
#include "wavenet/wavenet.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define OPERATOR_NEW_IS_TAKEN  // by the sanitizer's own library
#endif
#endif

namespace {
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
std::atomic<std::int64_t> allowed = kNever;  // allocations before the one that fails
}  // namespace

#ifndef OPERATOR_NEW_IS_TAKEN
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allowed-- == 0 ? nullptr : std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = operator new(size, std::nothrow);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace wavenet {
namespace {

class FailingMemory : public InFolder {
 protected:
  void SetUp() override {
#ifdef OPERATOR_NEW_IS_TAKEN
    GTEST_SKIP() << "the thread sanitizer defines operator new itself";
#endif
  }

  // Returns how many allocations the job makes.
  template <class Job>
  static std::int64_t fail_each_of(const Job& job) {
    job();  // what is made once a program is made now
    for (std::int64_t n = 0;; ++n) {
      allowed = n;
      bool done = false;
      std::optional<ErrorKind> kind;
      std::string problem;
      try {
        job();
        done = true;
      } catch (const Error& error) {
        allowed = kNever;
        kind = error.kind();
        problem = error.what();
      } catch (const std::exception& error) {
        allowed = kNever;
        problem = error.what();
      }
      const bool failed = allowed.exchange(kNever) < 0 || !done;
      if (done && !failed) {
        return n;
      }
      // A job may do without some of what it asks for, as with fewer threads.
      EXPECT_TRUE(done || kind == ErrorKind::memory) << "allocation " << n << ": " << problem;
      EXPECT_EQ(problem.find('\n'), std::string::npos);
    }
  }
};

const char* const kRecipe = R"({"model": {"kind": "wavenet", "embedding": 4, "residual": 4,
  "skip": 4, "dilations": [1, 2]}, "data": {"format": "lines"}, "train": {"optimizer": "adamw",
  "schedule": "constant", "learning_rate": 0.01, "batch_size": 4, "steps": 5, "ema": 0.9}})";

std::unique_ptr<models::Model> made() {
  Rng rng(1);
  return models::build(Config::parse(kRecipe, "recipe"), train::kVocabulary, rng);
}

TEST_F(FailingMemory, WhileDataIsRead) {
  write_file_atomically(folder_ / "words", "emma\nolivia\nava\nisabella\nsophia\nmia\n");
  const Config recipe = Config::parse(kRecipe, "recipe");
  const std::string path = (folder_ / "words").string();
  const data::File file(path);
  EXPECT_GT(fail_each_of([&] { data::open_corpus(recipe, file, 42); }), 20);
}

TEST_F(FailingMemory, WhileAModelIsBuilt) {
  EXPECT_GT(fail_each_of([] { made(); }), 20);
}

TEST_F(FailingMemory, WhileAModelTrains) {
  const Config recipe = Config::parse(kRecipe, "recipe");
  const auto model = made();
  data::WholeSequences batches(train::made_up_words(20, 6), {.batch = 4, .shards = 2}, 42);
  train::Trainer trainer(*model, batches, recipe);
  EXPECT_GT(fail_each_of([&] { trainer.step(); }), 50);
}

TEST_F(FailingMemory, WhileAModelIsJudgedAndDrawnFrom) {
  const auto model = made();
  const std::vector<data::Sequence> words = train::made_up_words(20, 6);
  EXPECT_GT(fail_each_of([&] { train::mean_loss(*model, words); }), 20);
  EXPECT_GT(fail_each_of([&] { generate::Words(*model, {.max_length = 5}, 1).next(); }), 20);
  EXPECT_GT(fail_each_of([&] {
              Rng rng(2);
              generate::word(*model, {.max_length = 5}, rng);
            }),
            20);
}

}  // namespace
}  // namespace wavenet
