// Writes the examples in the comments of public headers as C++, for the compiler to judge.
//
//   extract_examples ROOT OUT
//
// A paragraph of a header's comment whose lines all begin with three spaces is an example if one of
// its lines ends in ";", "{" or "}", or has "=="; else it is a drawing, a formula or a table. All
// examples in one comment become the body of one function in the header's own namespace, after
// names.h, which declares what they take as given. " ... " stands for nothing, and a line that is
// an expression alone becomes a statement. Lines and columns stay what they are in the header.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Lines = std::vector<std::string>;

constexpr int kFewest = 90;  // headers with an example; where there are fewer, the rule is broken

Lines lines_of(const std::string& path) {
  std::ifstream file(path);
  Lines lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

// Those that wavenet/wavenet.h includes, directly or through others, as cmake/public_headers.cmake
// has it.
Lines public_headers(const std::string& root) {
  constexpr std::string_view kInclude = "#include \"";
  Lines found{"wavenet/wavenet.h"};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::string& line : lines_of(root + "/" + found[i])) {
      if (line.starts_with("#include \"wavenet/")) {
        const std::string next = line.substr(kInclude.size(), line.rfind('"') - kInclude.size());
        if (std::find(found.begin(), found.end(), next) == found.end()) {
          found.push_back(next);
        }
      }
    }
  }
  return found;
}

// The last that is opened: before it, a header may declare what it needs of others.
std::string namespace_of(const Lines& header) {
  std::string name;
  for (const std::string& line : header) {
    if (line.starts_with("namespace wavenet")) {
      name = line.substr(0, line.find(" {"));
    }
  }
  return name;
}

bool is_comment(const std::string& line) { return line.starts_with("//"); }
bool is_indented(const std::string& line) { return line.starts_with("//   "); }

// A line without the "//" that it begins with, in the same columns; and where its code ends, before
// a comment of its own.
struct Code {
  explicit Code(const std::string& comment) : line("  " + comment.substr(2)) {
    end = line.find_last_not_of(' ', std::min(line.find(" //"), line.size() - 1)) + 1;
  }
  bool ends_in_one_of(std::string_view last) const {
    return end > 0 && last.find(line[end - 1]) != std::string_view::npos;
  }

  std::string line;
  std::size_t end = 0;
};

bool is_example(Lines::const_iterator first, Lines::const_iterator last) {
  return std::any_of(first, last, [](const std::string& line) {
    const Code code(line);
    return code.ends_in_one_of(";{}") ||
           code.line.substr(0, code.end).find(" == ") != std::string::npos;
  });
}

std::string statement_of(const std::string& line) {
  constexpr std::string_view kAnything = " ... ";
  Code code(line);
  for (std::size_t at = code.line.find(kAnything); at < code.end;
       at = code.line.find(kAnything, at)) {
    code.line.replace(at, kAnything.size(), kAnything.size(), ' ');
  }
  if (code.end > 0 && !code.ends_in_one_of(";{}:,(")) {
    code.line.replace(code.end, 1, ";");
  }
  return code.line;
}

// The examples of a comment, which stands in `path` from line `number` on.
std::string examples_of(Lines::const_iterator first, Lines::const_iterator last,
                        const std::string& path, std::ptrdiff_t number) {
  std::string body;
  for (auto begin = first; begin != last;) {
    const auto end = std::find_if_not(begin, last, is_indented);
    if (is_example(begin, end)) {
      body += "#line " + std::to_string(number + (begin - first)) + " \"" + path + "\"\n";
      for (auto line = begin; line != end; ++line) {
        body += statement_of(*line) + "\n";
      }
    }
    begin = std::find_if(end, last, is_indented);
  }
  return body;
}

// Writes a function for each comment that has examples; returns how many there are.
int write_functions(const std::string& root, const std::string& header, std::ostream& out) {
  const std::string path = root + "/" + header;
  const Lines lines = lines_of(path);
  std::string name = "example_in_" + header + "_";
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  int functions = 0;
  for (auto begin = lines.begin(); begin != lines.end();) {
    const auto end = std::find_if_not(begin, lines.end(), is_comment);
    const std::string body = examples_of(begin, end, path, begin - lines.begin() + 1);
    if (!body.empty()) {
      out << namespace_of(lines) << " {\n[[maybe_unused]] static void " << name << ++functions
          << "() {\n"
          << body << "}\n}\n";
    }
    begin = std::find_if(end, lines.end(), is_comment);
  }
  return functions;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: extract_examples ROOT OUT\n";
    return EXIT_FAILURE;
  }
  std::ofstream out(argv[2]);
  out << "#include \"tests/examples/names.h\"\n";
  int with_examples = 0;
  for (const std::string& header : public_headers(argv[1])) {
    with_examples += write_functions(argv[1], header, out) > 0 ? 1 : 0;
  }
  if (with_examples < kFewest) {
    std::cerr << "extract_examples: only " << with_examples << " headers have an example\n";
    return EXIT_FAILURE;
  }
  return out.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}
