#include "wavenet/data/audio/doctor/places.h"

#include <fmt/format.h>

#include <cmath>

namespace wavenet::data {

std::string time_text(double seconds) {
  const auto milliseconds = std::llround(seconds * 1000);
  return fmt::format("{:02}:{:02}.{:03}", milliseconds / 60'000, milliseconds / 1000 % 60,
                     milliseconds % 1000);
}

std::string SoundPlaces::text() const {
  std::string text;
  for (std::size_t i = 0; i < std::min(all_.size(), kShown); ++i) {
    const SoundPlace& place = all_[i];
    text += (i == 0 ? "" : ", ") + place.file;
    text += place.seconds ? " at " + time_text(*place.seconds) : "";
    text += place.measure.empty() ? "" : " (" + place.measure + ")";
  }
  return all_.size() <= kShown ? text : text + fmt::format(" and {} more", all_.size() - kShown);
}

}  // namespace wavenet::data
