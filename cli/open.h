// What several verbs begin with: the data of a trained model, threads by default.
#pragma once

#include <string>

#include "wavenet/data/dataset.h"
#include "wavenet/data/text/source.h"
#include "wavenet/run/open.h"

namespace cli {

// The data a model was trained on, or `data` when given, split as for it; says on stderr when it
// differs from the training's.
std::shared_ptr<const wavenet::data::Dataset> open_data_of(const wavenet::train::Checkpoint& saved,
                                                           const std::string& data);

// The same before it is split.
wavenet::data::Source open_source_of(const wavenet::train::Checkpoint& saved,
                                     const std::string& data);

// On stderr, where a WaveNet's dilations leave characters of the past unseen.
void warn_of_skipped_samples(const wavenet::models::Model& model);

// Throws Error where the run's own data is asked for, `data` being empty, and its file is gone.
void require_data_of_run(const std::string& data, const wavenet::train::Checkpoint& saved);

// `path`, or what standard input holds where that is "-".
wavenet::data::File file_of(const std::string& path);

int threads_or_all(int threads);

}  // namespace cli
