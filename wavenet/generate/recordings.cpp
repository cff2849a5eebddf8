#include "wavenet/generate/recordings.h"

#include <algorithm>

#include "wavenet/base/check.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::generate {

Recordings::Recordings(const std::vector<std::filesystem::path>& files, std::int64_t rate) {
  for (const std::filesystem::path& file : files) {
    writers_.emplace_back(file, rate);
  }
}

Recordings::Recordings(int descriptor, std::string_view name) { raw_.emplace(descriptor, name); }

bool Recordings::add(std::size_t sound, std::span<const std::uint8_t> codes) {
  levels_.clear();
  for (const std::uint8_t code : codes) {
    levels_.push_back(sound::level_of(code));
  }
  if (raw_) {
    return raw_->add(levels_);
  }
  writers_[sound].add(levels_);
  return true;
}

void Recordings::finish() {
  for (sound::WavWriter& writer : writers_) {
    writer.finish();
  }
}

std::int64_t record(Sounds& sounds, Recordings& to, const RecordOptions& options,
                    const GoOn& go_on) {
  check(options.block >= 1, "sounds: a block of {} samples", options.block);
  const auto count = static_cast<std::size_t>(sounds.count());
  bool read = true;
  sounds.prime(options.prime);
  for (std::size_t i = 0; i < count && !options.prime.empty(); ++i) {
    read = to.add(i, options.prime) && read;
  }
  std::vector<std::uint8_t> codes;
  std::int64_t made = 0;
  while (read && made < options.samples && (!go_on || go_on(made))) {
    const auto length = static_cast<std::size_t>(std::min(options.block, options.samples - made));
    codes.resize(count * length);
    sounds.make(codes);
    made += static_cast<std::int64_t>(length);
    for (std::size_t i = 0; i < count; ++i) {
      read = to.add(i, std::span(codes).subspan(i * length, length)) && read;
    }
  }
  return made;
}

}  // namespace wavenet::generate
