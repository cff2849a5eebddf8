#include "wavenet/report/heard.h"

#include <algorithm>
#include <functional>

#include "wavenet/sound/wav_bytes.h"

namespace wavenet::report {
namespace {

std::vector<const SoundRecord*> once_each(const History& run, bool drawn) {
  std::vector<const SoundRecord*> all;
  for (const SoundRecord& sound : run.sounds) {
    if (sound.drawn() == drawn && !sound.codes.empty()) {
      std::erase_if(all, [&](const SoundRecord* other) {
        return other->name == sound.name && other->step == sound.step;
      });
      all.push_back(&sound);
    }
  }
  return all;
}

// The first of each step but the last.
std::vector<const SoundRecord*> first_of_steps(const std::vector<const SoundRecord*>& drawn) {
  std::vector<const SoundRecord*> firsts;
  for (const SoundRecord* sound : drawn) {
    const bool more = firsts.empty() || firsts.back()->step != sound->step;
    if (more && sound->step != drawn.back()->step) {
      firsts.push_back(sound);
    }
  }
  return firsts;
}

// With the first and the last, evenly.
std::vector<const SoundRecord*> some_of(const std::vector<const SoundRecord*>& all,
                                        std::size_t most) {
  if (all.size() <= most) {
    return all;
  }
  std::vector<const SoundRecord*> some;
  for (std::size_t i = 0; i < most; ++i) {
    some.push_back(all[i * (all.size() - 1) / (most - 1)]);
  }
  return some;
}

}  // namespace

SoundRecord Answer::difference() const {
  std::vector<float> samples = sound::levels_of(model->codes, model->bits);
  const std::vector<float> wanted = sound::levels_of(target->codes, target->bits);
  samples.resize(std::min(samples.size(), wanted.size()));
  std::transform(samples.begin(), samples.end(), wanted.begin(), samples.begin(), std::minus<>());
  return {.step = model->step,
          .name = "difference",
          .rate = model->rate,
          .codes = sound::pcm16_of(samples),
          .bits = 16};
}

std::optional<Answer> answer_of(const History& run) {
  const auto last = [&](std::string_view name) {
    const auto found = std::find_if(
        run.sounds.rbegin(), run.sounds.rend(),
        [&](const SoundRecord& sound) { return sound.name == name && !sound.codes.empty(); });
    return found == run.sounds.rend() ? nullptr : &*found;
  };
  const Answer answer{last("val/input"), last("val/target"), last("model")};
  if (answer.input == nullptr || answer.target == nullptr || answer.model == nullptr) {
    return std::nullopt;
  }
  return answer;
}

std::vector<const SoundRecord*> all_latest(const History& run) {
  std::vector<const SoundRecord*> drawn = once_each(run, true);
  const std::int64_t last = drawn.empty() ? 0 : drawn.back()->step;
  std::erase_if(drawn, [&](const SoundRecord* sound) { return sound->step != last; });
  return drawn;
}

Heard heard_of(const History& run) {
  Heard heard;
  const std::vector<const SoundRecord*> drawn = once_each(run, true);
  const std::vector<const SoundRecord*> latest = all_latest(run);
  const std::vector<const SoundRecord*> excerpts = once_each(run, false);
  const auto some = [](const std::vector<const SoundRecord*>& all, std::size_t most) {
    return std::vector(all.begin(),
                       all.begin() + std::min(std::ssize(all), static_cast<std::ptrdiff_t>(most)));
  };
  heard.latest = some(latest, kMostLatest);
  heard.latest_found = latest.size();
  heard.earlier = some_of(first_of_steps(drawn), kMostEarlier);
  heard.excerpts = some(excerpts, kMostExcerpts);
  heard.excerpts_found = excerpts.size();
  return heard;
}

}  // namespace wavenet::report
