// wavenet bench, of an amplifier's model: how long a block takes, and how long it may.
#include "cli/bench_player.h"

#include <nlohmann/json.hpp>

#include "cli/json_line.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "wavenet/nam/read.h"
#include "wavenet/play/speed.h"

namespace cli {

using namespace wavenet;

int bench_player(const BenchArguments& arguments) {
  refuse({{"--set", !arguments.set.empty()},
          {"--data", !arguments.data.empty()},
          {"--job", !arguments.jobs.empty()},
          {"--threads", arguments.threads != 0}},
         "bench", "words, text or sound", arguments.model, "an amplifier");
  std::vector<std::string> notes;
  const nam::Model model = nam::read(arguments.model, &notes);
  for (const std::string& note : notes) {
    say::note(note);
  }
  const auto player = play::Player::of(model, {.size = arguments.size});
  const double rate = player->sample_rate().value_or(play::kUsualRate);
  const play::BlockTimes times = play::block_times(*player, arguments.block, arguments.seconds);
  const double lasts = static_cast<double>(arguments.block) / rate;
  const nlohmann::ordered_json record{{"model", arguments.model},
                                      {"size", arguments.size},
                                      {"block", arguments.block},
                                      {"rate", rate},
                                      {"blocks", times.blocks},
                                      {"us_per_block", 1e6 * times.median},
                                      {"us_rare", 1e6 * times.rare},
                                      {"us_worst", 1e6 * times.worst},
                                      {"real_time_factor", lasts / times.median}};
  if (arguments.json) {
    fmt::print("{}", json_line(record));
    return 0;
  }
  fmt::print("a block of {} samples lasts {:.1f} us at {:g} samples a second\n", arguments.block,
             1e6 * lasts, rate);
  fmt::print("played in {:.1f} us (median of {} blocks), {:.1f} times real time\n",
             1e6 * times.median, times.blocks, lasts / times.median);
  fmt::print("rare      one block in 1000 takes longer than {:.1f} us, {:.1f} times the median\n",
             1e6 * times.rare, times.rare / times.median);
  fmt::print("worst     {:.1f} us, {:.1f} times the median\n", 1e6 * times.worst,
             times.worst / times.median);
  return 0;
}

}  // namespace cli
