#include "wavenet/base/base64.h"

#include <gtest/gtest.h>

#include "tests/folder.h"

namespace wavenet {
namespace {

// RFC 4648, section 10.
TEST(Base64, SpellsTheVectorsOfTheStandard) {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text, "t"), bytes);
  }
  // Section 4's example of all bits: its last two digits.
  EXPECT_EQ(to_base64("\xfb\xff\xfe"), "+//+");
}

TEST(Base64, GivesBackEveryByteAtEveryPlace) {
  for (std::size_t length : {std::size_t{256}, std::size_t{257}, std::size_t{258}}) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) {
      bytes += static_cast<char>(i);
    }
    EXPECT_EQ(from_base64(to_base64(bytes), "t"), bytes);
  }
}

TEST(Base64, NamesPlaceAndRule) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"Zg=", "m: base64 comes in fours, got 3 characters"},
      {"Zm9v\n", "m: base64 comes in fours, got 5 characters"},
      {"Zm9vZ\nBB", "m: \"?\" at character 6 is no base64"},
      {"Zm9-", "m: \"-\" at character 4 is no base64"},
      {"Zm\xc3\xa9", "m: \"?\" at character 3 is no base64"},
      {"Zg==Zg==", "m: \"=\" at character 3 is no base64"},
      {"====", "m: \"=\" at character 1 is no base64"},
      {"Z===", "m: \"=\" at character 2 is no base64"},
      {"Zh==", "m: base64 has bits behind its end"},
      {"Zm9=", "m: base64 has bits behind its end"}};
  for (const auto& [text, problem] : cases) {
    EXPECT_EQ(problem_of([&, &bad = text] { from_base64(bad, "m"); }), problem);
  }
}

}  // namespace
}  // namespace wavenet
