#include "wavenet/data/dataset.h"

#include "wavenet/base/sample_rate.h"
#include "wavenet/data/audio/mu_law.h"
#include "wavenet/data/audio/pairs.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/data/audio/sounds.h"
#include "wavenet/data/text/corpus.h"
#include "wavenet/sound/strings.h"

namespace wavenet::data {

const std::vector<std::string>& Dataset::notes() const {
  static const std::vector<std::string> none;
  return none;
}

std::vector<NamedPass> Dataset::passes(const std::string&, const PassOptions&) const { return {}; }

std::vector<Record> Dataset::shown() const { return {}; }

std::unique_ptr<Pass> Dataset::heard(const PassOptions&) const { return nullptr; }

const std::vector<Sequence>& Dataset::sequences(const std::string&) const {
  fail_usage("{}: a model that counts needs data that is in memory as a whole", source());
}

std::optional<Overlap> Dataset::overlap(const std::string&) const { return std::nullopt; }

std::function<bool(const Sequence& drawn)> Dataset::recogniser() const { return {}; }

std::shared_ptr<const Codec> usual_codec(const Config& recipe) {
  if (reads_sound(recipe)) {
    return std::make_shared<const MuLaw>(
        recipe.integer_or("data.sample_rate", sound::kNotesRate, 1, kMaxSampleRate));
  }
  if (reads_pairs(recipe)) {
    return std::make_shared<const SampleCodec>(SampleCodec::kUsualRate);
  }
  return std::make_shared<const Vocabulary>(embedded_names().words);
}

Registry<DatasetMaker>& datasets() {
  static Registry<DatasetMaker> formats{{"lines", open_text},
                                        {"text", open_text},
                                        {"sound", open_sounds},
                                        {"notes", open_notes},
                                        {"pairs", open_pairs}};
  return formats;
}

std::shared_ptr<const Dataset> open(const Config& recipe, const File& file,
                                    const OpenOptions& options) {
  return datasets().of(recipe, "data.format")(recipe, file, options);
}

}  // namespace wavenet::data
