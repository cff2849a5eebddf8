// A trained amplifier's model as what a .nam file says, at the amplifier's own level.
//
//   const std::optional<nam::Model> amp = run::as_nam(run::open("runs/plexi"), {.noise = noise});
//   nam::write("plexi.nam", *amp);
//
// Nets that were trained side by side become a container, the narrowest first. Left out: who owns the
// amplifier and what it is called, which players let their users write.
#pragma once

#include <ctime>
#include <optional>
#include <span>

#include "wavenet/nam/model.h"
#include "wavenet/run/open.h"

namespace wavenet::run {

struct NamOptions {
  std::optional<std::time_t> date{};  // seconds since 1970; none: the file does not say when
  // What loudness and gain are measured with, at 48 kHz (play/loudness.h); none: the file has neither.
  std::span<const float> noise{};
};

// None where the state's model is no amplifier.
std::optional<nam::Model> as_nam(const State& state, const NamOptions& options = {});

}  // namespace wavenet::run
