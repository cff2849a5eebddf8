#include "wavenet/base/json_text.h"

#include <gtest/gtest.h>

namespace wavenet {
namespace {

TEST(JsonText, DropsTheErrorCodeAndTheQuotedText) {
  EXPECT_EQ(one_line_problem("[json.exception.parse_error.101] parse error at line 1, column 2: "
                             "syntax error while parsing value - invalid literal; last read: 'nu'"),
            "syntax error while parsing value - invalid literal");
  EXPECT_EQ(one_line_problem("[json.exception.out_of_range.406] number overflow parsing '1e999'"),
            "number overflow parsing '1e999'");
}

TEST(JsonText, KeepsAMessageOfAnotherForm) {
  EXPECT_EQ(one_line_problem("odd"), "odd");
  EXPECT_EQ(one_line_problem(""), "");
  EXPECT_LE(one_line_problem(std::string(1000, 'x')).size(), 200U);
}

TEST(JsonText, CountsLinesAndColumnsFromOne) {
  EXPECT_EQ(position_in("ab\ncd", 0), "line 1, column 1");
  EXPECT_EQ(position_in("ab\ncd", 2), "line 1, column 3");
  EXPECT_EQ(position_in("ab\ncd", 4), "line 2, column 2");
  EXPECT_EQ(position_in("ab\ncd", 99), "line 2, column 3");
}

}  // namespace
}  // namespace wavenet
