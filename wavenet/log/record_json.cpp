#include "wavenet/log/record_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "wavenet/base/base64.h"
#include "wavenet/base/check.h"
#include "wavenet/base/sample_rate.h"
#include "wavenet/log/fields.h"

namespace wavenet::logs {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr const char* kSteps = "steps_done";
// Up to version 0.1 a window and a look at layers named their last step, counted from 0, and all else
// the steps done.
constexpr const char* kOldStep = "step";

// --- writing ---

Ordered json_of(const Histogram& histogram) {
  return {{"low", histogram.low},
          {"high", histogram.high},
          {"counts", histogram.counts},
          {"mean", histogram.mean},
          {"std", histogram.std}};
}

Ordered json_of(const WindowRecord& window) {
  return {{kSteps, window.step}, {"loss", window.loss}, {"lr", window.rate}};
}

Ordered json_of(const Evaluation& evaluation) {
  return {{kSteps, evaluation.step}, {"split", evaluation.split}, {"loss", evaluation.loss}};
}

Ordered json_of(const LayerRecord& layer) {
  Ordered json{{kSteps, layer.step},
               {"layer", layer.name},
               {"kind", layer.kind},
               {"activation", json_of(layer.activation)}};
  if (layer.gradient) {
    json["gradient"] = json_of(*layer.gradient);
  }
  if (layer.saturated) {
    json["saturated"] = *layer.saturated;
  }
  if (layer.dead) {
    json["dead"] = *layer.dead;
  }
  return json;
}

Ordered json_of(const ParameterRecord& parameter) {
  return {{kSteps, parameter.step},
          {"parameter", parameter.name},
          {"std", parameter.std},
          {"gradient_std", parameter.gradient_std},
          {"update_ratio", parameter.update_ratio}};
}

Ordered json_of(const NormRecord& norm) {
  return {
      {kSteps, norm.step}, {"norm", norm.name}, {"mean", norm.mean}, {"variance", norm.variance}};
}

Ordered json_of(const SampleRecord& drawn) {
  Ordered list = Ordered::array();
  for (const Sample& sample : drawn.samples) {
    Ordered& entry = list.emplace_back(Ordered{{"text", sample.text}});
    if (sample.known) {
      entry["known"] = *sample.known;
    }
  }
  return {{kSteps, drawn.step}, {"samples", list}};
}

void check_sound(const SoundRecord& sound, const std::string& place) {
  check_intact(sound.rate >= 1 && sound.rate <= kMaxSampleRate,
               "{}: \"rate\" must be 1 to {} samples a second, got {}", place, kMaxSampleRate,
               sound.rate);
  check_intact(sound.bits == 8 || sound.bits == 16, "{}: \"bits\" must be 8 or 16, got {}", place,
               sound.bits);
  check_intact(
      std::ssize(sound.codes) <= kMaxSoundBytes && std::ssize(sound.codes) % (sound.bits / 8) == 0,
      "{}: a sound of {} bytes; a record has at most {}, and {} to a sample", place,
      sound.codes.size(), kMaxSoundBytes, sound.bits / 8);
}

Ordered json_of(const SoundRecord& sound) {
  check_sound(sound, "record of " + logs::quoted(sound.name));
  Ordered json{{kSteps, sound.step}, {"sound", sound.name}, {"rate", sound.rate}};
  if (sound.bits != 8) {
    json["bits"] = sound.bits;
  }
  json["codes"] = to_base64(sound.codes);
  return json;
}

Ordered json_of(const FileLossRecord& record) {
  Ordered list = Ordered::array();
  for (const FileLossRecord::File& file : record.files) {
    list.push_back({{"name", file.name}, {"loss", file.loss}, {"samples", file.samples}});
  }
  return {{kSteps, record.step}, {"files", list}, {"of", record.split}};
}

Ordered json_of(const CodesRecord& codes) {
  return {{kSteps, codes.step}, {"counts", codes.counts}, {"of", codes.of}};
}

Ordered json_of(const Verdict& verdict) {
  return {{kSteps, verdict.step},
          {"verdict", verdict.name},
          {"because", verdict.because},
          {"try", verdict.advice}};
}

// --- reading ---

bool is_of_a_step(const Fields& fields) {
  constexpr std::array kKeys{"split", "samples", "verdict"};
  return std::none_of(kKeys.begin(), kKeys.end(), [&](const char* key) { return fields.has(key); });
}

std::int64_t steps_of(const Fields& fields) {
  return fields.has(kSteps) ? fields.integer(kSteps)
                            : fields.integer(kOldStep) + (is_of_a_step(fields) ? 1 : 0);
}

Histogram histogram_of(const Fields& fields) {
  return {.low = fields.number("low"),
          .high = fields.number("high"),
          .counts = fields.integers("counts"),
          .mean = fields.number("mean"),
          .std = fields.number("std")};
}

LayerRecord layer_of(const Fields& fields) {
  LayerRecord layer{.step = steps_of(fields),
                    .name = fields.name("layer"),
                    .kind = fields.name("kind"),
                    .activation = histogram_of(fields.object("activation")),
                    .gradient = {},
                    .saturated = fields.number_if("saturated"),
                    .dead = fields.number_if("dead")};
  if (fields.has("gradient")) {
    layer.gradient = histogram_of(fields.object("gradient"));
  }
  return layer;
}

Spread spread_of(const Fields& fields, const char* key) {
  const std::vector<double> values = fields.numbers(key);
  check_intact(values.size() == 3, "{}: {} must hold lowest, median and highest, got {} numbers",
               fields.place(), quoted(key), values.size());
  return {values[0], values[1], values[2]};
}

SampleRecord samples_of(const Fields& fields) {
  SampleRecord record{.step = steps_of(fields), .samples = {}};
  for (const Fields& sample : fields.objects("samples")) {
    record.samples.push_back({sample.text("text"), sample.boolean_if("known")});
  }
  return record;
}

SoundRecord sound_of(const Fields& fields) {
  SoundRecord sound{.step = steps_of(fields),
                    .name = fields.text("sound"),
                    .rate = fields.integer("rate"),
                    .codes = from_base64(fields.text("codes"), fields.place() + ": \"codes\""),
                    .bits = fields.integer_or("bits", 8)};
  check_sound(sound, fields.place());
  return sound;
}

FileLossRecord file_losses_of(const Fields& fields) {
  FileLossRecord record{.step = steps_of(fields), .split = fields.name("of")};
  for (const Fields& file : fields.objects("files")) {
    record.files.push_back({file.text("name"), file.number("loss"), file.integer("samples")});
  }
  return record;
}

std::optional<Record> record_of(const Fields& fields) {
  if (fields.has("layer")) {
    return layer_of(fields);
  }
  if (fields.has("parameter")) {
    return ParameterRecord{.step = steps_of(fields),
                           .name = fields.name("parameter"),
                           .std = fields.number("std"),
                           .gradient_std = fields.number("gradient_std"),
                           .update_ratio = fields.number("update_ratio")};
  }
  if (fields.has("norm")) {
    return NormRecord{.step = steps_of(fields),
                      .name = fields.name("norm"),
                      .mean = spread_of(fields, "mean"),
                      .variance = spread_of(fields, "variance")};
  }
  if (fields.has("samples")) {
    return samples_of(fields);
  }
  if (fields.has("sound")) {
    return sound_of(fields);
  }
  if (fields.has("files")) {
    return file_losses_of(fields);
  }
  if (fields.has("counts")) {
    return CodesRecord{
        .step = steps_of(fields), .of = fields.name("of"), .counts = fields.integers("counts")};
  }
  if (fields.has("verdict")) {
    return Verdict{.step = steps_of(fields),
                   .name = fields.text("verdict"),
                   .because = fields.text("because"),
                   .advice = fields.text("try")};
  }
  if (fields.has("split")) {
    return Evaluation{
        .step = steps_of(fields), .split = fields.name("split"), .loss = fields.number("loss")};
  }
  if (fields.has("loss")) {
    return WindowRecord{
        .step = steps_of(fields), .loss = fields.number("loss"), .rate = fields.number("lr")};
  }
  return std::nullopt;
}

// Reads `word` and the number after it off the front of `line`.
template <class Number>
bool take(std::string_view& line, std::string_view word, Number& number) {
  if (!line.starts_with(word)) {
    return false;
  }
  line.remove_prefix(word.size());
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), number);
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return problem == std::errc();
}

