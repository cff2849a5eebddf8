#include "wavenet/sound/decoder.h"

#include <algorithm>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/sound/level.h"
#include "wavenet/sound/stream.h"

namespace wavenet::sound {
namespace {

constexpr std::int64_t kBlock = 1 << 12;  // samples decoded at once, of all channels together

}  // namespace

Decoder::Decoder(const std::filesystem::path& path) : stream_(std::make_unique<Stream>(path)) {
  const SF_INFO& info = stream_->info;
  facts_ = {info.samplerate, info.channels, stream_->format(), stream_->claimed()};
  block_.resize(static_cast<std::size_t>(std::max(kBlock / facts_.channels, std::int64_t{1}) *
                                         facts_.channels));
}

Decoder::~Decoder() = default;

std::span<const float> Decoder::next() {
  const std::span<const float> samples = decode();
  stream_->view.rethrow();
  peak_ = largest(samples);
  if (!std::isfinite(peak_)) {
    const std::size_t place = first_not_finite(samples);
    fail_damaged("{}: sample {} is {}, and sound consists of finite numbers", stream_->name(),
                 frames_ + static_cast<std::int64_t>(place) / facts_.channels, samples[place]);
  }
  frames_ += static_cast<std::int64_t>(samples.size()) / facts_.channels;
  return samples;
}

std::span<const float> Decoder::decode() {
  const std::int64_t room = static_cast<std::int64_t>(block_.size()) / facts_.channels;
  const std::int64_t wanted = std::min(room, stream_->limit() - frames_);
  if (wanted <= 0) {
    return {};
  }
  if (stream_->in_4_bytes) {
    return decode_24_in_4(wanted);
  }
  const sf_count_t got = sf_readf_float(stream_->file.get(), block_.data(), wanted);
  failed_ = failed_ || sf_error(stream_->file.get()) != SF_ERR_NO_ERROR;  // gone at the next call
  return std::span(block_).first(static_cast<std::size_t>(got * facts_.channels));
}

std::span<const float> Decoder::decode_24_in_4(std::int64_t wanted) {
  words_.resize(block_.size());
  const sf_count_t got = sf_readf_int(stream_->file.get(), words_.data(), wanted);
  const auto count = static_cast<std::size_t>(got * facts_.channels);
  for (std::size_t i = 0; i < count; ++i) {
    const int word = words_[i];
    check_intact(
        (word >> 24) == 0 || (word >> 24) == -1,
        "{}: its header says 24 bits in 4 bytes, but sample {} has {:#x} in its fourth byte; "
        "convert it to 24 bits in 3 bytes",
        stream_->name(), frames_ + static_cast<std::int64_t>(i) / facts_.channels,
        static_cast<unsigned>(word) >> 24);
    block_[i] =
        static_cast<float>(static_cast<std::int32_t>(static_cast<std::uint32_t>(word) << 8)) /
        2147483648.0F;
  }
  return std::span(block_).first(count);
}

std::vector<std::string> Decoder::close() {
  stream_->source.check_unchanged();
  check_complete();
  return strange();
}

void Decoder::check_complete() const {
  const std::string& name = stream_->name();
  const std::int64_t claimed = facts_.claimed.value_or(frames_);
  const bool fewer = frames_ < claimed;
  check_intact(frames_ > 0 || !fewer, "{}: its header claims {} samples, and none can be decoded",
               name, claimed);
  check_intact(frames_ > 0, "{}: holds 0 samples", name);
  check_intact(!fewer || stream_->container() != Container::flac,
               "{}: is cut short or damaged: {} of {} samples can be decoded", name, frames_,
               claimed);
}

std::vector<std::string> Decoder::strange() const {
  std::vector<std::string> sentences;
  const auto say = [&](const std::string& what) {
    sentences.push_back(stream_->name() + ": " + what);
  };
  const Container container = stream_->container();
  if (failed_ && !facts_.claimed) {
    say(fmt::format("may be cut short or damaged: behind sample {} nothing can be decoded",
                    frames_));
  }
  if (facts_.claimed && *facts_.claimed != frames_) {
    say(fmt::format("its header claims {} samples, {} were read", *facts_.claimed, frames_));
  }
  if (stream_->header && stream_->header->says_nothing()) {
    say(fmt::format("its header says that no sound follows; the {} bytes behind it were read",
                    stream_->header->bytes_behind()));
  }
  if (const auto at = behind_sound(stream_->source, container, stream_->view.at)) {
    say(fmt::format(
        "something else begins at byte {} of {}, and only the sound before it was read; "
        "take files that were put together apart again",
        *at, stream_->source.size()));
  }
  if (container == Container::ogg && !ogg_ends(stream_->source)) {
    say("its last page is not marked as the last: it may be cut short");
  }
  return sentences;
}

}  // namespace wavenet::sound
