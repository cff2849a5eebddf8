#include "wavenet/train/run_log.h"

#include <array>
#include <vector>

#include "wavenet/base/check.h"

namespace wavenet::train {
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

}  // namespace

RunLog::RunLog(const std::filesystem::path& folder, std::int64_t steps_done)
    : metrics_(folder / "metrics.jsonl", steps_done),
      details_(folder / "details.jsonl", steps_done),
      csv_(folder / "metrics.csv", folder / "metrics.jsonl"),
      events_(folder, steps_done) {}

void RunLog::write(const WindowRecord& window) {
  metrics_.write(window);
  csv_.write(window);
  events_.scalar("loss/minibatches", window.step + 1, window.loss);
  events_.scalar("learning_rate", window.step + 1, window.rate);
}

void RunLog::write(const Evaluation& evaluation) {
  metrics_.write(evaluation);
  csv_.write(evaluation);
  events_.scalar("loss/" + evaluation.split, evaluation.step, evaluation.loss);
}

void RunLog::write(const LayerRecord& layer) {
  details_.write(layer);
  events_.histogram("activations/" + layer.name, layer.step + 1, layer.activation);
  if (layer.gradient) {
    events_.histogram("gradients/" + layer.name, layer.step + 1, *layer.gradient);
  }
  if (layer.saturated) {
    events_.scalar("saturated/" + layer.name, layer.step + 1, *layer.saturated);
  }
  if (layer.dead) {
    events_.scalar("dead/" + layer.name, layer.step + 1, *layer.dead);
  }
}

void RunLog::write(const ParameterRecord& parameter) {
  details_.write(parameter);
  events_.scalar("std/" + parameter.name, parameter.step + 1, parameter.std);
  events_.scalar("gradient_std/" + parameter.name, parameter.step + 1, parameter.gradient_std);
  events_.scalar("update_ratio/" + parameter.name, parameter.step + 1, parameter.update_ratio);
}

void RunLog::write(const NormRecord& norm) {
  details_.write(norm);
  constexpr std::array kOrder{"lowest", "median", "highest"};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    const std::string tag = fmt::format("{}/{}", norm.name, kOrder[i]);
    events_.scalar("running_mean/" + tag, norm.step + 1, norm.mean[i]);
    events_.scalar("running_variance/" + tag, norm.step + 1, norm.variance[i]);
  }
}

void RunLog::write(const SampleRecord& drawn) {
  details_.write(drawn);
  std::vector<std::string> rows;
  for (const Sample& sample : drawn.samples) {
    rows.push_back(row_of(sample));
  }
  events_.text("samples", drawn.step, rows);
}

void RunLog::write(const Verdict& verdict) {
  details_.write(verdict);
  const std::string text =
      fmt::format("**{}**: {}. Try {}.", verdict.name, verdict.because, verdict.advice);
  events_.text("verdict", verdict.step, std::array{text});
}

}  // namespace wavenet::train
