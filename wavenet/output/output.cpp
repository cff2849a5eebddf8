#include "wavenet/output/output.h"

#include <algorithm>
#include <numeric>

#include "wavenet/output/categorical.h"
#include "wavenet/output/waveform.h"

namespace wavenet::output {

void check_options(const DrawOptions& options) {
  const auto require = [](bool holds, std::string_view rule, double value) {
    if (!holds) {
      fail_usage("sample: {}, got {}", rule, value);
    }
  };
  require(options.temperature >= 0 && options.temperature <= 1e6,
          "the temperature must be from 0 to 1e6", options.temperature);
  require(options.top_k >= 0, "top-k must be at least 0", static_cast<double>(options.top_k));
  require(options.top_p > 0 && options.top_p <= 1, "top-p must be above 0 and at most 1",
          options.top_p);
  require(options.min_p >= 0 && options.min_p <= 1, "min-p must be from 0 to 1", options.min_p);
}

std::int64_t count_targets(const Tensor& targets) {
  if (is_float(targets.dtype())) {
    return targets.numel();
  }
  const std::vector<std::int32_t> all = targets.to_vector<std::int32_t>();
  return std::count_if(all.begin(), all.end(), [](std::int32_t target) { return target >= 0; });
}

Score sum_of(const std::vector<double>& losses, const Tensor& targets) {
  return {std::accumulate(losses.begin(), losses.end(), 0.0),
          static_cast<double>(count_targets(targets))};
}

Score Output::judge(const Tensor& raw, const Tensor& targets) const {
  return sum_of(losses(raw, targets), targets);
}

Registry<Maker>& registry() {
  static Registry<Maker> outputs{{"categorical", categorical}, {"waveform", waveform}};
  return outputs;
}

std::shared_ptr<const Output> build(const Config& recipe, std::int64_t choices) {
  return registry().of(recipe, "model.output", "categorical")(recipe, choices);
}

}  // namespace wavenet::output
