#include "cli/baselines.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "wavenet/log/loss_text.h"

namespace cli {

using namespace wavenet;

void print(const Marks& marks, const std::string& part, bool is_own) {
  const char* whose = is_own ? "" : ", counted in the data that the model was trained on";
  if (std::isfinite(marks.gain)) {
    fmt::print(
        "marks on {}{}: input at the best gain {}  best linear filter {}  best static curve {}\n",
        part, whose, loss_text(marks.gain), loss_text(marks.filter), loss_text(marks.curve));
    return;
  }
  const bool sound = std::isfinite(marks.linear_prediction);
  const std::string prediction =
      sound ? fmt::format("  linear prediction {:.4f}", marks.linear_prediction) : "";
  fmt::print("marks on {}{}: uniform {:.4f}  unigram {:.4f}  counting {} {} {:.4f}{}\n", part,
             whose, marks.uniform, marks.unigram, marks.order, sound ? "samples" : "characters",
             marks.ngram, prediction);
}

void print(const run::Leak& leak, const std::string& part) {
  const std::string losses = leak.seen == 0 || leak.seen == leak.words
                                 ? ""
                                 : fmt::format("; loss on those {:.4f}, on the others {:.4f}",
                                               leak.seen_loss, leak.unseen_loss);
  fmt::print("leak: {} of {} {} words ({:.1f} %) also stand in the training data{}\n", leak.seen,
             leak.words, part,
             100 * static_cast<double>(leak.seen) / static_cast<double>(leak.words), losses);
}

void add_to(nlohmann::ordered_json& record, const Marks& marks) {
  if (std::isfinite(marks.gain)) {
    record["marks"] = {{"gain", marks.gain}, {"filter", marks.filter}, {"curve", marks.curve}};
    return;
  }
  record["marks"] = {{"uniform", marks.uniform},
                     {"unigram", marks.unigram},
                     {"ngram", marks.ngram},
                     {"ngram_order", marks.order}};
  if (std::isfinite(marks.linear_prediction)) {
    record["marks"]["linear_prediction"] = marks.linear_prediction;
  }
}

void add_to(nlohmann::ordered_json& record, const run::Leak& leak) {
  record["leak"] = {{"words", leak.words},
                    {"seen", leak.seen},
                    {"seen_loss", leak.seen_loss},
                    {"unseen_loss", leak.unseen_loss}};
}

}  // namespace cli
