#include "cli/run_card.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/json_line.h"
#include "cli/layers.h"
#include "wavenet/base/files.h"
#include "wavenet/data/sequences.h"
#include "wavenet/models/stack.h"

namespace cli {

using namespace wavenet;
using Json = nlohmann::ordered_json;

namespace {

Json data_of(const data::Corpus& corpus) {
  Json data{{"source", corpus.source}};
  std::int64_t characters = 0;
  for (const auto* part : {&corpus.train, &corpus.val, &corpus.test}) {
    characters += data::token_count(*part);
  }
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
    data["words"] = words;
    data["longest"] = longest;
    data["duplicates"] = words - different.size();
  }
  data["characters"] = characters;
  data["train"] = data::token_count(corpus.train);
  data["val"] = data::token_count(corpus.val);
  data["test"] = data::token_count(corpus.test);
  data["alphabet"] = corpus.vocabulary.size() - 1;
  return data;
}

}  // namespace

void write_run_card(const std::filesystem::path& folder, const std::string& command, Run& run,
                    const data::Corpus& corpus, const Marks& marks) {
  Json card{{"version", WAVENET_VERSION},
            {"command", command},
            {"recipe", Json::parse(run.state.recipe.to_json())},
            {"seed", run.state.seed},
            {"split_seed", run.state.split_seed},
            {"parameters", run.model->parameter_count()},
            {"receptive_field", run.model->receptive_field()},
            {"vocabulary", corpus.vocabulary.size()},
            {"layers", to_json(layers_of(*run.model))}};
  const std::vector<models::StackLayer> stack = models::stack_of(*run.model);
  if (!stack.empty()) {
    card["width"] = stack.front().width;
    for (const models::StackLayer& layer : stack) {
      card["dilations"].push_back(layer.dilation);
    }
  }
  card["data"] = data_of(corpus);
  card["marks"] = {{"uniform", marks.uniform},
                   {"unigram", marks.unigram},
                   {"ngram", marks.ngram},
                   {"order", marks.order}};
  write_file_atomically(folder / "run.json", json_line(card, 1));
}

}  // namespace cli
