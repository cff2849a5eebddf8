#include "wavenet/generate/generator.h"

namespace wavenet::generate {

Generator::Generator(const models::Model& model, const SampleOptions& options, std::uint64_t seed,
                     std::uint64_t number)
    : stream_(model),
      sampler_(model.output().sampler(options.draws())),
      draft_(options, seed, number) {
  check_options(options);
  for (const std::int32_t token : options.prompt) {
    stream_.push(token);
  }
}

std::optional<std::int32_t> Generator::next() {
  const std::optional<std::int32_t> token =
      draft_.next(*sampler_, sampler_->prepare(stream_.logits()));
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
