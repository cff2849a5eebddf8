#include "wavenet/run/card.h"

#include <algorithm>
#include <set>

#include "wavenet/data/sequences.h"
#include "wavenet/models/layers.h"
#include "wavenet/version.h"

namespace wavenet::run {
namespace {

std::vector<Fact> facts_of(const data::Corpus& corpus) {
  std::vector<Fact> facts{{"source", corpus.source}};
  const auto add = [&](const char* name, auto number) {
    facts.push_back({name, static_cast<std::int64_t>(number)});
  };
  if (corpus.words) {
    std::set<std::u32string> different;
    std::size_t words = 0;
    std::size_t longest = 0;
    for (const auto* part : {&corpus.words->train, &corpus.words->val, &corpus.words->test}) {
      for (const std::u32string& word : *part) {
        longest = std::max(longest, word.size());
        different.insert(word);
      }
      words += part->size();
    }
    add("words", words);
    add("longest", longest);
    add("duplicates", words - different.size());
  }
  const std::int64_t train = data::token_count(corpus.train);
  const std::int64_t val = data::token_count(corpus.val);
  const std::int64_t test = data::token_count(corpus.test);
  add("characters", train + val + test);
  add("train", train);
  add("val", val);
  add("test", test);
  add("alphabet", corpus.vocabulary.size() - 1);
  return facts;
}

}  // namespace

RunInfo info_of(State& state, const data::Corpus& corpus, const Marks& marks,
                const std::string& command) {
  RunInfo info{.version = kVersion,
               .command = command,
               .recipe = state.saved.recipe.to_json(),
               .seed = state.saved.seed,
               .split_seed = state.saved.split_seed,
               .parameters = state.model->parameter_count(),
               .receptive_field = state.model->receptive_field(),
               .vocabulary = corpus.vocabulary.size(),
               .layers = {},
               .dilations = {},
               .data = facts_of(corpus),
               .marks = marks};
  for (const nn::Trace::Layer& layer : models::layers_of(*state.model)) {
    info.layers.push_back(
        {layer.name, layer.kind, {layer.output.begin(), layer.output.end()}, layer.parameters});
  }
  for (const models::StackLayer& layer : models::stack_of(state.model->wiring())) {
    info.width = info.dilations.empty() ? layer.width : info.width;
    info.dilations.push_back(layer.dilation);
  }
  return info;
}

}  // namespace wavenet::run
