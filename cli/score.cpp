// wavenet score: how surprised a model is by given words, character by character.
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/open.h"
#include "wavenet/autograd/autograd.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/windows.h"
#include "wavenet/ops/loss.h"

namespace cli {
namespace {

using namespace wavenet;

// The loss of each character and of the end, in nats.
std::vector<double> losses(OpenModel& opened, const std::u32string& word) {
  const NoGrad guard;
  const data::Windows windows =
      data::make_windows({word}, opened.saved.vocabulary, opened.model->receptive_field());
  const Tensor log_p = log_softmax((*opened.model)(windows.contexts));
  std::vector<double> all;
  for (std::int64_t i = 0; i < windows.size(); ++i) {
    const std::int32_t target = windows.targets.data<std::int32_t>()[i];
    all.push_back(-static_cast<double>(log_p.data<float>()[i * log_p.size(1) + target]));
  }
  return all;
}

}  // namespace

int score(const ScoreArguments& arguments) {
  OpenModel opened = open_model(arguments.model);
  std::vector<std::u32string> words;
  for (const std::string& text : arguments.texts) {
    words.push_back(decode_utf8(text));
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
      fmt::print("{}\n", line.dump());
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
