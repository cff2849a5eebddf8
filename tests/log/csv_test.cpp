#include "wavenet/train/metrics_csv.h"

#include <cmath>

#include "tests/folder.h"
#include "wavenet/train/metrics.h"

namespace wavenet::train {
namespace {

namespace fs = std::filesystem;

using MetricsTable = InFolder;

TEST(CsvOf, ARecordIsARowAndAKeyAColumn) {
  EXPECT_EQ(csv_of(""), "step,split,loss,lr\r\n");
  EXPECT_EQ(csv_of("{\"step\":9,\"loss\":2.5,\"lr\":0.1}\n"
                   "{\"step\":10,\"split\":\"val\",\"loss\":2.25}\n"
                   "{\"step\":10,\"samples\":[]}\n"
                   "{\"step\":19,\"loss\":null,\"lr\":1e-05}\n"),
            "step,split,loss,lr\r\n9,,2.5,0.1\r\n10,val,2.25,\r\n19,,,1e-05\r\n");
}

// RFC 4180: a field with a comma, a quote or a line's end stands in quotes; quotes are doubled.
TEST(CsvOf, QuotesWhatWouldSplitARow) {
  EXPECT_EQ(csv_of("{\"step\":1,\"split\":\"a,\\\"b\\\"\\n\",\"loss\":1}\n"),
            "step,split,loss,lr\r\n1,\"a,\"\"b\"\"\n\",1,\r\n");
}

TEST_F(MetricsTable, GoesOnInStepWithTheLog) {
  const fs::path log = folder_ / "metrics.jsonl";
  const fs::path table = folder_ / "metrics.csv";
  {
    Metrics metrics(log, 0);
    MetricsCsv csv(table, log);
    metrics.write(WindowRecord{9, 2.5, 0.1});
    csv.write(WindowRecord{9, 2.5, 0.1});
    metrics.write(Evaluation{10, "val", 2.0});
    csv.write(Evaluation{10, "val", 2.0});
    metrics.write(WindowRecord{19, 1e-7, 0.01});
    csv.write(WindowRecord{19, 1e-7, 0.01});
  }
  const std::string ten = "step,split,loss,lr\r\n9,,2.5,0.1\r\n10,val,2.0,\r\n";
  const std::string twenty = ten + "19,,1e-07,0.01\r\n";
  EXPECT_EQ(content_of(table), twenty);
  EXPECT_EQ(csv_of(content_of(log)), twenty);
  const Metrics metrics(log, 10);
  MetricsCsv csv(table, log);
  EXPECT_EQ(content_of(table), ten);
  csv.write(WindowRecord{19, 1e-7, 0.01});
  EXPECT_EQ(content_of(table), twenty);
}

// As csv_of has it for the same lines: null is an empty field, and a verdict is no loss.
TEST_F(MetricsTable, SpellsARecordAsTheLogsLineWouldBe) {
  const fs::path log = folder_ / "metrics.jsonl";
  const fs::path table = folder_ / "metrics.csv";
  Metrics metrics(log, 0);
  MetricsCsv csv(table, log);
  for (const Record& record :
       {Record(WindowRecord{9, -HUGE_VAL, 0.1}), Record(Verdict{10, "dead", "", ""})}) {
    metrics.write(record);
    csv.write(record);
  }
  EXPECT_EQ(content_of(table), "step,split,loss,lr\r\n9,,,0.1\r\n");
  EXPECT_EQ(csv_of(content_of(log)), content_of(table));
}

}  // namespace
}  // namespace wavenet::train
