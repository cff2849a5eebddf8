// Any bytes as a recipe, whose last line is also an assignment as of --set.
#include "tests/fuzz/fuzz.h"
#include "wavenet/base/config.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string_view json = text.substr(0, text.rfind('\n'));
  Config recipe;
  fuzz::may_refuse([&] { recipe = Config::parse(json, "input"); });
  fuzz::may_refuse([&] { recipe.set(text.substr(std::min(json.size() + 1, text.size()))); });
  const std::string spelled = recipe.to_json();
  fuzz::expect(Config::parse(spelled, "its own spelling").to_json() == spelled);
  fuzz::may_refuse([&] { recipe.number("train.learning_rate", 0, 1); });
  fuzz::may_refuse([&] { recipe.integers("model.dilations", 1, 1024); });
  fuzz::may_refuse([&] { recipe.require_all_read(); });
  return 0;
}
