#include "cli/open.h"

#include <thread>

#include "cli/say.h"
#include "wavenet/base/check.h"

namespace cli {

using namespace wavenet;

namespace {

void require_data(const std::string& data, const train::Checkpoint& saved) {
  check(!data.empty() || saved.data_source != "-",
        "the model was trained on words from standard input; name them with --data");
  require_data_of_run(data, saved);
}

}  // namespace

data::Source open_source_of(const train::Checkpoint& saved, const std::string& data) {
  require_data(data, saved);
  return data::read_source(saved.recipe, data.empty() ? saved.data_source : data);
}

data::Corpus open_corpus_of(const train::Checkpoint& saved, const std::string& data) {
  require_data(data, saved);
  data::Corpus corpus = data::open_corpus(saved.recipe, data.empty() ? saved.data_source : data,
                                          saved.split_seed, saved.vocabulary);
  if (corpus.fingerprint != saved.data_fingerprint) {
    say::warning(fmt::format(
        "{} is not the data that the model was trained on; the split differs too", corpus.source));
  }
  return corpus;
}

void require_data_of_run(const std::string& data, const train::Checkpoint& saved) {
  const std::string& source = saved.data_source;
  check(!data.empty() || source.empty() || source == "-" || std::filesystem::exists(source),
        "{}: no such file here; the run was begun with it, and --data says where it is now",
        source);
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
