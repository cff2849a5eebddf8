// The article as a list of steps, from three characters in one hidden layer to WaveNet, with a
// model that counts beside them. Each says how it is made, how it is trained and what it teaches.
//
//   for (const study::Step& step : study::steps(200'000)) {
//     if (step.kind == study::Kind::trained) { auto model = step.build(27, rng); ... }
//   }
//
// Networks of windows take the steps asked for, the article's rate and its drop after three
// quarters of them. Networks of whole names take a seventh: 32 names hold about as many characters
// to predict as seven minibatches of 32 windows. Left out: training and judging (table.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "wavenet/base/config.h"
#include "wavenet/models/model.h"

namespace wavenet::study {

enum class Kind : std::uint8_t {
  trained,    // a network
  converted,  // the tree before it as a convolution, with the same weights
  counted,    // recipe: its model, which is fitted
};

struct Step {
  std::string name;
  std::string teaches;  // one sentence
  Kind kind = Kind::trained;
  Config recipe{};  // of training: the keys "train.*"; not of a conversion
  std::function<std::unique_ptr<models::Model>(std::int64_t vocabulary, Rng& rng)> build{};
};

std::vector<Step> steps(std::int64_t training_steps);
// Of a network of whole names.
std::int64_t steps_on_names(std::int64_t training_steps);

}  // namespace wavenet::study
