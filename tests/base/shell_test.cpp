// Words against the shell itself.
#include "wavenet/base/shell.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

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

TEST(Shell, FindsTheWordsAgain) {
  const std::vector<std::string> words{
      "train",        "--out",    shell_word("a --steps 5"), shell_word("it's  two"),
      shell_word(""), "--steps=3"};
  std::string command;
  for (const std::string& word : words) {
    command += word + ' ';
  }
  EXPECT_EQ(shell_words(command), words);
  EXPECT_EQ(shell_words(""), std::vector<std::string>());
}

}  // namespace
}  // namespace wavenet
