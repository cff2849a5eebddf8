#include "wavenet/run/judge.h"

#include <limits>

#include "wavenet/train/evaluate.h"

namespace wavenet::run {
namespace {

// judge(model), of the model or of the one that gives the same numbers at less cost.
template <class Judge>
auto by_the_cheapest(models::Model& model, const Judge& judge) {
  const std::unique_ptr<models::Model> same = model.cheaper();
  return judge(same ? *same : model);
}

double loss_or_nan(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
                   const Between& between) {
  return sequences.empty() ? std::numeric_limits<double>::quiet_NaN()
                           : loss_of(model, sequences, threads, between);
}

}  // namespace

double loss_of(models::Model& model, const data::Dataset& data, const std::string& part,
               int threads, const Between& between) {
  return by_the_cheapest(model, [&](models::Model& judged) {
    const auto pass = data.pass(part, train::pass_options(judged));
    return train::judge(judged, *pass, threads, between).mean();
  });
}

double loss_of(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
               const Between& between) {
  return by_the_cheapest(model, [&](models::Model& judged) {
    return train::mean_loss(judged, sequences, threads, between);
  });
}

std::vector<FileLossRecord::File> losses_by_name(models::Model& model, const data::Dataset& data,
                                                 const std::string& part, int threads,
                                                 const Between& between) {
  std::vector<FileLossRecord::File> losses;
  by_the_cheapest(model, [&](models::Model& judged) {
    for (const data::NamedPass& one : data.passes(part, train::pass_options(judged))) {
      const output::Score score = train::judge(judged, *one.pass, threads, between);
      losses.push_back({one.name, score.mean(), static_cast<std::int64_t>(score.weight)});
    }
    return 0;
  });
  return losses;
}

Leak leak_of(models::Model& model, const data::Overlap& overlap, int threads,
             const Between& between) {
  const std::int64_t seen = std::ssize(overlap.seen);
  return {seen + std::ssize(overlap.unseen), seen,
          loss_or_nan(model, overlap.seen, threads, between),
          loss_or_nan(model, overlap.unseen, threads, between)};
}

std::optional<Leak> leak_of(models::Model& model, const data::Dataset& data,
                            const std::string& part, int threads, const Between& between) {
  const std::optional<data::Overlap> overlap = data.overlap(part);
  return overlap ? std::optional(leak_of(model, *overlap, threads, between)) : std::nullopt;
}

}  // namespace wavenet::run
