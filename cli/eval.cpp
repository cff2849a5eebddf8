// wavenet eval: mean loss of a split, with marks beside it.
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/judge.h"
#include "cli/open.h"

namespace cli {

int eval(const EvalArguments& arguments) {
  using namespace wavenet;
  const OpenModel opened = open_model(arguments.model);
  const data::Corpus corpus = open_corpus_of(opened.saved, arguments.data);
  const std::vector<std::string> parts = arguments.split.empty()
                                             ? std::vector<std::string>{"train", "val"}
                                             : std::vector<std::string>{arguments.split};
  const int threads = threads_or_all(arguments.threads);
  for (const std::string& part : parts) {
    const std::vector<data::Sequence>& sequences = corpus.part(part);
    const double loss = loss_of(*opened.model, sequences, threads);
    nlohmann::ordered_json record{
        {"split", part}, {"loss", loss}, {"tokens", data::token_count(sequences)}};
    if (!arguments.json) {
      fmt::print("{:5}  {:.4f} nats  {:.4f} bits per character  {} characters\n", part, loss,
                 loss / std::numbers::ln2, data::token_count(sequences));
    }
    if (part != "train") {  // what was counted there is no mark for it
      const Marks marks = marks_of(corpus, part);
      const std::optional<Leak> leak = leak_of(*opened.model, corpus, part, threads);
      if (arguments.json) {
        add_to(record, marks, leak);
      } else {
        print(marks, leak, part);
      }
    }
    if (arguments.json) {
      fmt::print("{}", json_line(record));
    }
  }
  return 0;
}

}  // namespace cli
