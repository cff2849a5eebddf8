#include "wavenet/train/metrics.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"

namespace wavenet::train {
namespace {

using Json = nlohmann::ordered_json;

// Far more than any record needs; a parsed line takes some ten times its length in memory.
constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;

// Most records name the last step done, counted from 0; these name how many steps were done.
bool counts_steps_done(const nlohmann::json& record) {
  constexpr std::array kKeys{"split", "samples", "verdict"};
  return std::any_of(kKeys.begin(), kKeys.end(),
                     [&](const char* key) { return record.contains(key); });
}

Json json_of(const Histogram& histogram) {
  return {{"low", histogram.low},
          {"high", histogram.high},
          {"counts", histogram.counts},
          {"mean", histogram.mean},
          {"std", histogram.std}};
}

Json json_of(const WindowRecord& window) {
  return {{"step", window.step}, {"loss", window.loss}, {"lr", window.rate}};
}

Json json_of(const Evaluation& evaluation) {
  return {{"step", evaluation.step}, {"split", evaluation.split}, {"loss", evaluation.loss}};
}

Json json_of(const LayerRecord& layer) {
  Json json{{"step", layer.step},
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

Json json_of(const ParameterRecord& parameter) {
  return {{"step", parameter.step},
          {"parameter", parameter.name},
          {"std", parameter.std},
          {"gradient_std", parameter.gradient_std},
          {"update_ratio", parameter.update_ratio}};
}

Json json_of(const NormRecord& norm) {
  return {
      {"step", norm.step}, {"norm", norm.name}, {"mean", norm.mean}, {"variance", norm.variance}};
}

Json json_of(const SampleRecord& drawn) {
  Json list = Json::array();
  for (const Sample& sample : drawn.samples) {
    Json& entry = list.emplace_back(Json{{"text", sample.text}});
    if (sample.known) {
      entry["known"] = *sample.known;
    }
  }
  return {{"step", drawn.step}, {"samples", list}};
}

Json json_of(const Verdict& verdict) {
  return {{"step", verdict.step},
          {"verdict", verdict.name},
          {"because", verdict.because},
          {"try", verdict.advice}};
}

}  // namespace

bool is_metrics(std::string_view beginning) { return beginning.starts_with("{\"step\":"); }

std::string line_of(const Record& record) {
  return std::visit([](const auto& told) { return json_of(told); }, record).dump();
}

std::string records_up_to(std::string_view lines, std::int64_t steps_done,
                          const std::string& name) {
  std::string kept;
  for (std::size_t end; (end = lines.find('\n')) != lines.npos; lines.remove_prefix(end + 1)) {
    const std::string_view line = lines.substr(0, end + 1);
    check_intact(line.size() <= kMaxLineBytes, "{}: a line of {} bytes; at most {} are read", name,
                 line.size(), kMaxLineBytes);
    const auto record = nlohmann::json::parse(line, nullptr, false);
    check_intact(
        record.is_object() && record.contains("step") && record["step"].is_number_integer(),
        "{}: a line is no record of a step", name);
    const auto step = record["step"].get<std::int64_t>();
    if (counts_steps_done(record) ? step <= steps_done : step < steps_done) {
      kept += line;
    }
  }
  return kept;
}

Metrics::Metrics(const std::filesystem::path& path, std::int64_t steps_done)
    : path_(path.string()) {
  const bool kept = steps_done > 0 && std::filesystem::exists(status_of(path));
  write_file_atomically(
      path, kept ? records_up_to(read_file(path, kMaxMetricsBytes), steps_done, path_) : "");
  file_.open(path_, std::ios::app);
  check_as(ErrorKind::io, file_.is_open(), "{}: cannot be written", path_);
}

void Metrics::write(const Record& record) {
  file_ << line_of(record) << '\n';
  file_.flush();
  check_as(ErrorKind::io, file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::train
