// Pushing a token allocates nothing: every operator new of this program is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "tests/generate/models.h"
#include "wavenet/generate/sounds.h"
#include "wavenet/generate/stream.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define OPERATOR_NEW_IS_TAKEN  // by the sanitizer's own library
#endif
#endif

namespace {
std::atomic<std::int64_t> allocations = 0;
}

#ifndef OPERATOR_NEW_IS_TAKEN
// The array forms call these. Inlined, one without the other, they would look like a mismatch.
#define NOT_INLINED __attribute__((noinline))
NOT_INLINED void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) {
    return memory;
  }
  throw std::bad_alloc();
}
NOT_INLINED void operator delete(void* memory) noexcept { std::free(memory); }
NOT_INLINED void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace {

using namespace testing_models;

template <class Work>
std::int64_t allocations_of(const Work& work) {
  const std::int64_t blocks = storage_statistics().system_allocations;
  const std::int64_t before = allocations;
  work();
  const std::int64_t after = allocations;
  return after - before + storage_statistics().system_allocations - blocks;
}

class Allocations : public testing::Test {
 protected:
  void SetUp() override {
#ifdef OPERATOR_NEW_IS_TAKEN
    GTEST_SKIP() << "the thread sanitizer defines operator new itself";
#endif
  }
};

TEST_F(Allocations, AreCounted) {
  std::vector<int> numbers;
  Tensor tensor;
  EXPECT_EQ(allocations_of([&] { numbers.clear(); }), 0);
  EXPECT_EQ(allocations_of([&] { numbers.assign(100, 1); }), 1);
  EXPECT_GE(allocations_of([&] { tensor = Tensor::empty({3, 1 << 20}); }), 2);
}

TEST_F(Allocations, APushMakesNone) {
  for (const auto& model :
       {mlp(3), tree(8), convolution(3, {1, 2}), gated(2, {1, 2, 4}), ngram(4)}) {
    for (const std::int64_t count : {1, 3, 64}) {
      generate::Stream stream(*model, count);
      const std::vector<std::int32_t> tokens(static_cast<std::size_t>(count), 2);
      EXPECT_EQ(allocations_of([&] {
                  for (int t = 0; t < 20; ++t) {
                    stream.push(tokens);
                    stream.reset(count - 1);
                  }
                }),
                0)
          << model->kind() << ", " << count;
    }
  }
}

// An hour takes the memory of a moment: nothing is asked for from the first code on.
TEST_F(Allocations, MakingSoundsTakesNone) {
  const auto model = gated(2, {1, 2, 4}, 256);
  for (const output::DrawOptions& options :
       {output::DrawOptions{}, output::DrawOptions{.temperature = 0.8, .top_k = 9, .top_p = 0.9},
        output::DrawOptions{.temperature = 0}, output::DrawOptions{.min_p = 0.1}}) {
    for (const std::int64_t count : {1, 3}) {
      generate::Sounds sounds(*model, options, 1, count);
      std::vector<std::uint8_t> block(static_cast<std::size_t>(count) * 50);
      EXPECT_EQ(allocations_of([&] {
                  for (int t = 0; t < 20; ++t) {
                    sounds.make(block);
                  }
                }),
                0)
          << count;
    }
  }
}

TEST_F(Allocations, ADrawMakesNone) {
  const auto model = tree(8);
  const generate::Stream stream(*model);
  for (const output::DrawOptions& options :
       {output::DrawOptions{}, output::DrawOptions{.temperature = 0.5},
        output::DrawOptions{.top_k = 3}, output::DrawOptions{.top_p = 0.9},
        output::DrawOptions{.min_p = 0.1}}) {
    const auto sampler = model->output().sampler(options);
    std::int32_t code = -1;
    EXPECT_EQ(allocations_of([&] { code = sampler->draw(sampler->prepare(stream.logits()), 0.5); }),
              0);
    EXPECT_GE(code, 0);
  }
}

// Of one push, on a thread that has run no kernel before.
std::int64_t allocations_on_a_new_thread(generate::Stream& stream) {
  const std::vector<std::int32_t> tokens(static_cast<std::size_t>(stream.count()), 2);
  std::int64_t made = 0;
  std::thread([&] { made = allocations_of([&] { stream.push(tokens); }); }).join();
  return made;
}

TEST_F(Allocations, TheFirstPushOnAnotherThreadMakesNone) {
  for (const auto& model : {gated(2, {1, 2, 4}), tree(8), ngram(4)}) {
    for (const std::int64_t count : {8, 64}) {
      generate::Stream stream(*model, count);
      generate::Stream copy = stream;
      generate::Stream fresh = stream.fresh(count);
      EXPECT_EQ(allocations_on_a_new_thread(stream), 0) << model->kind() << ", " << count;
      EXPECT_EQ(allocations_on_a_new_thread(copy), 0) << model->kind() << ", " << count;
      EXPECT_EQ(allocations_on_a_new_thread(fresh), 0) << model->kind() << ", " << count;
    }
  }
}

}  // namespace
