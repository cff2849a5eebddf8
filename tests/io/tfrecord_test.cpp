#include "wavenet/io/tfrecord.h"

#include <gtest/gtest.h>

#include "wavenet/base/crc32c.h"

namespace wavenet::io {
namespace {

// Every event file of TensorFlow opens with these bytes: its first event is 24 bytes long.
TEST(TfRecord, OpensAsTensorFlowsFilesDo) {
  const std::string record = tfrecord(std::string(24, 'x'));
  EXPECT_EQ(record.substr(0, 12), std::string("\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22", 12));
  EXPECT_EQ(record.substr(12, 24), std::string(24, 'x'));
  EXPECT_EQ(record.size(), 24 + kTfrecordFrame);
}

// The mask: rotated right by 15 bits, plus 0xa282ead8. Of 32 zero bytes the checksum is 0x8a9136aa
// (RFC 3720), rotated 0x6d551522, and 0x6d551522 + 0xa282ead8 = 0x10fd7fffa.
TEST(TfRecord, EndsWithTheMaskedChecksum) {
  EXPECT_EQ(tfrecord(std::string(32, '\0')).substr(12 + 32), "\xfa\xff\xd7\x0f");
}

TEST(TfRecord, ReadsBackWhatStandsInFront) {
  const std::string two = tfrecord("emma") + tfrecord("");
  EXPECT_EQ(front_tfrecord(two), "emma");
  EXPECT_EQ(front_tfrecord(two.substr(4 + kTfrecordFrame)), "");
  EXPECT_EQ(front_tfrecord(""), std::nullopt);
}

TEST(TfRecord, NoticesEveryFlippedBitAndEveryTruncation) {
  const std::string record = tfrecord("emma");
  for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
    std::string damaged = record;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(front_tfrecord(damaged), std::nullopt) << bit;
  }
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_EQ(front_tfrecord(record.substr(0, size)), std::nullopt) << size;
  }
}

}  // namespace
}  // namespace wavenet::io
