// wavenet sample: generated words.
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "cli/arguments.h"
#include "cli/open.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/split.h"
#include "wavenet/generate/generate.h"

namespace cli {
namespace {

std::vector<std::int32_t> prompt_tokens(const std::string& prompt,
                                        const wavenet::data::Vocabulary& vocabulary) {
  try {
    return vocabulary.encode(wavenet::decode_utf8(prompt));
  } catch (const wavenet::Error& error) {
    wavenet::fail("--prompt: {}", error.what());
  }
}

}  // namespace

int sample(const SampleArguments& arguments) {
  using namespace wavenet;
  OpenModel opened = open_model(arguments.model);
  const data::Vocabulary& vocabulary = opened.saved.vocabulary;
  const generate::SampleOptions options{
      .temperature = arguments.temperature,
      .top_k = arguments.top_k,
      .top_p = arguments.top_p,
      .max_length = arguments.max_length,
      .prompt = prompt_tokens(arguments.prompt, vocabulary),
  };
  generate::check_options(options);
  std::unordered_set<std::string> known;
  if (arguments.mark_known) {
    const data::Corpus corpus = open_corpus_of(opened.saved, arguments.data);
    for (const std::u32string& word : corpus.words->train) {
      known.insert(encode_utf8(word));
    }
  }
  Rng rng(arguments.seed);
  if (arguments.continue_stream) {
    rng = opened.saved.rng;
  }
  for (std::int64_t i = 0; i < arguments.count; ++i) {
    const std::string text = vocabulary.decode(generate::word(*opened.model, options, rng).tokens);
    if (arguments.json) {
      nlohmann::ordered_json line{{"text", text}};
      if (arguments.mark_known) {
        line["known"] = known.contains(text);
      }
      fmt::print("{}\n", line.dump());
    } else {
      fmt::print("{}{}\n", text, known.contains(text) ? "  (in the training data)" : "");
    }
  }
  return 0;
}

}  // namespace cli
