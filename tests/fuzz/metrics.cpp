// Any bytes as a metrics.jsonl that a run is resumed on.
#include "tests/fuzz/fuzz.h"
#include "wavenet/log/csv.h"
#include "wavenet/log/jsonl.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view lines = fuzz::text_of(data, size);
  fuzz::may_refuse([&] { logs::csv_of(lines, "input"); });
  fuzz::may_refuse([&] {
    const std::string kept = logs::records_up_to(lines, 10, "input");
    fuzz::expect(kept.size() <= size);
    fuzz::expect(logs::records_up_to(kept, 10, "what was kept") == kept);
  });
  return 0;
}
