#include "wavenet/data/audio/pieces.h"

#include <algorithm>
#include <numeric>

#include "wavenet/base/check.h"
#include "wavenet/base/python_random.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kColdEvery = 16;  // pieces

std::int64_t size_of(const SoundCodes& take) { return static_cast<std::int64_t>(take.size()); }

std::vector<SoundCodes> filled(std::vector<SoundCodes> takes) {
  std::erase_if(takes, [](const SoundCodes& take) { return take.empty(); });
  check(!takes.empty(), "sound: there is nothing to train on");
  return takes;
}

std::vector<std::int64_t> ends_of(const std::vector<SoundCodes>& takes, const SoundBatches& how) {
  check(how.length >= 1 && how.receptive_field >= 1,
        "sound: pieces of {} samples after a receptive field of {} cannot be made", how.length,
        how.receptive_field);
  std::vector<std::int64_t> ends;
  std::int64_t pieces = 0;
  for (const SoundCodes& take : takes) {
    pieces += std::max<std::int64_t>(1, size_of(take) / how.length);
    ends.push_back(pieces);
  }
  return ends;
}

}  // namespace

SoundPieces::SoundPieces(const std::vector<SoundCodes>& takes, const SoundBatches& how,
                         std::uint64_t seed)
    : takes_(filled(takes)),
      ends_(ends_of(takes_, how)),
      how_(how),
      seed_(seed),
      epochs_(ends_.back(), how.batch, seed) {}

std::int64_t SoundPieces::shards() const { return parts_of(how_.batch, how_.shards); }

SoundPieces::Piece SoundPieces::piece(std::int64_t number, std::int64_t epoch) const {
  const auto which = static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), number) -
                                              ends_.begin());
  const SoundCodes& take = takes_[which];
  const std::int64_t before = which == 0 ? 0 : ends_[which - 1];
  const std::int64_t spare = size_of(take) - (ends_[which] - before) * how_.length;
  if (spare <= 0) {
    return {&take, (number - before) * how_.length};
  }
  const std::uint64_t seed = seed_of(seed_of(~seed_, epoch), static_cast<std::int64_t>(which));
  const auto offset =
      static_cast<std::int64_t>(PythonRandom(seed).below(static_cast<std::uint64_t>(spare) + 1));
  return {&take, offset + (number - before) * how_.length};
}

Batch SoundPieces::shard(std::int64_t step, std::int64_t shard) const {
  const std::int64_t epoch = step / epochs_.steps_in_epoch();
  const std::vector<std::int64_t> chosen = epochs_.batch(step);
  const std::int64_t past = how_.receptive_field - 1;
  const auto [first, last] = shard_of(how_.batch, how_.shards, shard);
  Batch batch{{Tensor::empty({last - first, past + how_.length}, DType::i32), {.past = past}},
              Tensor::empty({last - first, how_.length}, DType::i32)};
  auto* code = batch.inputs.x.data<std::int32_t>();
  auto* target = batch.targets.data<std::int32_t>();
  for (std::int64_t i = first; i < last; ++i) {
    const auto [take, begin] = piece(chosen[static_cast<std::size_t>(i)], epoch);
    const std::int64_t silent = (step * how_.batch + i) % kColdEvery == 0 ? begin : 0;
    for (std::int64_t at = begin - past - 1; at < begin + how_.length - 1; ++at) {
      const bool outside = at < silent || at >= size_of(*take);
      *code++ = outside ? sound::kSilence : (*take)[static_cast<std::size_t>(at)];
    }
    for (std::int64_t at = begin; at < begin + how_.length; ++at) {
      *target++ = at < size_of(*take) ? (*take)[static_cast<std::size_t>(at)] : kNoTarget;
    }
  }
  return batch;
}

// Over all places at which a take may be cut.
std::string SoundPieces::summary() const {
  double cold = 0;
  for (std::size_t i = 0; i < takes_.size(); ++i) {
    const std::int64_t pieces = ends_[i] - (i == 0 ? 0 : ends_[i - 1]);
    const std::int64_t spare = std::max<std::int64_t>(0, size_of(takes_[i]) - pieces * how_.length);
    for (std::int64_t k = 0; k < pieces; ++k) {  // it begins at k length to k length + spare
      const std::int64_t last_cold = how_.receptive_field - 1 - k * how_.length;
      cold += static_cast<double>(std::clamp<std::int64_t>(last_cold + 1, 0, spare + 1)) /
              static_cast<double>(spare + 1);
    }
  }
  const auto pieces = static_cast<double>(ends_.back());
  const double share = (1 - 1.0 / kColdEvery) * cold / pieces + 1.0 / kColdEvery;
  return fmt::format("{} pieces of {} samples an epoch, {:.1f} % of them start cold", ends_.back(),
                     how_.length, 100 * share);
}

}  // namespace wavenet::data
