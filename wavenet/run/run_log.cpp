#include "wavenet/run/run_log.h"

#include <array>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/sound/wav_bytes.h"

namespace wavenet::run {
namespace {

// Markdown of a text as it stands, line by line.
std::string as_code(std::string_view text) {
  std::string code = "    ";
  for (char c : text) {
    code += c == '\n' ? "\n    " : std::string(1, c);
  }
  return code;
}

std::string row_of(const Sample& sample) {
  return as_code(sample.text) + (sample.known.value_or(false) ? "\n\n(in the training data)" : "");
}

void add(io::EventWriter& events, const WindowRecord& window) {
  events.scalar("loss/minibatches", window.step, window.loss);
  events.scalar("learning_rate", window.step, window.rate);
}

void add(io::EventWriter& events, const Evaluation& evaluation) {
  events.scalar("loss/" + evaluation.split, evaluation.step, evaluation.loss);
}

void add(io::EventWriter& events, const LayerRecord& layer) {
  events.histogram("activations/" + layer.name, layer.step, layer.activation);
  if (layer.gradient) {
    events.histogram("gradients/" + layer.name, layer.step, *layer.gradient);
  }
  if (layer.saturated) {
    events.scalar("saturated/" + layer.name, layer.step, *layer.saturated);
  }
  if (layer.dead) {
    events.scalar("dead/" + layer.name, layer.step, *layer.dead);
  }
}

void add(io::EventWriter& events, const ParameterRecord& parameter) {
  events.scalar("std/" + parameter.name, parameter.step, parameter.std);
  events.scalar("gradient_std/" + parameter.name, parameter.step, parameter.gradient_std);
  events.scalar("update_ratio/" + parameter.name, parameter.step, parameter.update_ratio);
}

void add(io::EventWriter& events, const NormRecord& norm) {
  constexpr std::array kOrder{"lowest", "median", "highest"};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    const std::string tag = fmt::format("{}/{}", norm.name, kOrder[i]);
    events.scalar("running_mean/" + tag, norm.step, norm.mean[i]);
    events.scalar("running_variance/" + tag, norm.step, norm.variance[i]);
  }
}

void add(io::EventWriter& events, const SampleRecord& drawn) {
  std::vector<std::string> rows;
  for (const Sample& sample : drawn.samples) {
    rows.push_back(row_of(sample));
  }
  events.text("samples", drawn.step, rows);
}

// TensorBoard keeps no table of files, and codes are of no step.
void add(io::EventWriter&, const FileLossRecord&) {}
void add(io::EventWriter&, const CodesRecord&) {}

void add(io::EventWriter& events, const SoundRecord& heard) {
  events.audio("audio/" + heard.name, heard.step,
               sound::wav_of(heard.codes, heard.rate, heard.bits));
}

void add(io::EventWriter& events, const Verdict& verdict) {
  const std::string text =
      fmt::format("**{}**: {}. Try {}.", verdict.name, verdict.because, verdict.advice);
  events.text("verdict", verdict.step, std::array{text});
}

}  // namespace

RunLog::RunLog(const std::filesystem::path& folder, std::int64_t steps_done)
    : metrics_(folder / "metrics.jsonl", steps_done),
      details_(folder / "details.jsonl", steps_done),
      csv_(folder / "metrics.csv", folder / "metrics.jsonl"),
      events_(folder, steps_done) {}

void RunLog::write(const Record& record) {
  const bool loss =
      std::holds_alternative<WindowRecord>(record) || std::holds_alternative<Evaluation>(record);
  if (loss) {
    metrics_.write(record);
    csv_.write(record);
  } else {
    details_.write(record);
  }
  std::visit([this](const auto& told) { add(events_, told); }, record);
}

}  // namespace wavenet::run
