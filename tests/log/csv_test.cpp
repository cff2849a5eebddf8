#include "wavenet/log/csv.h"

#include <cmath>

#include "tests/folder.h"
#include "wavenet/log/jsonl.h"

namespace wavenet::logs {
namespace {

namespace fs = std::filesystem;

using MetricsTable = InFolder;

TEST(CsvOf, ARecordIsARowAndAKeyAColumn) {
  EXPECT_EQ(csv_of("", "m"), "steps_done,split,loss,lr\r\n");
  EXPECT_EQ(csv_of("{\"steps_done\":10,\"loss\":2.5,\"lr\":0.1}\n"
                   "{\"steps_done\":10,\"split\":\"val\",\"loss\":2.25}\n"
                   "{\"steps_done\":10,\"samples\":[]}\n"
                   "{\"steps_done\":20,\"loss\":null,\"lr\":1e-05}\n",
                   "m"),
            "steps_done,split,loss,lr\r\n10,,2.5,0.1\r\n10,val,2.25,\r\n20,,,1e-05\r\n");
}

// RFC 4180: a field with a comma, a quote or a line's end stands in quotes; quotes are doubled.
TEST(CsvOf, QuotesWhatWouldSplitARow) {
  EXPECT_EQ(csv_of("{\"steps_done\":1,\"split\":\"a,\\\"b\\\"\\n\",\"loss\":1.0}\n", "m"),
            "steps_done,split,loss,lr\r\n1,\"a,\"\"b\"\"\n\",1.0,\r\n");
}

TEST_F(MetricsTable, GoesOnInStepWithTheLog) {
  const fs::path log = folder_ / "metrics.jsonl";
  const fs::path table = folder_ / "metrics.csv";
  {
    JsonLog metrics(log, 0);
    CsvLog csv(table, log);
    metrics.write(WindowRecord{10, 2.5, 0.1});
    csv.write(WindowRecord{10, 2.5, 0.1});
    metrics.write(Evaluation{10, "val", 2.0});
    csv.write(Evaluation{10, "val", 2.0});
    metrics.write(WindowRecord{20, 1e-7, 0.01});
    csv.write(WindowRecord{20, 1e-7, 0.01});
  }
  const std::string ten = "steps_done,split,loss,lr\r\n10,,2.5,0.1\r\n10,val,2.0,\r\n";
  const std::string twenty = ten + "20,,1e-07,0.01\r\n";
  EXPECT_EQ(content_of(table), twenty);
  EXPECT_EQ(csv_of(content_of(log), "m"), twenty);
  const JsonLog metrics(log, 10);
  CsvLog csv(table, log);
  EXPECT_EQ(content_of(table), ten);
  csv.write(WindowRecord{20, 1e-7, 0.01});
  EXPECT_EQ(content_of(table), twenty);
}

// As csv_of has it for the same lines: null is an empty field, and a verdict is no loss.
TEST_F(MetricsTable, SpellsARecordAsTheLogsLineWouldBe) {
  const fs::path log = folder_ / "metrics.jsonl";
  const fs::path table = folder_ / "metrics.csv";
  JsonLog metrics(log, 0);
  CsvLog csv(table, log);
  for (const Record& record :
       {Record(WindowRecord{10, -HUGE_VAL, 0.1}), Record(Verdict{10, "dead", "", ""})}) {
    metrics.write(record);
    csv.write(record);
  }
  EXPECT_EQ(content_of(table), "steps_done,split,loss,lr\r\n10,,,0.1\r\n");
  EXPECT_EQ(csv_of(content_of(log), "m"), content_of(table));
}

}  // namespace
}  // namespace wavenet::logs
