#include "wavenet/data/dataset.h"

#include "wavenet/data/text/corpus.h"

namespace wavenet::data {

const std::vector<Sequence>& Dataset::sequences(const std::string&) const {
  fail_usage("{}: a model that counts needs data that is in memory as a whole", source());
}

std::optional<Overlap> Dataset::overlap(const std::string&) const { return std::nullopt; }

std::function<bool(const Sequence& drawn)> Dataset::recogniser() const { return {}; }

Registry<DatasetMaker>& datasets() {
  static Registry<DatasetMaker> formats{{"lines", open_text}, {"text", open_text}};
  return formats;
}

std::shared_ptr<const Dataset> open(const Config& recipe, const File& file,
                                    const OpenOptions& options) {
  return datasets().of(recipe, "data.format")(recipe, file, options);
}

}  // namespace wavenet::data
