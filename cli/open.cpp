#include "cli/open.h"

#include <iostream>
#include <thread>

#include "cli/say.h"
#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/data/audio/chosen.h"

namespace cli {

using namespace wavenet;

namespace {

// What a verb is to read: `data`, or where that is empty what the model was trained on.
data::File data_for(const train::Checkpoint& saved, const std::string& data) {
  check(!data.empty() || saved.data_source != "-",
        "the model was trained on words from standard input; name them with --data");
  require_data_of_run(data, saved);
  return file_of(data.empty() ? saved.data_source : data);
}

}  // namespace

data::File file_of(const std::string& path) {
  return path == "-"
             ? data::File::of_bytes("stdin", read_stream(std::cin, data::kMaxTextBytes, "stdin"))
             : data::File(path);
}

data::Source open_source_of(const train::Checkpoint& saved, const std::string& data) {
  return data::read_source(saved.recipe, data_for(saved, data));
}

std::shared_ptr<const data::Dataset> open_data_of(const train::Checkpoint& saved,
                                                  const std::string& data) {
  auto opened = data::open(saved.recipe, data_for(saved, data),
                           {.split_seed = saved.split_seed, .codec = saved.codec});
  if (opened->fingerprint() != saved.data_fingerprint) {
    say::warning(fmt::format("{} is not the data that the model was trained on", opened->source()));
  }
  return opened;
}

void require_data_of_run(const std::string& data, const train::Checkpoint& saved) {
  const std::string& source = saved.data_source;
  if (!data.empty() || source.empty() || source == "-") {
    return;
  }
  for (const std::string& path : data::paths_of(source)) {
    check(std::filesystem::exists(path),
          "{}: no such file here; the run was begun with it, and --data says where it is now",
          path);
  }
}

void warn_of_skipped_samples(const models::Model& model) {
  const std::string warning = models::skipped_samples(models::stack_of(model.wiring()));
  if (!warning.empty()) {
    say::warning(warning);
  }
}

int threads_or_all(int threads) {
  return threads > 0 ? threads
                     : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace cli
