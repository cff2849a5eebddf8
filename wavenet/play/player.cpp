#include "wavenet/play/player.h"

#include <algorithm>
#include <array>
#include <utility>

#include "wavenet/base/check.h"
#include "wavenet/base/denormals.h"
#include "wavenet/nam/shapes.h"
#include "wavenet/nam/sizes.h"
#include "wavenet/play/network.h"

namespace wavenet::play {

struct Player::State {
  State(const nam::Model& model, std::optional<double> sample_rate)
      : network(model), rate(sample_rate), field(nam::receptive_field(model)) {}
  Network network;
  std::optional<double> rate;
  std::int64_t field;
};

Player::Player(std::unique_ptr<State> state) : state_(std::move(state)) {}
Player::~Player() = default;

std::unique_ptr<Player> Player::of(const nam::Model& model, const PlayOptions& options) {
  const nam::Model chosen = nam::at_size(model, options.size);
  check(nam::inputs(chosen) == 1 && nam::outputs(chosen) == 1,
        "a player has one channel in and one out, the model reads {} and gives {}",
        nam::inputs(chosen), nam::outputs(chosen));
  std::unique_ptr<Player> player(new Player(
      std::make_unique<State>(chosen, model.sample_rate ? model.sample_rate : chosen.sample_rate)));
  const std::array<float, kBlock> silence{};
  std::array<float, kBlock> answer;
  for (std::int64_t rest = nam::settling(chosen); rest > 0; rest -= kBlock) {
    player->process(silence, answer);
  }
  player->state_->network.keep();
  return player;
}

void Player::process(std::span<const float> in, std::span<float> out) noexcept {
  const FlushDenormals flush;
  while (!in.empty()) {
    const std::size_t count = std::min(in.size(), static_cast<std::size_t>(kBlock));
    state_->network.run(in.first(count), out.first(count));
    in = in.subspan(count);
    out = out.subspan(count);
  }
}

void Player::reset() noexcept { state_->network.restore(); }

std::optional<double> Player::sample_rate() const { return state_->rate; }

std::int64_t Player::receptive_field() const { return state_->field; }

}  // namespace wavenet::play
