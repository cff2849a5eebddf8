// wavenet study: the article's networks, WaveNet grown part by part and the counting model on one
// split, a row of losses for each as it ends.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "wavenet/data/text/corpus.h"
#include "wavenet/study/table.h"

namespace cli {
namespace {

using namespace wavenet;

constexpr std::int64_t kArticleSteps = 200'000;
constexpr std::int64_t kQuickSteps = 15'000;
constexpr std::size_t kColumns = 80;
constexpr std::string_view kIndent = "    ";

// What there is to say of this run of a step; empty where there is nothing.
std::string found(const study::Row& row) {
  if (row.apart) {
    return row.apart->largest == 0
               ? fmt::format("Every logit is the same to the last bit, up to {:.1f}.",
                             row.apart->logit)
               : fmt::format("No logit differs by more than {:.1g}; the largest is {:.1f}.",
                             row.apart->largest, row.apart->logit);
  }
  return row.ngrams ? fmt::format("It keeps {} counts.", *row.ngrams) : "";
}

// A sentence in lines that fit, indented.
void print_wrapped(const std::string& sentence) {
  std::istringstream words(sentence);
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && kIndent.size() + line.size() + 1 + word.size() > kColumns) {
      fmt::print("{}{}\n", kIndent, line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  fmt::print("{}{}\n", kIndent, line);
}

void print(const study::Step& step, const study::Row& row) {
  fmt::print("{:22} {:7.4f} {:7.4f} {:>11} {:>9.1f}\n", step.name, row.train, row.val,
             row.parameters, row.seconds);
  print_wrapped(step.teaches + " " + found(row));
}

void print_row_json(const study::Step& step, const study::Row& row) {
  nlohmann::ordered_json record{{"step", step.name},
                                {"train", row.train},
                                {"val", row.val},
                                {"parameters", row.parameters},
                                {"seconds", row.seconds}};
  if (row.steps) {
    record["steps"] = *row.steps;
  } else if (row.apart) {
    record["largest_difference"] = row.apart->largest;
    record["largest_logit"] = row.apart->logit;
  } else if (row.ngrams) {
    record["counts"] = *row.ngrams;
  }
  record["teaches"] = step.teaches;
  fmt::print("{}", json_line(record));
}

// The row, while the terminal shows how far the step is.
study::Row row_of(study::Table& table, const study::Step& step) {
  LiveLine live;
  return table.row(step, [&](const study::Progress& progress) {
    live.show(progress.loss ? fmt::format("{}: step {}/{}  loss {:.4f}", step.name, progress.done,
                                          progress.steps, *progress.loss)
                            : step.name + ": judging");
  });
}

void say_what_is_to_come(const std::vector<study::Step>& steps, std::int64_t count,
                         double seconds) {
  const auto networks = std::count_if(steps.begin(), steps.end(), [](const study::Step& step) {
    return step.kind == study::Kind::trained;
  });
  const std::string less =
      count < kArticleSteps ? fmt::format(", not the article's {}", kArticleSteps) : "";
  const std::string time = seconds < 90 ? fmt::format("{:.0f} s", std::max(1.0, seconds))
                                        : fmt::format("{:.0f} min", seconds / 60);
  say::note(fmt::format(
      "study: {} networks of {} steps each{} ({} steps where a minibatch is whole names); about {}",
      networks, count, less, study::steps_on_names(count), time));
}

}  // namespace

int study(const StudyArguments& arguments) {
  const std::int64_t count =
      arguments.steps.value_or(arguments.quick ? kQuickSteps : kArticleSteps);
  const std::vector<study::Step> steps = study::steps(count);
  const auto data = data::open_corpus(steps.front().recipe, file_of(arguments.data), kSeed);
  study::Table table(data, {.threads = {threads_or_all(arguments.threads), arguments.threads == 0},
                            .seed = arguments.seed});
  say_what_is_to_come(steps, count, table.expected_seconds(steps));
  if (!arguments.json) {
    fmt::print("{:22} {:>7} {:>7} {:>11} {:>9}\n", "step", "train", "val", "parameters", "seconds");
  }
  for (const study::Step& step : steps) {
    const study::Row row = row_of(table, step);
    arguments.json ? print_row_json(step, row) : print(step, row);
    std::fflush(stdout);
  }
  if (!arguments.json) {
    fmt::print("\nlosses in nats per character; train {}, val {} words\n", data->train().size(),
               data->val().size());
  }
  return 0;
}

}  // namespace cli
