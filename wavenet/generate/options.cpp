#include "wavenet/generate/options.h"

#include "wavenet/base/check.h"

namespace wavenet::generate {

void check_options(const SampleOptions& options) {
  output::check_options(options.draws());
  if (options.max_length < 1) {
    fail_usage("sample: the longest word must have at least 1 character, got {}",
               options.max_length);
  }
  if (std::ssize(options.prompt) > options.max_length) {
    fail_usage("sample: a word may have at most {} characters, and the prompt alone has {}",
               options.max_length, options.prompt.size());
  }
}

}  // namespace wavenet::generate
