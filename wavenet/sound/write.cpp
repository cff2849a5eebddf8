#include "wavenet/sound/write.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "wavenet/base/atomic_file.h"
#include "wavenet/base/check.h"
#include "wavenet/sound/pcm.h"

namespace wavenet::sound {
namespace {

constexpr std::size_t kWriteBlock = 1 << 14;  // samples that are turned into bytes at once

}  // namespace

struct WavWriter::File {
  explicit File(const std::filesystem::path& path) : name(path.string()), atomic(path) {}
  std::string name;
  AtomicFile atomic;
};

WavWriter::WavWriter(const std::filesystem::path& path, std::int64_t rate, Sample sample)
    : rate_(rate), sample_(sample) {
  check_wav_rate(path.string(), rate);
  file_ = std::make_unique<File>(path);
  file_->atomic.write(wav_header_of(0, rate_, sample_));
}

WavWriter::WavWriter(WavWriter&&) noexcept = default;
WavWriter& WavWriter::operator=(WavWriter&&) noexcept = default;
WavWriter::~WavWriter() = default;

void WavWriter::add(std::span<const float> samples) {
  check_wav_length(file_->name, samples_ + static_cast<std::int64_t>(samples.size()), sample_);
  check_writable(file_->name, samples, samples_);
  while (!samples.empty()) {
    const std::span<const float> block = samples.first(std::min(kWriteBlock, samples.size()));
    bytes_.clear();
    append_samples(bytes_, block, sample_, clamped_);
    file_->atomic.write(bytes_);
    samples_ += static_cast<std::int64_t>(block.size());
    samples = samples.subspan(block.size());
  }
}

void WavWriter::finish() {
  file_->atomic.write(wav_padding(samples_, sample_));
  file_->atomic.write_at(0, wav_header_of(samples_, rate_, sample_));
  file_->atomic.take_place();
}

void write_wav(const std::filesystem::path& path, std::span<const float> samples, std::int64_t rate,
               Sample sample) {
  WavWriter writer(path, rate, sample);
  writer.add(samples);
  writer.finish();
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
  check_writable(name_, samples, samples_);
  const NoPipeSignal quiet;
  bytes_.clear();
  append_samples(bytes_, samples, sample_, clamped_);
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
