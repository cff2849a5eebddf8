// Playing allocates nothing: every operator new of this program is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "tests/play/models.h"
#include "wavenet/play/player.h"

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

using namespace testing_amplifiers;

TEST(Allocations, PlayingMakesNoneOnAnyThread) {
#ifdef OPERATOR_NEW_IS_TAKEN
  GTEST_SKIP() << "the thread sanitizer defines operator new itself";
#endif
  for (const auto& [name, amp] : all_models()) {
    const std::int64_t before_making = allocations;
    const auto player = play::Player::of(amp);
    EXPECT_GT(allocations, before_making) << "nothing is counted";
    const std::vector<float> in = noise(1000, 3);
    std::vector<float> out(in.size());
    std::int64_t made = -1;
    std::thread([&] {
      const std::int64_t before = allocations;
      for (const std::size_t block : {1U, 16U, 64U, 1000U}) {
        for (std::size_t t = 0; t < in.size(); t += block) {
          const std::size_t count = std::min(block, in.size() - t);
          player->process(std::span(in).subspan(t, count), std::span(out).subspan(t, count));
        }
        player->reset();
      }
      made = allocations - before;
    }).join();
    EXPECT_EQ(made, 0) << name;
  }
}

}  // namespace
