// Words against the shell itself.
#include "wavenet/base/shell.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace wavenet {
namespace {

TEST(Shell, TakesAWordAsItWas) {
  EXPECT_EQ(shell_word("runs/a-1_b.txt"), "runs/a-1_b.txt");
  for (const char* word :
       {"", "a b", "it's", "$HOME", "a\"b", "a\nb", "zoë", "*", "~", "a;b", "''"}) {
    FILE* pipe = popen(("printf %s " + shell_word(word)).c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::array<char, 100> bytes{};
    const std::size_t size = std::fread(bytes.data(), 1, bytes.size(), pipe);
    EXPECT_EQ(pclose(pipe), 0);
    EXPECT_EQ(std::string(bytes.data(), size), word);
  }
}

}  // namespace
}  // namespace wavenet
