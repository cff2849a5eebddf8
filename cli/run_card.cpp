#include "cli/run_card.h"

#include <algorithm>
#include <set>

#include "cli/layers.h"
#include "wavenet/base/files.h"
#include "wavenet/data/sequences.h"
#include "wavenet/log/run_info.h"
#include "wavenet/models/stack.h"

namespace cli {

using namespace wavenet;

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

void write_run_card(const std::filesystem::path& folder, const std::string& command, Run& run,
                    const data::Corpus& corpus, const Marks& marks) {
  RunInfo info{.version = WAVENET_VERSION,
               .command = command,
               .recipe = run.state.recipe.to_json(),
               .seed = run.state.seed,
               .split_seed = run.state.split_seed,
               .parameters = run.model->parameter_count(),
               .receptive_field = run.model->receptive_field(),
               .vocabulary = corpus.vocabulary.size(),
               .layers = {},
               .dilations = {},
               .data = facts_of(corpus),
               .marks = marks};
  for (const nn::Trace::Layer& layer : layers_of(*run.model)) {
    info.layers.push_back(
        {layer.name, layer.kind, {layer.output.begin(), layer.output.end()}, layer.parameters});
  }
  for (const models::StackLayer& layer : models::stack_of(*run.model)) {
    info.width = info.dilations.empty() ? layer.width : info.width;
    info.dilations.push_back(layer.dilation);
  }
  write_file_atomically(folder / "run.json", text_of(info));
}

}  // namespace cli
