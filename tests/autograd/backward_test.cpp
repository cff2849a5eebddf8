// Which graphs backward() walks: those of several threads, and none a second time.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Floats = std::vector<float>;

void expect_walked_before(const Tensor& loss) {
  try {
    backward(loss);
    ADD_FAILURE() << "walked a second time";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("walked before"), std::string::npos) << error.what();
  }
}

// d(sum(y^2))/dw of y = 2 w is 8 w, whichever thread recorded which half.
TEST(Backward, FollowsAGraphFromThreadToThread) {
  const Tensor w = parameter(Tensor::from<float>({1, -3}, {2}));
  Tensor y = affine(w, 2, 0);
  for (int i = 0; i < 100; ++i) {  // ops that this thread recorded before the result's own
    y = affine(w, 2, 0);
  }
  std::thread([&] { backward(sum(y * y)); }).join();
  ASSERT_TRUE(grad(w).defined());
  EXPECT_EQ(grad(w).to_vector<float>(), (Floats{8, -24}));
}

// The table of an embedding enters linear() by a way of its own.
TEST(Backward, RefusesAnEmbeddingThatWasWalkedBefore) {
  Rng rng(1);
  const Tensor table = parameter(randn({3, 2}, rng));
  const Tensor weight = parameter(randn({2, 4}, rng));
  for (const std::int64_t tokens : {2, 60}) {  // by the plain product, and by the table
    const Tensor x = embedding(table, Tensor::zeros({tokens}, DType::i32));
    const Tensor reshaped = reshape(x, {tokens / 2, 4});
    backward(sum(reshaped));
    expect_walked_before(sum(linear(x, weight, {})));
    const Tensor wide = parameter(randn({4, 4}, rng));
    expect_walked_before(sum(linear(reshaped, wide, {})));
  }
}

// Of two threads that walk one shared part, one is refused and the other gets the whole gradient;
// what was refused left its own part alone, which could be walked but for the part that is gone.
TEST(Backward, LetsOneThreadWalkASharedPart) {
  constexpr int kThreads = 3;
  for (int round = 0; round < 200; ++round) {
    const Tensor w = parameter(Tensor::from<float>({1, -3}, {2}));
    Tensor shared = affine(w, 2, 0);
    for (int i = 0; i < 5; ++i) {
      shared = affine(shared, 1, 0);
    }
    std::vector<Tensor> losses;
    for (int i = 0; i < kThreads; ++i) {
      losses.push_back(sum(shared * shared));
    }
    std::atomic<int> refused = 0;
    std::barrier start(kThreads);
    std::vector<std::thread> threads;
    for (const Tensor& loss : losses) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        try {
          backward(loss);
        } catch (const Error&) {
          ++refused;
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_EQ(refused, kThreads - 1);
    EXPECT_EQ(grad(w).to_vector<float>(), (Floats{8, -24}));
  }
}

// Graphs that share only parameters: each adds its gradient to theirs, once.
TEST(Backward, OfSeveralThreadsAddsToTheParameters) {
  constexpr int kThreads = 3;
  constexpr int kRounds = 200;
  const Tensor w = parameter(Tensor::from<float>({1, -3}, {2}));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        backward(sum(affine(w, 2, 0)));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(grad(w).to_vector<float>(), Floats(2, 2.0F * kThreads * kRounds));
}

}  // namespace
