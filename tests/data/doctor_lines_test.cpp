#include <gtest/gtest.h>

#include <map>

#include "tests/data/doctor.h"
#include "wavenet/base/rng.h"
#include "wavenet/data/text/doctor/lines.h"

namespace wavenet::data {
namespace {

TEST(Lines, NumbersEqualTextsAlike) {
  const std::string file = "emma\nada\n\nemma\n";
  const std::string_view bytes = file;
  Lines lines(bytes);
  EXPECT_TRUE(lines.add(1, bytes.substr(0, 4)));
  EXPECT_TRUE(lines.add(2, bytes.substr(5, 3)));
  EXPECT_FALSE(lines.add(4, bytes.substr(10, 4)));
  EXPECT_TRUE(lines.add(7, std::string("eve")));  // is no part of the file
  EXPECT_FALSE(lines.add(9, std::string("eve")));
  lines.finish();
  EXPECT_EQ(lines.ids(), (std::vector<std::uint32_t>{0, 1, 0, 2, 2}));
  EXPECT_EQ(lines.numbers(), (std::vector<std::uint32_t>{1, 2, 4, 7, 9}));
  EXPECT_EQ(lines.counts(), (std::vector<std::uint32_t>{2, 1, 2}));
  EXPECT_EQ(lines.text(0), "emma");
  EXPECT_EQ(lines.text(1), "ada");
  EXPECT_EQ(lines.text(2), "eve");
}

// Against std::map, over enough texts for the table to grow several times.
TEST(Lines, AgreeWithAMapOverManyTexts) {
  Rng rng(7);
  std::string file;
  for (int i = 0; i < 30'000; ++i) {
    file += std::to_string(rng.next64() % 9'000) + '\n';
  }
  Lines lines(file);
  std::map<std::string_view, std::uint32_t> expected;
  std::string_view rest = file;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    const auto [found, is_new] =
        expected.try_emplace(text, static_cast<std::uint32_t>(expected.size()));
    EXPECT_EQ(lines.add(number, text), is_new);
    ASSERT_EQ(lines.ids().back(), found->second);
    rest.remove_prefix(text.size() + 1);
  }
  EXPECT_GT(lines.different(), 8'000U);
  EXPECT_EQ(lines.different(), expected.size());
  for (const auto& [text, id] : expected) {
    EXPECT_EQ(lines.text(id), text);
  }
}

TEST(Doctor, TellsHowFarItIsAndCanBeStopped) {
  const std::string list = word_list(20'000);
  std::vector<double> told;
  diagnose(list, "words.txt", {}, [&](double done) { told.push_back(done); });
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.front(), 0);
  EXPECT_EQ(told.back(), 1);
  EXPECT_GT(std::count_if(told.begin(), told.end(), [](double d) { return d > 0 && d < 1; }), 2);

  Stop stop;
  int calls = 0;
  EXPECT_THROW(diagnose(list, "words.txt", {},
                        [&](double) {
                          ++calls;
                          stop.ask();
                          stop.check();
                        }),
               Stopped);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace wavenet::data
