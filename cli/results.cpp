#include "cli/results.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/baselines.h"
#include "cli/json_line.h"
#include "wavenet/base/shell.h"
#include "wavenet/generate/generate.h"
#include "wavenet/log/loss_text.h"
#include "wavenet/log/record_json.h"

namespace cli {

using namespace wavenet;

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<Verdict>& verdicts) {
  Json all = Json::array();
  for (const Verdict& verdict : verdicts) {
    all.push_back(Json::parse(logs::line_of(verdict)));
  }
  return all;
}

void print_samples(const run::Run& run, const run::State& kept, const Stop& stop) {
  if (kept.saved.codec->sample_rate()) {
    fmt::print("hear it: wavenet sample {} --seconds 3 --out sample.wav\n",
               shell_word(run.folder().string()));
    return;
  }
  const auto [count, longest] = run.data().draws();
  if (count == 0) {
    fmt::print("as a file for players: wavenet convert {} --to nam\n",
               shell_word(run.folder().string()));
    return;
  }
  Rng rng = kept.saved.rng;
  const generate::SampleOptions options{.max_length = longest};
  for (std::int64_t i = 0; i < count; ++i) {
    const generate::Word word =
        generate::word(*kept.model, options, rng, [&](double) { stop.check(); });
    fmt::print("{}\n", kept.saved.codec->decode(word.tokens));
  }
}

// As trainers of amplifier models have told their users since long.
const char* words_for_esr(double esr) {
  return esr < 0.01    ? "great"
         : esr < 0.035 ? "not bad"
         : esr < 0.1   ? "might sound ok"
         : esr < 0.3   ? "probably not great"
                       : "something went wrong";
}

std::string path_of_model(const run::Run& run) {
  return (run.folder() / train::kModelFile).string();
}

}  // namespace

void print(run::Run& run, const run::Conclusion& end, const Effort& effort, const Stop& stop) {
  const std::string measure = run.model().output().unit();
  const std::string told = measure == "nats"
                               ? fmt::format("nats per {}", run.data().codec()->unit())
                               : fmt::format("{}: {}", measure, words_for_esr(end.val));
  const std::string train = run.data().judged("train");  // all of it, or "some of train"
  fmt::print("{} {}  val {}  ({}; {} steps in {:.1f} s)\n", train, loss_text(end.train),
             loss_text(end.val), told, effort.steps, effort.seconds);
  print(run.marks(), "val");
  if (end.leak) {
    print(*end.leak, "val");
  }
  fmt::print("\n");
  print_samples(run, end.kept, stop);
  fmt::print("\nmodel: {}\n", path_of_model(run));
}

void print_json(run::Run& run, const run::Conclusion& end, const Effort& effort) {
  Json record{{"model", path_of_model(run)},
              {"steps", effort.steps},
              {"seconds", effort.seconds},
              {"train", end.train},
              {"val", end.val}};
  add_to(record, run.marks());
  if (end.leak) {
    add_to(record, *end.leak);
  }
  record["verdicts"] = json_of(run.verdicts());
  fmt::print("{}", json_line(record));
}

void print_json(const run::Failed& failed) {
  const run::Failed::Left& left = failed.left();
  Json record{{"error", failed.what()},
              {"model", left.model.empty() ? Json() : Json(left.model.string())},
              {"steps", left.steps},
              {"verdicts", json_of(left.verdicts)}};
  fmt::print("{}", json_line(record));
}

}  // namespace cli
