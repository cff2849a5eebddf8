#include "wavenet/generate/generator.h"

namespace wavenet::generate {

Generator::Generator(const models::Model& model, const SampleOptions& options, std::uint64_t seed,
                     std::uint64_t number)
    : stream_(model), odds_(options, stream_.vocabulary()), draft_(options, seed, number) {
  for (const std::int32_t token : options.prompt) {
    stream_.push(token);
  }
}

std::optional<std::int32_t> Generator::next() {
  const std::optional<std::int32_t> token = draft_.next(odds_(stream_.logits()));
  if (token) {
    stream_.push(*token);
  }
  return token;
}

const Word& Generator::rest(const std::function<void(std::int32_t)>& each) {
  while (const std::optional<std::int32_t> token = next()) {
    each(*token);
  }
  return word();
}

}  // namespace wavenet::generate
