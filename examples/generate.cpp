// Draws words from a model file, and asks it how probable each next character is.
//
//   example_generate runs/names 5
#include <array>
#include <cmath>
#include <cstdlib>

#include "wavenet/wavenet.h"

using namespace wavenet;

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: example_generate RUN_FOLDER_OR_FILE [COUNT]\n");
    return 2;
  }
  const int count = argc > 2 ? std::atoi(argv[2]) : 5;
  const run::State opened = run::open(argv[1]);
  const data::Vocabulary& vocabulary = data::vocabulary_of(*opened.saved.codec);

  generate::Words words(*opened.model, {.temperature = 0.9, .max_length = 40}, /*seed=*/42);
  for (int i = 0; i < count; ++i) {
    fmt::print("{}\n", vocabulary.decode(words.next().tokens));
  }

  // Token by token, each step from the past that the stream keeps: what follows "em"?
  generate::Stream stream(*opened.model);
  for (const std::int32_t token : vocabulary.encode(U"em")) {
    stream.push(token);
  }
  const std::span<const float> logits = stream.logits();
  double sum = 0;
  for (const float logit : logits) {
    sum += std::exp(static_cast<double>(logit));
  }
  for (std::int32_t token = 0; token < vocabulary.size(); ++token) {
    const double p = std::exp(static_cast<double>(logits[static_cast<std::size_t>(token)])) / sum;
    if (p > 0.05) {
      fmt::print("{:4} {:.3f}\n", token == 0 ? "end" : vocabulary.decode(std::array{token}), p);
    }
  }
  return 0;
}
