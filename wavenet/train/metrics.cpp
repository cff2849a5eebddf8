#include "wavenet/train/metrics.h"

#include <nlohmann/json.hpp>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"

namespace wavenet::train {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 30;

// The lines up to a step; a last line cut short by a kill is dropped.
std::string lines_up_to(const std::filesystem::path& path, std::int64_t steps_done) {
  const std::string text = read_file(path, kMaxBytes);
  std::string kept;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::string line = text.substr(start, end - start + 1);
    const auto record = nlohmann::json::parse(line, nullptr, false);
    check(record.is_object() && record.contains("step") && record["step"].is_number_integer(),
          "{}: a line is no record of a step", path.string());
    const bool evaluation = record.contains("split");
    if (record["step"].get<std::int64_t>() < steps_done + (evaluation ? 1 : 0)) {
      kept += line;
    }
  }
  return kept;
}

}  // namespace

Metrics::Metrics(const std::filesystem::path& path, std::int64_t steps_done)
    : path_(path.string()) {
  const bool kept = steps_done > 0 && std::filesystem::exists(path);
  write_file_atomically(path, kept ? lines_up_to(path, steps_done) : std::string());
  open();
}

Metrics::Metrics(const std::filesystem::path& path) : path_(path.string()) { open(); }

void Metrics::open() {
  file_.open(path_, std::ios::app);
  check(file_.is_open(), "{}: cannot be written", path_);
}

void Metrics::step(std::int64_t step, double loss, double rate) {
  line(nlohmann::ordered_json{{"step", step}, {"loss", loss}, {"lr", rate}}.dump());
}

void Metrics::evaluation(std::int64_t steps, const std::string& split, double loss) {
  line(nlohmann::ordered_json{{"step", steps}, {"split", split}, {"loss", loss}}.dump());
}

void Metrics::line(const std::string& text) {
  file_ << text << '\n';
  file_.flush();
  check(file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::train
