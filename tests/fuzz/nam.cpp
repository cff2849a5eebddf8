// Any bytes as a .nam file, which is written and read again, and played where that is cheap.
#include "tests/fuzz/fuzz.h"
#include "wavenet/nam/file_order.h"
#include "wavenet/nam/read.h"
#include "wavenet/nam/reference.h"
#include "wavenet/nam/same.h"
#include "wavenet/nam/shapes.h"
#include "wavenet/nam/sizes.h"
#include "wavenet/nam/write.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nam::Model model;
  bool read = false;
  fuzz::may_refuse([&] {
    std::vector<std::string> notes;
    model = nam::parse(fuzz::text_of(data, size), "input", &notes);
    for (const std::string& note : notes) {
      fuzz::expect(note.find('\n') == note.npos);
    }
    read = true;
  });
  if (!read) {
    return 0;
  }
  fuzz::expect(nam::same(nam::parse(nam::text_of(model), "its own text"), model));
  fuzz::may_refuse([&] { nam::text_of(model, nam::Form::plain); });
  fuzz::may_refuse([&] { nam::weights_of(nam::at_size(model, 0)); });
  if (nam::settling(model) < 1'000 && nam::inputs(model) < 16) {
    const nam::Signal in(static_cast<std::size_t>(nam::inputs(model)), std::vector<double>(8));
    const nam::Signal out = nam::answer(model, in);
    fuzz::expect(static_cast<std::int64_t>(out.size()) == nam::outputs(model));
  }
  return 0;
}
