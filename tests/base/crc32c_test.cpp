#include "wavenet/base/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace wavenet {
namespace {

// RFC 3720, appendix B.4.
TEST(Crc32c, GivesTheChecksumsOfItsStandard) {
  std::string ascending;
  for (char c = 0; c < 32; ++c) {
    ascending += c;
  }
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(ascending), 0x46dd794eU);
  EXPECT_EQ(crc32c(std::string(ascending.rbegin(), ascending.rend())), 0x113fdb5cU);
}

// The check value of the catalogue of CRC algorithms.
TEST(Crc32c, GivesTheCheckValueOfItsPolynomial) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(""), 0U);
}

}  // namespace
}  // namespace wavenet
