// wavenet capture: what an amplifier is to be played, so that a model can be trained on the recording.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/wav_file.h"
#include "wavenet/sound/test_signal.h"
#include "wavenet/sound/write.h"

namespace cli {

using namespace wavenet;

namespace {

void print_plan() {
  for (const auto& [name, begin, end] : sound::signal_parts()) {
    fmt::print("  {:>6.1f} to {:>5.1f} s  {}\n", static_cast<double>(begin) / sound::kSignalRate,
               static_cast<double>(end) / sound::kSignalRate, name);
  }
}

}  // namespace

int capture(const CaptureArguments& arguments) {
  require_wav_name(arguments.out);
  require_replaceable(arguments.out, arguments.overwrite);
  const std::vector<float> samples = sound::test_signal();
  sound::write_wav(arguments.out, samples, sound::kSignalRate,
                   arguments.sample == "int24" ? sound::Sample::int24 : sound::Sample::float32);
  if (arguments.json) {
    const nlohmann::ordered_json record{
        {"file", arguments.out}, {"sample_rate", sound::kSignalRate}, {"samples", samples.size()}};
    fmt::print("{}", json_line(record));
    return 0;
  }
  fmt::print("{}: {} s at {} samples a second, mono, {}\n", arguments.out,
             sound::kSignalSamples / sound::kSignalRate, sound::kSignalRate, arguments.sample);
  print_plan();
  fmt::print(
      "Play it into the amplifier, record what comes out as a mono file of the same rate, from "
      "the\n"
      "same moment on, without effects that vary in time; then: wavenet doctor {},OUT.wav\n",
      arguments.out);
  return 0;
}

}  // namespace cli