// Nearly all lines of a run that logs each step are windows as the trainer spells them, and need no
// parser. Whatever is spelt otherwise, or is out of range, is left to it.
bool is_window(std::string_view line, WindowRecord& window) {
  constexpr double kLargest = 1e30;
  return take(line, "{\"steps_done\":", window.step) && take(line, ",\"loss\":", window.loss) &&
         take(line, ",\"lr\":", window.rate) && line == "}" && window.step >= 0 &&
         window.step <= kMaxCount && std::abs(window.loss) < kLargest &&
         std::abs(window.rate) < kLargest;
}

Json parsed(std::string_view line, const std::string& place) {
  check_intact(line.size() <= kMaxLineBytes, "{}: {} bytes, a record has at most {}", place,
               line.size(), kMaxLineBytes);
  return parse_json(line, place);
}

}  // namespace

std::string line_of(const Record& record) {
  // A file's name may be of any bytes.
  return std::visit([](const auto& told) { return json_of(told); }, record)
      .dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

std::optional<Record> record_of(std::string_view line, const std::string& place) {
  if (WindowRecord window; is_window(line, window)) {
    return window;
  }
  const Json record = parsed(line, place);
  return record_of(Fields(record, place));
}

std::int64_t steps_done_at(std::string_view line, const std::string& place) {
  if (WindowRecord window; is_window(line, window)) {
    return window.step;
  }
  const Json record = parsed(line, place);
  return steps_of(Fields(record, place));
}

bool begins_a_log(std::string_view text) {
  return text.starts_with("{\"steps_done\":") || text.starts_with("{\"step\":");
}

}  // namespace wavenet::logs
