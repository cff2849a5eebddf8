// Every op declared in wavenet/ops/*.h has a case in this room's table: {"name", ...} or, where an
// op has several, {"name_more", ...}. The headers are read as text, so a new op is found at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What stands at namespace level: no comments, and no bodies of functions and structs.
std::string namespace_level(const std::string& header) {
  const std::string code = std::regex_replace(header, std::regex("//[^\n]*"), "");
  std::string kept;
  std::string since;  // since the last brace or semicolon: says whether a namespace opens
  int hidden = 0;
  for (const char c : code) {
    if (c == '{' && (hidden > 0 || since.find("namespace") == std::string::npos)) {
      ++hidden;
    } else if (c == '}' && hidden > 0) {
      --hidden;
    } else if (hidden == 0) {
      kept += c;
    }
    since = c == '{' || c == '}' || c == ';' ? "" : since + c;
  }
  return kept;
}

// The parameters of a function, from behind its opening parenthesis.
std::string parameters_at(const std::string& code, std::size_t begin) {
  int open = 1;
  std::size_t end = begin;
  for (; end < code.size() && open > 0; ++end) {
    open += code[end] == '(' ? 1 : code[end] == ')' ? -1 : 0;
  }
  return code.substr(begin, end - begin - 1);
}

// The ops of a header, by the names of their cases: functions that take a tensor.
std::set<std::string> ops_of(const std::string& header) {
  const std::map<std::string, std::string> binary{{"operator+", "add"},
                                                  {"operator-", "subtract"},
                                                  {"operator*", "multiply"},
                                                  {"operator/", "divide"}};
  const std::string code = namespace_level(header);
  const std::regex function(R"([\w>&]\s+(operator[^\s\w(]+|\w+)\()");
  std::set<std::string> ops;
  for (std::sregex_iterator match(code.begin(), code.end(), function), end; match != end; ++match) {
    const auto behind = static_cast<std::size_t>(match->position() + match->length());
    const std::string parameters = parameters_at(code, behind);
    if (parameters.find("Tensor") == std::string::npos) {
      continue;
    }
    const std::string name = (*match)[1];
    if (name == "operator-" && parameters.find(',') == std::string::npos) {
      ops.insert("negate");
    } else {
      ops.insert(binary.contains(name) ? binary.at(name) : name);
    }
  }
  return ops;
}

bool has_case(const std::string& table, const std::string& op) {
  return std::regex_search(table, std::regex("\\{\\s*\"" + op + "[\"_ ]"));
}

TEST(Coverage, EveryOpHasACase) {
  const fs::path source = WAVENET_SOURCE;
  std::string table;
  for (const auto& entry : fs::directory_iterator(source / "tests/ops")) {
    if (entry.path().filename() != "coverage_test.cpp") {
      table += slurp(entry.path());
    }
  }
  std::set<std::string> seen;
  for (const auto& entry : fs::directory_iterator(source / "wavenet/ops")) {
    if (entry.path().extension() != ".h") {
      continue;
    }
    for (const std::string& op : ops_of(slurp(entry.path()))) {
      seen.insert(op);
      EXPECT_TRUE(has_case(table, op))
          << op << " of wavenet/ops/" << entry.path().filename().string()
          << " has no case in tests/ops: its gradient is not checked";
    }
  }
  for (const char* op : {"add", "negate", "affine", "tanh", "sum", "cat", "matmul", "batch_norm"}) {
    EXPECT_TRUE(seen.contains(op)) << op << " is no longer found in wavenet/ops";
  }
}

TEST(Coverage, FindsOpsOfEveryForm) {
  const std::string header = R"(
namespace wavenet {
// Tensor commented(const Tensor& x);
struct Pair {
  Tensor y;
  Tensor member(const Tensor& x);
};
Tensor zeros(const Shape& shape);
Tensor operator-(const Tensor& x);
inline Tensor operator*(double scale, const Tensor& x) { return affine(x, scale, 0); }
Tensor causal_conv1d(const Tensor& x, const Tensor& weight,
                     const std::vector<int>& taps = {}, double scale = double(1));
Pair gate(const Tensor& x);
std::vector<Tensor> pieces(const std::vector<Tensor>& x);
Tensor mapped(const std::function<Tensor(const Tensor&)>& f, int n);
}  // namespace wavenet
)";
  EXPECT_EQ(ops_of(header), (std::set<std::string>{"negate", "multiply", "causal_conv1d", "gate",
                                                   "pieces", "mapped"}));
}

TEST(Coverage, MissesACaseThatIsNotThere) {
  const std::string table = R"({"tanh", [](auto& x) { return tanh(exp(x[0])); }, {{2, 5}}},
                               {"matmul_batched", [](auto& x) { return y; }})";
  EXPECT_TRUE(has_case(table, "tanh"));
  EXPECT_TRUE(has_case(table, "matmul"));
  EXPECT_FALSE(has_case(table, "exp"));  // used, but not the case's own
  EXPECT_FALSE(has_case(table, "mat"));
}

}  // namespace
