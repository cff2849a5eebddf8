// wavenet score: how surprised a model is by given words, character by character.
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "wavenet/autograd/autograd.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/words.h"
#include "wavenet/ops/loss.h"

namespace cli {
namespace {

using namespace wavenet;

data::Sequence encoded(const std::u32string& word, const data::Vocabulary& vocabulary) {
  try {
    return vocabulary.encode(word);
  } catch (const Error& error) {
    fail("score: '{}': {}", excerpt(encode_utf8(word)), error.what());
  }
}

// The loss of each character in nats; of a word, which has an end, also of that.
std::vector<double> losses(OpenModel& opened, const std::u32string& word) {
  const NoGrad guard;
  data::Sequence targets = encoded(word, opened.saved.vocabulary);
  if (data::format_of(opened.saved.recipe) == data::Format::lines) {
    targets.push_back(data::Vocabulary::kEnd);
  }
  check(!targets.empty(), "score: no character to predict in an empty text");
  data::Sequence tokens{data::Vocabulary::kEnd};
  tokens.insert(tokens.end(), targets.begin(), targets.end() - 1);
  const auto length = static_cast<std::int64_t>(tokens.size());
  const Tensor log_p = log_softmax(opened.model->logits(Tensor::from(tokens, {1, length})));
  std::vector<double> all;
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int32_t target = targets[static_cast<std::size_t>(i)];
    all.push_back(-static_cast<double>(log_p.data<float>()[i * log_p.size(2) + target]));
  }
  return all;
}

}  // namespace

int score(const ScoreArguments& arguments) {
  OpenModel opened = open_model(arguments.model);
  std::vector<std::u32string> words;
  for (const std::string& text : arguments.texts) {
    try {
      words.push_back(decode_utf8(text));
    } catch (const Error& error) {
      fail("score: '{}': {}", excerpt(text), error.what());
    }
  }
  if (arguments.texts.empty()) {
    words = data::read_words("-").words;
  }
  for (const std::u32string& word : words) {
    const std::vector<double> each = losses(opened, word);
    double total = 0;
    for (double loss : each) {
      total += loss;
    }
    const double mean = total / static_cast<double>(each.size());
    if (arguments.json) {
      const nlohmann::ordered_json line{
          {"text", encode_utf8(word)}, {"loss", mean}, {"tokens", each.size()}, {"losses", each}};
      fmt::print("{}", json_line(line));
      continue;
    }
    fmt::print("{:.4f}  {} ", mean, encode_utf8(word));
    for (std::size_t i = 0; i < each.size(); ++i) {
      fmt::print("  {} {:.2f}", i < word.size() ? encode_utf8(word[i]) : "(end)", each[i]);
    }
    fmt::print("\n");
  }
  return 0;
}

}  // namespace cli
