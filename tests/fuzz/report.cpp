// Any bytes as the records and the card of a run that a report is made of.
#include "tests/fuzz/fuzz.h"
#include "wavenet/report/records.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::may_refuse([&] {
    report::Records records;
    report::parse_metrics(text, "input", records);
    fuzz::expect(records.windows.size() <= size);
  });
  fuzz::may_refuse([&] { report::parse_run(text, "input"); });
  return 0;
}
