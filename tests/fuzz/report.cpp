// Any bytes as the records and the card of a run that a report is made of.
#include "tests/fuzz/fuzz.h"
#include "wavenet/log/history.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::may_refuse([&] {
    History records;
    add_lines(text, "input", records);
    fuzz::expect(records.windows.size() <= size);
  });
  fuzz::may_refuse([&] { parse_run_info(text, "input"); });
  return 0;
}
