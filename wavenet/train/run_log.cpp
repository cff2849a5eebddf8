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

void RunLog::step(std::int64_t step, double loss, double rate) {
  metrics_.step(step, loss, rate);
  csv_.step(step, loss, rate);
  events_.scalar("loss/minibatches", step + 1, loss);
  events_.scalar("learning_rate", step + 1, rate);
}

void RunLog::evaluation(std::int64_t steps, const std::string& split, double loss) {
  metrics_.evaluation(steps, split, loss);
  csv_.evaluation(steps, split, loss);
  events_.scalar("loss/" + split, steps, loss);
}

void RunLog::layer(std::int64_t step, const LayerRecord& record) {
  details_.layer(step, record);
  events_.histogram("activations/" + record.layer, step + 1, record.activation);
  if (record.gradient) {
    events_.histogram("gradients/" + record.layer, step + 1, *record.gradient);
  }
  if (record.saturated) {
    events_.scalar("saturated/" + record.layer, step + 1, *record.saturated);
  }
  if (record.dead) {
    events_.scalar("dead/" + record.layer, step + 1, *record.dead);
  }
}

void RunLog::parameter(std::int64_t step, const ParameterRecord& record) {
  details_.parameter(step, record);
  events_.scalar("std/" + record.parameter, step + 1, record.std);
  events_.scalar("gradient_std/" + record.parameter, step + 1, record.gradient_std);
  events_.scalar("update_ratio/" + record.parameter, step + 1, record.update_ratio);
}

void RunLog::norm(std::int64_t step, const NormRecord& record) {
  details_.norm(step, record);
  constexpr std::array kOrder{"lowest", "median", "highest"};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    const std::string tag = fmt::format("{}/{}", record.norm, kOrder[i]);
    events_.scalar("running_mean/" + tag, step + 1, record.mean[i]);
    events_.scalar("running_variance/" + tag, step + 1, record.variance[i]);
  }
}

void RunLog::samples(std::int64_t steps, std::span<const Sample> samples) {
  details_.samples(steps, samples);
  std::vector<std::string> rows;
  for (const Sample& sample : samples) {
    rows.push_back(row_of(sample));
  }
  events_.text("samples", steps, rows);
}

void RunLog::verdict(std::int64_t steps, const Verdict& verdict) {
  details_.verdict(steps, verdict);
  const std::string text =
      fmt::format("**{}**: {}. Try {}.", verdict.name, verdict.because, verdict.advice);
  events_.text("verdict", steps, std::array{text});
}

}  // namespace wavenet::train
