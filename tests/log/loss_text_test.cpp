#include "wavenet/log/loss_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace wavenet {
namespace {

TEST(LossText, HasFourDecimalsOrTwoDigitsOfWhatIsSmaller) {
  EXPECT_EQ(loss_text(1.99314), "1.9931");
  EXPECT_EQ(loss_text(0.001), "0.0010");
  EXPECT_EQ(loss_text(0.000331603), "0.00033");
  EXPECT_EQ(loss_text(0.0004), "0.00040");
  EXPECT_EQ(loss_text(1.487e-9), "1.5e-09");
  EXPECT_EQ(loss_text(1e-11), "1.0e-11");
  EXPECT_EQ(loss_text(0), "0.0000");
  EXPECT_EQ(loss_text(-2.5), "-2.5000");
  EXPECT_EQ(loss_text(123456), "1.23e+05");
  EXPECT_EQ(loss_text(std::numeric_limits<double>::quiet_NaN()), "not a number");
  EXPECT_EQ(loss_text(std::numeric_limits<double>::infinity()), "not a number");
}

}  // namespace
}  // namespace wavenet
