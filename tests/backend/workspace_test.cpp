// Where kernels keep what they need on the way: whose it is, and that what it held before does not
// show in a result.
#include "wavenet/backend/workspace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "wavenet/base/parallel.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Part = Workspace::Part;

TEST(Workspace, PartsAreAlignedAndApart) {
  Workspace room;
  constexpr std::int64_t kCount = 100;
  auto* panel = room.at<float>(Part::panel, kCount);
  auto* sums = room.at<float>(Part::sums, kCount);
  auto* rows = room.at<const float*>(Part::left, kCount);
  for (const void* at : {static_cast<const void*>(panel), static_cast<const void*>(sums),
                         static_cast<const void*>(rows)}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 64, 0U);
  }
  std::fill_n(panel, kCount, 1.0F);
  std::fill_n(sums, kCount, 2.0F);
  std::fill_n(rows, kCount, nullptr);
  EXPECT_EQ(std::count(panel, panel + kCount, 1.0F), kCount);
  EXPECT_EQ(std::count(sums, sums + kCount, 2.0F), kCount);
}

TEST(Workspace, StaysWhereItIsUntilMoreIsAsked) {
  Workspace room;
  const float* panel = room.at<float>(Part::panel, 1000);
  EXPECT_EQ(room.at<float>(Part::panel, 10), panel);
  room.at<float>(Part::sums, 100'000);
  EXPECT_EQ(room.at<float>(Part::panel, 1000), panel);
  float* more = room.at<float>(Part::panel, 100'000);
  std::fill_n(more, 100'000, 1.0F);
}

TEST(Workspace, AThreadHasOneOfItsOwn) {
  Workspace* here = &workspace();
  Workspace* there = nullptr;
  std::thread([&] { there = &workspace(); }).join();
  EXPECT_EQ(&workspace(), here);
  EXPECT_NE(there, here);
}

TEST(Workspace, IsChosenForALifetimeOnOneThread) {
  Workspace* own = &workspace();
  Workspace outer;
  Workspace inner;
  {
    const UseWorkspace use(outer);
    EXPECT_EQ(&workspace(), &outer);
    {
      const UseWorkspace use_inner(inner);
      EXPECT_EQ(&workspace(), &inner);
    }
    EXPECT_EQ(&workspace(), &outer);
    std::thread([&] { EXPECT_NE(&workspace(), &outer); }).join();
  }
  EXPECT_EQ(&workspace(), own);
}

// Each job waits for the other, so that both threads have one.
TEST(Workspace, HelpersUseTheirOwn) {
  Workspace room;
  const UseWorkspace use(room);
  std::atomic<int> arrived = 0;
  std::array<Workspace*, 2> seen{};
  parallel_for(2, 2, [&](std::int64_t i) {
    seen[static_cast<std::size_t>(i)] = &workspace();
    ++arrived;
    while (arrived < 2) {
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(std::count(seen.begin(), seen.end(), &room), 1);
}

// A convolution forward and back, and a product of many rows.
std::vector<float> results(std::int64_t channels) {
  Rng rng(5);
  const Tensor x = parameter(randn({3, 9, channels}, rng));
  const Tensor weight = parameter(randn({2 * channels, channels}, rng));
  const Tensor bias = randn({channels}, rng);
  const Tensor y = causal_conv1d(x, weight, bias, {.width = 2, .dilation = 2});
  backward(sum(matmul(y, randn({channels, 13}, rng))));
  std::vector<float> all = y.to_vector<float>();
  for (const Tensor& gradient : {grad(x), grad(weight)}) {
    const std::vector<float> values = gradient.to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

TEST(Workspace, WhatItHeldDoesNotShow) {
  const std::vector<float> expected = results(11);
  Workspace used;
  const UseWorkspace use(used);
  results(40);
  EXPECT_EQ(results(11), expected);
}

}  // namespace
