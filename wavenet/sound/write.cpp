#include "wavenet/sound/write.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>

#include "wavenet/base/atomic_file.h"
#include "wavenet/base/check.h"
#include "wavenet/sound/level.h"
#include "wavenet/sound/resample.h"

namespace wavenet::sound {
namespace {

constexpr std::int64_t kMostBytes = 0xFFFFFFFF;  // that a chunk's size can say
constexpr std::size_t kBlock = 1 << 14;          // samples that are turned into bytes at once

std::int64_t bytes_of(Sample sample) {
  return sample == Sample::int16 ? 2 : sample == Sample::int24 ? 3 : 4;
}

void append(std::string& bytes, std::uint32_t value, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  }
}

// Halves go to the even neighbour, as the processor rounds.
std::uint32_t integer_of(float x, std::int64_t count, std::int64_t& clamped) {
  const double scale = count == 2 ? 0x1p15 : 0x1p23;
  const double rounded = std::nearbyint(static_cast<double>(x) * scale);
  const double value = std::clamp(rounded, -scale, scale - 1);
  clamped += value == rounded ? 0 : 1;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
}

// Appends the samples as a WAV file has them.
void append(std::string& bytes, std::span<const float> samples, Sample sample,
            std::int64_t& clamped) {
  const std::int64_t count = bytes_of(sample);
  for (const float x : samples) {
    append(
        bytes,
        sample == Sample::float32 ? std::bit_cast<std::uint32_t>(x) : integer_of(x, count, clamped),
        count);
  }
}

void check_finite(std::string_view name, std::span<const float> samples, std::int64_t first) {
  if (!std::isfinite(largest(samples))) {
    const std::size_t place = first_not_finite(samples);
    fail("{}: sample {} is {}, and only finite numbers are written", name,
         first + static_cast<std::int64_t>(place), samples[place]);
  }
}

// The format's chunk has the size that its kind asks for, and floats have a count of samples besides.
std::string header_of(std::int64_t samples, std::int64_t rate, Sample sample) {
  const bool floats = sample == Sample::float32;
  const std::int64_t frame = bytes_of(sample);
  const std::int64_t data = samples * frame;
  const auto number = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  std::string bytes = "RIFF";
  append(bytes, number((floats ? 50 : 36) + data + data % 2), 4);
  bytes += "WAVEfmt ";
  append(bytes, floats ? 18 : 16, 4);
  append(bytes, floats ? 3 : 1, 2);
  append(bytes, 1, 2);  // channel
  append(bytes, number(rate), 4);
  append(bytes, number(rate * frame), 4);
  append(bytes, number(frame), 2);
  append(bytes, number(8 * frame), 2);
  if (floats) {
    append(bytes, 0, 2);
    bytes += "fact";
    append(bytes, 4, 4);
    append(bytes, number(samples), 4);
  }
  bytes += "data";
  append(bytes, number(data), 4);
  return bytes;
}

std::int64_t checked_rate(std::string_view name, std::int64_t rate) {
  check(rate >= 1 && rate <= kMaxRate, "{}: cannot have {} samples a second, only 1 to {}", name,
        rate, kMaxRate);
  return rate;
}

void check_length(std::string_view name, std::int64_t samples, Sample sample) {
  const std::int64_t most = (kMostBytes - 64) / bytes_of(sample);
  check(samples <= most, "{}: a WAV file of this kind holds at most {} samples, {} are too many",
        name, most, samples);
}

// A chunk of odd length is filled up by a byte.
std::string_view padding(std::int64_t samples, Sample sample) {
  return samples * bytes_of(sample) % 2 == 1 ? std::string_view("\0", 1) : std::string_view();
}

}  // namespace

struct WavWriter::File {
  explicit File(const std::filesystem::path& path) : name(path.string()), atomic(path) {}
  std::string name;
  AtomicFile atomic;
};

WavWriter::WavWriter(const std::filesystem::path& path, std::int64_t rate, Sample sample)
    : rate_(checked_rate(path.string(), rate)), sample_(sample) {
  file_ = std::make_unique<File>(path);
  file_->atomic.write(header_of(0, rate_, sample_));
}

WavWriter::WavWriter(WavWriter&&) noexcept = default;
WavWriter& WavWriter::operator=(WavWriter&&) noexcept = default;
WavWriter::~WavWriter() = default;

void WavWriter::add(std::span<const float> samples) {
  check_length(file_->name, samples_ + static_cast<std::int64_t>(samples.size()), sample_);
  check_finite(file_->name, samples, samples_);
  while (!samples.empty()) {
    const std::span<const float> block = samples.first(std::min(kBlock, samples.size()));
    bytes_.clear();
    append(bytes_, block, sample_, clamped_);
    file_->atomic.write(bytes_);
    samples_ += static_cast<std::int64_t>(block.size());
    samples = samples.subspan(block.size());
  }
}

void WavWriter::finish() {
  file_->atomic.write(padding(samples_, sample_));
  file_->atomic.write_at(0, header_of(samples_, rate_, sample_));
  file_->atomic.take_place();
}

void write_wav(const std::filesystem::path& path, std::span<const float> samples, std::int64_t rate,
               Sample sample) {
  WavWriter writer(path, rate, sample);
  writer.add(samples);
  writer.finish();
}

std::string wav_bytes(std::span<const float> samples, std::int64_t rate, Sample sample) {
  const auto count = static_cast<std::int64_t>(samples.size());
  check_length("WAV in memory", count, sample);
  check_finite("WAV in memory", samples, 0);
  std::string bytes = header_of(count, checked_rate("WAV in memory", rate), sample);
  bytes.reserve(bytes.size() + samples.size() * static_cast<std::size_t>(bytes_of(sample)) + 1);
  std::int64_t clamped = 0;
  append(bytes, samples, sample, clamped);
  bytes += padding(count, sample);
  return bytes;
}

namespace {

// Keeps the calling thread from being killed by SIGPIPE, and leaves none behind that it caused.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigset_t waiting;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigpending(&waiting);
    was_waiting_ = sigismember(&waiting, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() {
    const int error = errno;
    if (!was_waiting_) {
      const timespec now{};
      sigtimedwait(&pipe_, nullptr, &now);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_waiting_ = false;
};

// What a descriptor that does not wait says when its pipe is full.
void wait_for_room(int descriptor) {
  pollfd wait{descriptor, POLLOUT, 0};
  ::poll(&wait, 1, -1);
}

}  // namespace

bool RawWriter::add(std::span<const float> samples) {
  check_finite(name_, samples, samples_);
  const NoPipeSignal quiet;
  bytes_.clear();
  append(bytes_, samples, Sample::int16, clamped_);
  for (std::string_view rest = bytes_; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EPIPE) {
      return false;
    }
    if (written < 0 && errno == EAGAIN) {
      wait_for_room(descriptor_);
    }
    check_as(ErrorKind::io, written >= 0 || errno == EINTR || errno == EAGAIN,
             "{}: cannot be written: {}", name_, std::strerror(errno));
    rest.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  samples_ += static_cast<std::int64_t>(samples.size());
  return true;
}

}  // namespace wavenet::sound
