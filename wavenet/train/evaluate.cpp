#include "wavenet/train/evaluate.h"

#include <algorithm>
#include <atomic>

#include "wavenet/autograd/autograd.h"
#include "wavenet/base/parallel.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/ops/loss.h"

namespace wavenet::train {
namespace {

constexpr std::int64_t kPiece = 1024;       // targets judged together; fits the second-level cache
constexpr std::int64_t kStretchFields = 4;  // so that little is computed twice of long fields
constexpr std::int64_t kMaxOutput = std::int64_t{1} << 22;  // numbers of it; 16 MiB

// Sums work(i) for i in [0, jobs), in order.
output::Score parallel_sum(std::int64_t jobs, int threads,
                           const std::function<output::Score(std::int64_t)>& work,
                           const Between& between = {}) {
  std::vector<output::Score> parts(static_cast<std::size_t>(jobs));
  std::atomic<std::int64_t> done = 0;
  parallel_for(jobs, threads, [&](std::int64_t i) {
    if (between) {
      between(static_cast<double>(done) / static_cast<double>(jobs));
    }
    const NoGrad guard;
    parts[static_cast<std::size_t>(i)] = work(i);
    ++done;
  });
  output::Score total;
  for (const output::Score& part : parts) {
    total.sum += part.sum;
    total.weight += part.weight;
  }
  return total;
}

// Of codes first to first + together - 1, or the last, after as many more as an answer depends on.
template <class Code>
std::vector<double> losses_of(models::Model& model, std::span<const Code> sequence,
                              std::int64_t first, std::int64_t together) {
  const std::int64_t past = std::min(first, model.receptive_field() - 1);
  const std::int64_t count = std::min(together, std::ssize(sequence) - first);
  std::vector<std::int32_t> codes;
  for (std::int64_t at = first - past - 1; at < first + count - 1; ++at) {
    codes.push_back(at < 0 ? model.before() : sequence[static_cast<std::size_t>(at)]);
  }
  const auto wanted =
      sequence.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  const std::vector<std::int32_t> targets(wanted.begin(), wanted.end());
  return model.losses({Tensor::from(codes, {1, past + count}), {.past = past}},
                      Tensor::from(targets, {1, count}));
}

}  // namespace

data::PassOptions pass_options(const models::Model& model) {
  const std::int64_t field = model.receptive_field();
  return {.receptive_field = field,
          .together = std::clamp(kMaxOutput / model.output().width(), std::min(field, kPiece),
                                 std::max(kPiece, 2 * field)),
          .before = model.before()};
}

output::Score judge(models::Model& model, const data::Pass& pass, int threads,
                    const Between& between) try {
  check(pass.targets() > 0, "judging: there is nothing to predict");
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const output::Score score = parallel_sum(
      pass.pieces(), threads,
      [&](std::int64_t i) {
        const data::Batch piece = pass.piece(i);
        return model.judge(piece.inputs, piece.targets);
      },
      between);
  check(score.weight > 0, "judging: there is nothing to predict");
  return score;
} catch (...) {
  rethrow_as_error("judging");
}

std::vector<float> answers(models::Model& model, const data::Pass& pass, int threads,
                           const Between& between) try {
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  std::vector<std::vector<float>> pieces(static_cast<std::size_t>(pass.pieces()));
  parallel_sum(
      pass.pieces(), threads,
      [&](std::int64_t i) {
        const Tensor raw = model.raw(pass.piece(i).inputs);  // [1, T, nets]
        const std::vector<float> all = raw.to_vector<float>();
        const auto nets = static_cast<std::size_t>(raw.size(2));
        for (std::size_t at = nets - 1; at < all.size(); at += nets) {
          pieces[static_cast<std::size_t>(i)].push_back(all[at]);
        }
        return output::Score{};
      },
      between);
  std::vector<float> together;
  for (const std::vector<float>& piece : pieces) {
    together.insert(together.end(), piece.begin(), piece.end());
  }
  return together;
} catch (...) {
  rethrow_as_error("playing");
}

double mean_loss(models::Model& model, const std::vector<data::Sequence>& sequences, int threads,
                 const Between& between) try {
  const data::SequencePass pass(sequences, pass_options(model));
  return judge(model, pass, threads, between).mean();
} catch (...) {
  rethrow_as_error("judging");
}

std::vector<double> losses(models::Model& model, const data::Sequence& sequence) {
  const NoGrad guard;
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const data::PassOptions options = pass_options(model);
  std::vector<double> all;
  all.reserve(sequence.size());
  for (std::int64_t first = 0; first < std::ssize(sequence); first += options.together) {
    const std::vector<double> more =
        losses_of<std::int32_t>(model, sequence, first, options.together);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

// As many stretches at a time as there are threads.
void losses(models::Model& model, std::span<const std::uint8_t> codes, int threads,
            const LossSink& sink) try {
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const std::int64_t stretch =
      std::max(pass_options(model).together, kStretchFields * model.receptive_field());
  std::vector<std::vector<double>> together(static_cast<std::size_t>(std::max(1, threads)));
  const std::int64_t wave = stretch * std::ssize(together);
  for (std::int64_t first = 0; first < std::ssize(codes); first += wave) {
    const std::int64_t left = std::min(wave, std::ssize(codes) - first);
    const std::int64_t stretches = (left + stretch - 1) / stretch;
    parallel_for(stretches, threads, [&](std::int64_t i) {
      const NoGrad guard;
      together[static_cast<std::size_t>(i)] = losses_of(model, codes, first + i * stretch, stretch);
    });
    for (std::int64_t i = 0; i < stretches; ++i) {
      sink(together[static_cast<std::size_t>(i)]);
    }
  }
} catch (...) {
  rethrow_as_error("judging");
}

double mean_loss(nn::Layer& model, const data::Windows& windows, int threads) try {
  const nn::UseMode evaluating(model, nn::Mode::evaluation);
  const std::int64_t pieces = (windows.size() + kPiece - 1) / kPiece;
  return parallel_sum(pieces, threads,
                      [&](std::int64_t piece) {
                        const std::int64_t start = piece * kPiece;
                        const std::int64_t stop = std::min(start + kPiece, windows.size());
                        const data::Batch batch = data::rows(windows, start, stop);
                        const auto weight = static_cast<double>(stop - start);
                        const Tensor loss = cross_entropy(model(batch.inputs.x), batch.targets);
                        return output::Score{loss.item() * weight, weight};
                      })
      .mean();
} catch (...) {
  rethrow_as_error("mean loss");
}

}  // namespace wavenet::train
