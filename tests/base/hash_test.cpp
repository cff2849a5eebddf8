#include "wavenet/base/hash.h"

#include <gtest/gtest.h>

namespace wavenet {
namespace {

std::string hex_of(std::string_view text) {
  Fnv1a64 hash;
  hash.add(text);
  return hash.hex();
}

TEST(Fnv1a64, GivesThePublishedValues) {
  EXPECT_EQ(Fnv1a64().value(), 0xcbf29ce484222325U);
  EXPECT_EQ(hex_of("a"), "af63dc4c8601ec8c");
  EXPECT_EQ(hex_of("foobar"), "85944171f73967e8");
}

TEST(Fnv1a64, DoesNotDependOnHowBytesArriveInPieces) {
  Fnv1a64 hash;
  hash.add("foo");
  hash.add("bar", 3);
  EXPECT_EQ(hash.hex(), hex_of("foobar"));
}

TEST(Fnv1a64, CountsZeroBytes) {
  EXPECT_EQ(hex_of("emma"), "86c58d605734c2bd");
  EXPECT_NE(hex_of(std::string_view("\0", 1)), hex_of(""));
}

}  // namespace
}  // namespace wavenet
