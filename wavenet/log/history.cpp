#include "wavenet/log/history.h"

#include <algorithm>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/folder_lock.h"
#include "wavenet/log/jsonl.h"
#include "wavenet/log/record_json.h"

namespace wavenet {
namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& folder) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(folder, ignored);
  return whole.filename().empty() ? folder.string() : whole.filename().string();
}

}  // namespace

void History::add(const Record& record) {
  const auto append = [&]<class Kind>(std::vector<Kind>& all) {
    if (const auto* told = std::get_if<Kind>(&record)) {
      all.push_back(*told);
    }
  };
  append(windows);
  append(evaluations);
  append(layers);
  append(parameters);
  append(norms);
  append(samples);
  append(sounds);
  append(file_losses);
  append(codes);
  append(verdicts);
}

std::int64_t History::steps_done() const {
  std::int64_t steps = windows.empty() ? 0 : windows.back().step;
  if (!evaluations.empty()) {
    steps = std::max(steps, evaluations.back().step);
  }
  return steps;
}

bool History::finished() const {
  const std::int64_t done = steps_done();
  const bool told = std::any_of(evaluations.begin(), evaluations.end(), [&](const Evaluation& e) {
    return e.split == "train" && e.step >= done;
  });
  return told || done >= info.steps;
}

void add_lines(std::string_view text, const std::string& file, History& history) {
  std::int64_t number = 0;
  std::size_t start = 0;
  // What stands after the last line's end was cut short.
  for (std::size_t end; (end = text.find('\n', start)) != text.npos; start = end + 1) {
    const std::string place = fmt::format("{}: line {}", file, ++number);
    if (const std::optional<Record> record =
            logs::record_of(text.substr(start, end - start), place)) {
      history.add(*record);
    }
  }
}

History read_history(const fs::path& folder) {
  History history;
  history.name = name_of(folder);
  history.running = FolderLock::is_held(folder);
  const fs::path metrics = folder / "metrics.jsonl";
  add_lines(read_file(metrics, logs::kMaxLogBytes), metrics.string(), history);
  const fs::path details = folder / "details.jsonl";
  if (fs::exists(status_of(details))) {
    add_lines(read_file(details, logs::kMaxLogBytes), details.string(), history);
  }
  const fs::path run = folder / "run.json";
  if (fs::exists(status_of(run))) {
    history.info = parse_run_info(read_file(run, kMaxRunInfoBytes), run.string());
  }
  return history;
}

}  // namespace wavenet
