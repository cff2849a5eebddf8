// What several verbs begin with: words by flag, a model by path, threads by default.
#pragma once

#include <memory>
#include <string>

#include "wavenet/data/words.h"
#include "wavenet/models/model.h"
#include "wavenet/train/checkpoint.h"

namespace cli {

struct OpenModel {
  wavenet::train::Checkpoint saved;
  std::unique_ptr<wavenet::models::Model> model;
};

// Reads the file, builds its recipe's model and loads the weights.
OpenModel open_model(const std::string& path);

// The embedded names for "", else a file or "-".
wavenet::data::Words open_words(const std::string& data);

// The words a model was trained on, or those of `data` when given; says on stderr when the words
// differ from the training's.
wavenet::data::Words open_words_of(const wavenet::train::Checkpoint& saved,
                                   const std::string& data);

int threads_or_all(int threads);

}  // namespace cli
