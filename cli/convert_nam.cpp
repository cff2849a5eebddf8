#include "cli/convert_nam.h"

#include <cmath>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/json_line.h"
#include "cli/say.h"
#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/nam/shapes.h"
#include "wavenet/nam/write.h"
#include "wavenet/run/nam_file.h"
#include "wavenet/sound/read.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

constexpr std::int64_t kReferenceRate = 48'000;
// Of the noise that models are commonly measured with; values by another are not comparable.
constexpr double kReferenceRms = -14.968;  // dB
constexpr double kNearly = 0.01;           // dB

bool begins_a_nam(std::string_view beginning) {
  const std::size_t first = beginning.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && beginning[first] == '{';
}

fs::path amplifier_place(const ConvertArguments& arguments) {
  fs::path out = arguments.out.empty()
                     ? train::model_path(arguments.model).parent_path() / "model.nam"
                     : fs::path(arguments.out);
  if (!fs::exists(status_of(out))) {
    return out;
  }
  check_as(ErrorKind::io, fs::is_regular_file(status_of(out)),
           "{}: cannot be written: is no regular file", out.string());
  require_own_file(out, ".nam file", begins_a_nam);
  check(arguments.overwrite,
        "{}: already there; replace it with --overwrite, or choose another --out", out.string());
  return out;
}

std::vector<float> reference_of(const std::string& path) {
  if (path.empty()) {
    return {};
  }
  const sound::Facts facts = sound::look(path);
  check(facts.rate == kReferenceRate && facts.channels == 1,
        "{}: the noise must be one channel of {} samples a second, got {} of {}", path,
        kReferenceRate, facts.channels, facts.rate);
  std::vector<float> noise = sound::read_all(path);
  check(std::ssize(noise) == kReferenceRate, "{}: the noise must last one second, got {} samples",
        path, noise.size());
  double sum = 0;
  for (const float x : noise) {
    sum += static_cast<double>(x) * static_cast<double>(x);
  }
  const double rms = 10 * std::log10(sum / static_cast<double>(noise.size()));
  if (std::abs(rms - kReferenceRms) > kNearly) {
    say::warning(
        fmt::format("{}: an RMS of {:.3f} dB is not that of the noise in common use, {:.3f}: "
                    "loudness and gain compare only with models measured with it too",
                    path, rms, kReferenceRms));
  }
  return noise;
}

}  // namespace

int convert_to_nam(const ConvertArguments& arguments) {
  const run::State opened = run::open(arguments.model);
  const std::vector<float> noise = reference_of(arguments.reference);
  const std::optional<nam::Model> amplifier =
      run::as_nam(opened, {.date = std::time(nullptr), .noise = noise});
  if (!amplifier) {
    fail_usage("convert: only an amplifier becomes a .nam file, {} holds a model of kind '{}'",
               train::model_path(arguments.model).string(), opened.saved.recipe.text("model.kind"));
  }
  const nam::Form form = arguments.plain ? nam::Form::plain : nam::Form::current;
  if (arguments.out == "-") {
    check_usage(!arguments.json,
                "--out -: the model takes standard output, so --json does not fit");
    fmt::print("{}", nam::text_of(*amplifier, form));
    return 0;
  }
  const fs::path out = amplifier_place(arguments);
  nam::write(out, *amplifier, form);
  const std::int64_t parameters = opened.model->parameter_count();
  const std::int64_t field = nam::receptive_field(*amplifier);
  const nam::Metadata& metadata = amplifier->metadata;
  if (arguments.json) {
    nlohmann::ordered_json record{
        {"model", out.string()}, {"parameters", parameters}, {"receptive_field", field}};
    if (metadata.loudness) {
      record["loudness"] = *metadata.loudness;
      record["gain"] = *metadata.gain;
    }
    fmt::print("{}", json_line(record));
    return 0;
  }
  fmt::print("{}: {} parameters, {} samples seen; {}\n", out.string(), parameters, field,
             metadata.loudness ? fmt::format("loudness {:.2f} dB, gain {:.2f}", *metadata.loudness,
                                             *metadata.gain)
                               : "without loudness and gain, as no --reference noise is given");
  return 0;
}

}  // namespace cli
