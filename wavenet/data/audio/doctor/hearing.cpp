#include "wavenet/data/audio/doctor/hearing.h"

#include <algorithm>

#include "wavenet/base/check.h"
#include "wavenet/base/hash.h"
#include "wavenet/sound/decoder.h"
#include "wavenet/sound/spectrum.h"

namespace wavenet::data {
namespace {

constexpr std::int64_t kSpectrum = 1024;  // samples of a frame
constexpr float kDither = 0x1p-12F;       // the peak of what converters leave in silence

// What two neighbouring values of a sample differ by near full scale, and the highest of them.
struct Steps {
  float grain;
  float full_scale;
};

Steps steps_of(const std::string& format) {
  const auto says = [&](const char* words) { return format.find(words) != format.npos; };
  if (says("U-Law")) {
    return {1024 / 32768.0F, 32124 / 32768.0F};
  }
  if (says("A-Law")) {
    return {1024 / 32768.0F, 32256 / 32768.0F};
  }
  if (says("8 bit")) {
    return {1 / 128.0F, 127 / 128.0F};
  }
  return {0x1p-15F, 1 - 0x1p-15F};
}

// The mean over frames that do not overlap.
class MeanSpectrum {
 public:
  MeanSpectrum() : transform_(kSpectrum), sum_(kSpectrum / 2 + 1) {}
  void add(std::span<const float> samples) {
    waiting_.insert(waiting_.end(), samples.begin(), samples.end());
    std::size_t first = 0;
    for (; first + kSpectrum <= waiting_.size(); first += kSpectrum) {
      const auto power =
          transform_.windowed_power(std::span<const float>(waiting_).subspan(first, kSpectrum));
      std::transform(sum_.begin(), sum_.end(), power.begin(), sum_.begin(), std::plus<>());
      ++frames_;
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first));
  }
  std::int64_t frames() const { return frames_; }
  std::vector<double> mean() const {
    std::vector<double> mean = sum_;
    for (double& power : mean) {
      power /= static_cast<double>(frames_);
    }
    return mean;
  }

 private:
  sound::Fourier transform_;
  std::vector<double> sum_;
  std::vector<float> waiting_;
  std::int64_t frames_ = 0;
};

class Listener {
 public:
  explicit Listener(const sound::Facts& facts)
      : count_(static_cast<std::size_t>(facts.channels)),
        levels_(static_cast<double>(facts.rate)),
        channels_(count_),
        hum_(static_cast<double>(facts.rate)),
        words_(static_cast<double>(facts.rate)) {
    const Steps steps = steps_of(facts.format);
    clipping_.assign(count_, ClippingScan(steps.grain, steps.full_scale));
    hash_.add(&facts.rate, sizeof facts.rate);
    hash_.add(&facts.channels, sizeof facts.channels);
  }

  void add(std::span<const float> frames) {
    hash_.add(frames.data(), frames.size_bytes());
    const std::span<const float> mix = count_ == 1 ? frames : mixed(frames);
    levels_.add(mix);
    spectrum_.add(mix);
    hum_.add(mix);
    words_.add(mix);
    if (count_ == 1) {
      clipping_[0].add(frames);
    } else {
      channels_.add(frames);
      clip_each(frames);
    }
  }

  void finish(HeardFile& heard) {
    heard.hash = hash_.value();
    heard.levels = levels_.finish();
    heard.channels = channels_.finish();
    heard.hum = hum_.finish();
    heard.words = words_.finish();
    heard.hop_seconds = words_.hop_seconds();
    for (ClippingScan& scan : clipping_) {
      const Clipping one = scan.finish();
      const auto runs = [](const Clipping& c) { return c.full.runs + c.below.runs + c.over; };
      heard.clipping = runs(one) > runs(heard.clipping) ? one : heard.clipping;
    }
    if (spectrum_.frames() > 0) {
      const std::vector<double> power = spectrum_.mean();
      heard.band = band_limit(power, static_cast<double>(heard.facts.rate));
      heard.flatness = flatness(std::span(power).subspan(2));  // DC and its neighbour apart
    }
  }

 private:
  std::span<const float> mixed(std::span<const float> frames) {
    mix_.resize(frames.size() / count_);
    for (std::size_t i = 0; i < mix_.size(); ++i) {
      float sum = 0;
      for (std::size_t c = 0; c < count_; ++c) {
        sum += frames[i * count_ + c];
      }
      mix_[i] = sum / static_cast<float>(count_);
    }
    return mix_;
  }

  void clip_each(std::span<const float> frames) {
    for (std::size_t c = 0; c < count_; ++c) {
      one_.clear();
      for (std::size_t i = c; i < frames.size(); i += count_) {
        one_.push_back(frames[i]);
      }
      clipping_[c].add(one_);
    }
  }

  std::size_t count_;
  LevelMeter levels_;
  ChannelScan channels_;
  HumSearch hum_;
  Fingerprinter words_;
  MeanSpectrum spectrum_;
  std::vector<ClippingScan> clipping_;
  Fnv1a64 hash_;
  std::vector<float> mix_;
  std::vector<float> one_;
};

// Messages begin with the path, which a finding names by itself.
std::string without_name(const std::string& sentence, const std::filesystem::path& path) {
  const std::string name = path.string() + ": ";
  return sentence.starts_with(name) ? sentence.substr(name.size()) : sentence;
}

}  // namespace

double HeardFile::seconds_at(std::int64_t frame) const {
  return facts.rate == 0 ? 0 : static_cast<double>(frame) / static_cast<double>(facts.rate);
}

double HeardFile::seconds() const { return seconds_at(frames); }

bool HeardFile::is_silent() const {
  return levels.peak < kDither && levels.rms < static_cast<double>(kSilent);
}

HeardFile hear(const sound::SoundFile& file) {
  HeardFile heard{file};
  try {
    sound::Decoder decoder(file.path);
    heard.facts = decoder.facts();
    Listener listener(heard.facts);
    for (auto frames = decoder.next(); !frames.empty(); frames = decoder.next()) {
      listener.add(frames);
    }
    heard.frames = decoder.frames();
    for (const std::string& sentence : decoder.close()) {
      heard.strange.push_back(without_name(sentence, file.path));
    }
    listener.finish(heard);
  } catch (const Error& error) {
    heard.problem = without_name(error.what(), file.path);
  }
  return heard;
}

}  // namespace wavenet::data
