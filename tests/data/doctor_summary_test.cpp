// What a diagnosis comes to: histogram, counts, JSON.
#include <nlohmann/json.hpp>

#include "tests/data/doctor.h"
#include "wavenet/data/text/doctor/summary.h"

namespace wavenet::data {
namespace {

using Json = nlohmann::json;

TEST(DoctorSummary, RowsHoldEveryLineAndTheFewLongestShareOne) {
  Diagnosis found;
  found.lengths = {{1, 300}, {2, 0}, {3, 200}, {8, 500}, {20, 2}, {90, 1}};
  found.lines = 1003;
  const std::vector<LengthRow> rows = length_rows(found, 4);
  ASSERT_EQ(rows.size(), 5U);
  const std::vector<std::vector<std::size_t>> expected{
      {1, 2, 300}, {3, 4, 200}, {5, 6, 0}, {7, 8, 500}, {9, 90, 3}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ((std::vector{rows[i].first, rows[i].last, rows[i].lines}), expected[i]) << i;
  }
  EXPECT_TRUE(length_rows({}, 4).empty());
}

TEST(DoctorSummary, CountsFindings) {
  const Diagnosis found = of(with_line(word_list(2000), 7, "zo\xEB"));
  EXPECT_EQ(findings_of(found.findings, Severity::error), 1U);
  EXPECT_STREQ(name_of(Severity::error), "error");
  EXPECT_EQ(findings_of(found.findings, Severity::error) +
                findings_of(found.findings, Severity::warning) +
                findings_of(found.findings, Severity::note),
            found.findings.size());
}

TEST(DoctorSummary, JsonIsOneLineAndKeepsWhatCanBeReadOfAName) {
  const Diagnosis found = diagnose(with_line(word_list(60), 7, "zoë"), "a\xFF.txt", {});
  const std::string line = json_of(found);
  EXPECT_EQ(line.find('\n'), line.npos);
  const Json record = Json::parse(line);
  EXPECT_EQ(record["source"], "a\uFFFD.txt");
  EXPECT_EQ(record["format"], "lines");
  EXPECT_EQ(record["lines"], 61);
  EXPECT_EQ(record["split"]["train"], found.parts->train);
  EXPECT_EQ(record["findings"].size(), found.findings.size());
  const Json last = record["alphabet"].back();
  EXPECT_EQ(last, (Json{{"character", "ë"}, {"code", "U+00EB"}, {"count", 1}}));
}

}  // namespace
}  // namespace wavenet::data
