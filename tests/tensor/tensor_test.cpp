#include "wavenet/tensor/tensor.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using Ints = std::vector<std::int32_t>;

// A tensor with a name has a view; a temporary, whose memory goes with it, has none.
template <class T>
constexpr bool kBecomesView = std::is_convertible_v<T, const View&> ||
                              std::is_convertible_v<T, View> || std::is_constructible_v<View, T>;
template <class T>
constexpr bool kGivesView = requires(T&& x) {
  static_cast<T&&>(x).view();
};

static_assert(kBecomesView<Tensor&> && kBecomesView<const Tensor&>);
static_assert(!kBecomesView<Tensor> && !kBecomesView<const Tensor>);
static_assert(kGivesView<Tensor&> && kGivesView<const Tensor&>);
static_assert(!kGivesView<Tensor> && !kGivesView<const Tensor>);

// So no kernel takes a temporary.
template <class T>
constexpr bool kKernelTakes = requires(Backend& k, T&& x, const Tensor& y) {
  k.copy(static_cast<T&&>(x), y);
};
static_assert(kKernelTakes<const Tensor&> && kKernelTakes<View>);
static_assert(!kKernelTakes<Tensor>);

TEST(Tensor, ACloneIsRowMajorAndApart) {
  Tensor x = Tensor::from<std::int32_t>({1, 2, 3, 4, 5, 6}, {2, 3});
  const Tensor same = x.clone();
  const Tensor turned = x.with_view(transposed(x.view(), 0, 1)).clone();
  x.data<std::int32_t>()[0] = 9;
  EXPECT_EQ(same.to_vector<std::int32_t>(), (Ints{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(turned.shape(), (Shape{3, 2}));
  EXPECT_TRUE(turned.is_contiguous());
  EXPECT_EQ(turned.to_vector<std::int32_t>(), (Ints{1, 4, 2, 5, 3, 6}));
  EXPECT_FALSE(requires_grad(parameter(Tensor::from<float>({1}, {1})).clone()));
}

}  // namespace
