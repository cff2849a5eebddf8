// wavenet eval: mean loss of a split.
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/arguments.h"
#include "cli/open.h"
#include "wavenet/data/split.h"
#include "wavenet/train/trainer.h"

namespace cli {

int eval(const EvalArguments& arguments) {
  using namespace wavenet;
  const OpenModel opened = open_model(arguments.model);
  const data::Words words = open_words_of(opened.saved, arguments.data);
  const data::Split split = data::split_words(words, opened.saved.split_seed);
  const std::vector<std::string> parts = arguments.split.empty()
                                             ? std::vector<std::string>{"train", "val"}
                                             : std::vector<std::string>{arguments.split};
  for (const std::string& part : parts) {
    const data::Windows windows = data::make_windows(split.part(part), opened.saved.vocabulary,
                                                     opened.model->receptive_field());
    const double loss = train::mean_loss(*opened.model, windows, threads_or_all(arguments.threads));
    if (arguments.json) {
      const nlohmann::ordered_json line{
          {"split", part}, {"loss", loss}, {"tokens", windows.size()}};
      fmt::print("{}\n", line.dump());
    } else {
      fmt::print("{:5}  {:.4f} nats  {:.4f} bits per character  {} characters\n", part, loss,
                 loss / std::numbers::ln2, windows.size());
    }
  }
  return 0;
}

}  // namespace cli
