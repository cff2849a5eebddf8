#include <gtest/gtest.h>

#include "wavenet/base/check.h"
#include "wavenet/data/audio/mu_law.h"
#include "wavenet/data/text/vocabulary.h"

namespace wavenet::data {
namespace {

TEST(MuLawCodec, IsMadeAgainOfWhatItSaved) {
  const MuLaw codec(16'000);
  EXPECT_EQ(codec.saved(), R"({"mu":255,"rate":16000})");
  const std::shared_ptr<const Codec> again = codecs().find("mu-law")->operator()(codec.saved());
  EXPECT_EQ(again->sample_rate(), 16'000);
  EXPECT_EQ(again->size(), 256);
  EXPECT_EQ(again->before(), 128);
  EXPECT_EQ(again->unit(), "sample");
}

TEST(MuLawCodec, RefusesWhatNoCodecSaved) {
  for (const char* saved :
       {"", "[]", "{}", R"({"mu":255})", R"({"mu":255,"rate":"8000"})", R"({"mu":256,"rate":8000})",
        R"({"mu":255,"rate":0})", R"({"mu":255,"rate":1048577})", R"({"mu":255,"rate":1e4})"}) {
    EXPECT_THROW(MuLaw::from_saved(saved), Error) << saved;
  }
}

TEST(MuLawCodec, IsHeardAndNotRead) {
  const std::vector<std::int32_t> codes{128, 129};
  EXPECT_THROW(static_cast<void>(MuLaw(8000).decode(codes)), Error);
  EXPECT_EQ(Vocabulary({U"a"}).sample_rate(), std::nullopt);
}

}  // namespace
}  // namespace wavenet::data
