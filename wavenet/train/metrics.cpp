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

}  // namespace

std::string records_up_to(std::string_view lines, std::int64_t steps_done,
                          const std::string& name) {
  std::string kept;
  for (std::size_t end; (end = lines.find('\n')) != lines.npos; lines.remove_prefix(end + 1)) {
    const std::string_view line = lines.substr(0, end + 1);
    check(line.size() <= kMaxLineBytes, "{}: a line of {} bytes; at most {} are read", name,
          line.size(), kMaxLineBytes);
    const auto record = nlohmann::json::parse(line, nullptr, false);
    check(record.is_object() && record.contains("step") && record["step"].is_number_integer(),
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
  const bool kept = steps_done > 0 && std::filesystem::exists(path);
  write_file_atomically(
      path, kept ? records_up_to(read_file(path, kMaxMetricsBytes), steps_done, path_) : "");
  open();
}

Metrics::Metrics(const std::filesystem::path& path) : path_(path.string()) { open(); }

void Metrics::open() {
  file_.open(path_, std::ios::app);
  check(file_.is_open(), "{}: cannot be written", path_);
}

void Metrics::step(std::int64_t step, double loss, double rate) {
  line(Json{{"step", step}, {"loss", loss}, {"lr", rate}}.dump());
}

void Metrics::evaluation(std::int64_t steps, const std::string& split, double loss) {
  line(Json{{"step", steps}, {"split", split}, {"loss", loss}}.dump());
}

void Metrics::layer(std::int64_t step, const LayerRecord& record) {
  Json json{{"step", step},
            {"layer", record.layer},
            {"kind", record.kind},
            {"activation", json_of(record.activation)}};
  if (record.gradient) {
    json["gradient"] = json_of(*record.gradient);
  }
  if (record.saturated) {
    json["saturated"] = *record.saturated;
  }
  if (record.dead) {
    json["dead"] = *record.dead;
  }
  line(json.dump());
}

void Metrics::parameter(std::int64_t step, const ParameterRecord& record) {
  line(Json{{"step", step},
            {"parameter", record.parameter},
            {"std", record.std},
            {"gradient_std", record.gradient_std},
            {"update_ratio", record.update_ratio}}
           .dump());
}

void Metrics::norm(std::int64_t step, const NormRecord& record) {
  line(Json{
      {"step", step}, {"norm", record.norm}, {"mean", record.mean}, {"variance", record.variance}}
           .dump());
}

void Metrics::samples(std::int64_t steps, std::span<const Sample> samples) {
  Json list = Json::array();
  for (const Sample& sample : samples) {
    Json& entry = list.emplace_back(Json{{"text", sample.text}});
    if (sample.known) {
      entry["known"] = *sample.known;
    }
  }
  line(Json{{"step", steps}, {"samples", list}}.dump());
}

void Metrics::verdict(std::int64_t steps, const Verdict& verdict) {
  line(Json{{"step", steps},
            {"verdict", verdict.name},
            {"because", verdict.because},
            {"try", verdict.advice}}
           .dump());
}

void Metrics::line(const std::string& text) {
  file_ << text << '\n';
  file_.flush();
  check(file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::train
