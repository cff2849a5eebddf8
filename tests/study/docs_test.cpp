// docs/study.md: a part for every step, and no line of code that is not compiled.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "wavenet/base/files.h"
#include "wavenet/study/steps.h"

namespace {

std::string source(const std::string& name) {
  return wavenet::read_file(WAVENET_SOURCE "/" + name, std::int64_t{1} << 20);
}

// Without comment and space.
std::string code_of(std::string line) {
  line.resize(std::min(line.size(), line.find("//")));
  std::erase(line, ' ');
  return line;
}

std::string code_of_file(const std::string& name) {
  std::istringstream lines(source(name));
  std::string code;
  for (std::string line; std::getline(lines, line);) {
    code += code_of(line) + '\n';
  }
  return code;
}

TEST(StudyPage, HasAPartForEveryStep) {
  const std::string page = source("docs/study.md");
  std::size_t at = 0;
  for (const wavenet::study::Step& step : wavenet::study::steps(1)) {
    const std::size_t found = page.find("\n## " + step.name + "\n");
    ASSERT_NE(found, std::string::npos) << step.name;
    EXPECT_GT(found, at) << step.name << " is out of order";
    at = found;
  }
}

TEST(StudyPage, ShowsCodeThatIsCompiled) {
  const std::string compiled =
      code_of_file("examples/study.cpp") + code_of_file("wavenet/study/growing_stack.cpp");
  std::istringstream lines(source("docs/study.md"));
  int seen = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string code = code_of(line);
    if (line.rfind("    ", 0) == 0 && (code.ends_with(';') || code.ends_with('{'))) {
      ++seen;
      EXPECT_NE(compiled.find("\n" + code + "\n"), std::string::npos) << line;
    }
  }
  EXPECT_GE(seen, 20);
}

}  // namespace
