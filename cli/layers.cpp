#include "cli/layers.h"

#include <nlohmann/json.hpp>

#include "wavenet/autograd/autograd.h"
#include "wavenet/models/ngram_model.h"

namespace cli {

using namespace wavenet;

namespace {

constexpr std::int64_t kBatch = 4;

}  // namespace

std::vector<nn::Trace::Layer> layers_of(models::Model& model) {
  if (dynamic_cast<const models::Ngram*>(&model) != nullptr) {
    return {};
  }
  const NoGrad guard;
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const nn::Trace trace(model);
  model(Tensor::zeros({kBatch, model.receptive_field()}, DType::i32));
  return trace.layers();
}

nlohmann::ordered_json to_json(const std::vector<nn::Trace::Layer>& layers) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const nn::Trace::Layer& layer : layers) {
    all.push_back({{"name", layer.name},
                   {"kind", layer.kind},
                   {"shape", std::vector<std::int64_t>(layer.output.begin(), layer.output.end())},
                   {"parameters", layer.parameters}});
  }
  return all;
}

}  // namespace cli
