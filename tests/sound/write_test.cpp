// What is written against the numbers that 16 and 24 bits have, and against other readers.
#include "wavenet/sound/write.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <limits>
#include <thread>

#include "sounds.h"
#include "wavenet/base/descriptor.h"

namespace wavenet::sound {
namespace {

namespace fs = std::filesystem;

class WriteSound : public InFolder {};

std::vector<int> integers_of(std::string_view bytes, std::size_t size) {
  std::vector<int> values;
  for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i + 8 * (4 - size));
    }
    values.push_back(static_cast<std::int32_t>(value) >> (8 * (4 - size)));
  }
  return values;
}

TEST_F(WriteSound, SixteenBitsAreRoundedHalvesToEvenAndClamped) {
  const auto steps = [](double count) { return static_cast<float>(count / 32768); };
  const std::vector<float> samples{
      0,           -0.0F,          steps(0.5),    steps(1.5),  steps(-0.5),
      steps(-1.5), steps(0.49),    steps(-0.51),  steps(2.51), 0.5F,
      1,           1.5F,           1e30F,         -1,          -1.5F,
      -1e30F,      steps(32766.4), steps(32767.4)};
  const std::string bytes = wav_bytes(samples, 16000);
  const std::vector<int> expected{0,     0,     0,     2,     0,      -2,     0,      -1,    3,
                                  16384, 32767, 32767, 32767, -32768, -32768, -32768, 32766, 32767};
  EXPECT_EQ(integers_of(bytes.substr(44), 2), expected);
  WavWriter writer(folder_ / "a.wav", 16000);
  writer.add(samples);
  EXPECT_EQ(writer.clamped(), 5);  // -1 is a number of 16 bits, 1 is none
  EXPECT_EQ(writer.samples(), 18);
  writer.finish();
  EXPECT_EQ(content_of(folder_ / "a.wav"), bytes);
}

TEST_F(WriteSound, TheHeaderIsThatOfTheFormat) {
  const std::vector<float> samples{0.25F, -0.25F, 0.125F};
  EXPECT_EQ(wav_bytes(samples, 16000),
            wav_file({1, 1, 16000, 16, 2}, bytes_of_shorts({8192, -8192, 4096})));
  const std::string odd = wav_bytes(samples, 16000, Sample::int24);
  EXPECT_EQ(odd.size(), 44U + 9 + 1);  // chunks have an even length
  EXPECT_EQ(odd.substr(4, 4), little_endian(36 + 9 + 1, 4));
  EXPECT_EQ(odd.substr(40, 4), little_endian(9, 4));
  EXPECT_EQ(integers_of(odd.substr(44, 9), 3), (std::vector<int>{2097152, -2097152, 1048576}));
  const std::string floats = wav_bytes(samples, 16000, Sample::float32);
  EXPECT_EQ(floats.substr(4, 4), little_endian(floats.size() - 8, 4));
  EXPECT_EQ(floats.substr(20, 2), little_endian(3, 2));
  EXPECT_EQ(floats.substr(38, 12), "fact" + little_endian(4, 4) + little_endian(3, 4));
  EXPECT_EQ(floats.substr(58), bytes_of_floats(samples));
}

TEST_F(WriteSound, EveryNumberOf16BitsComesBack) {
  std::vector<float> samples;
  for (int i = -32768; i < 32768; ++i) {
    samples.push_back(static_cast<float>(i) / 32768);
  }
  for (const Sample kind : {Sample::int16, Sample::int24, Sample::float32}) {
    write_wav(folder_ / "a.wav", samples, 11025, kind);
    Report report;
    EXPECT_EQ(read_all(folder_ / "a.wav", {}, &report), samples);
    EXPECT_EQ(report.facts.rate, 11025);
    EXPECT_EQ(report.facts.claimed, 65536);
    EXPECT_TRUE(report.warnings.empty());
  }
  samples = {-0x1p-23F, 0x1p-23F, 1 - 0x1p-23F, -1};
  write_wav(folder_ / "a.wav", samples, 11025, Sample::int24);
  EXPECT_EQ(read_all(folder_ / "a.wav"), samples);
}

TEST_F(WriteSound, FloatsBeyondOneStay) {
  const std::vector<float> samples{1.5F, -3, 1e-30F};
  write_wav(folder_ / "a.wav", samples, 8000, Sample::float32);
  EXPECT_EQ(content_of(folder_ / "a.wav").substr(58), bytes_of_floats(samples));
}

TEST_F(WriteSound, OtherReadersReadIt) {
  const std::vector<float> samples = sine(440, 16000, 1001, 0.5);
  const std::string expected = bytes_of_shorts([&] {
    std::vector<short> shorts;
    for (const float x : samples) {
      shorts.push_back(static_cast<short>(std::lround(x * 32768)));
    }
    return shorts;
  }());
  int readers = 0;
  const fs::path raw = folder_ / "raw";
  for (const Sample kind : {Sample::int16, Sample::int24, Sample::float32}) {
    const fs::path path = folder_ / "a.wav";
    write_wav(path, samples, 16000, kind);
    if (kind == Sample::int16 && runs("command -v python3")) {
      ++readers;
      ASSERT_TRUE(runs("python3 -c \"import wave; f = wave.open('" + path.string() +
                       "'); assert f.getparams()[:4] == (1, 2, 16000, 1001); open('" +
                       raw.string() + "', 'wb').write(f.readframes(2000))\""));
      EXPECT_EQ(content_of(raw), expected);
    }
    if (runs("command -v sox")) {
      ++readers;
      ASSERT_TRUE(runs("sox -D " + path.string() + " -t s16 " + raw.string()));
      EXPECT_EQ(content_of(raw).size(), expected.size());
      if (kind == Sample::int16) {
        EXPECT_EQ(content_of(raw), expected);
      }
      EXPECT_FALSE(runs("sox -D " + path.string() + " -t s16 /dev/null 2>&1 | grep WARN"));
    }
    if (runs("python3 -c 'import scipy.io.wavfile'")) {
      ++readers;
      EXPECT_TRUE(runs("python3 -W error -c \"import scipy.io.wavfile as w; r, x = w.read('" +
                       path.string() + "'); assert r == 16000 and x.shape == (1001,)\""));
    }
  }
  if (readers == 0) {
    GTEST_SKIP() << "neither sox nor Python is installed";
  }
}

TEST_F(WriteSound, NobodySeesAFileThatIsNotWhole) {
  const fs::path path = folder_ / "a.wav";
  write_wav(path, std::vector<float>(10, 0.5F), 8000);
  const std::string old = content_of(path);
  {
    WavWriter writer(path, 8000);
    writer.add(std::vector<float>(100000, 0.25F));
    EXPECT_EQ(content_of(path), old);
  }
  EXPECT_EQ(content_of(path), old);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);  // nothing is left over
}

TEST_F(WriteSound, RefusesWhatNoFileCanHold) {
  const std::string path = folder_ / "a.wav";
  std::vector<float> bad(10);
  bad[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(problem_of([&] { write_wav(path, bad, 8000); }),
            path + ": sample 7 is nan, and only finite numbers are written");
  bad[7] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(problem_of([&] { write_wav(path, bad, 8000, Sample::float32); }),
            path + ": sample 7 is inf, and only finite numbers are written");
  EXPECT_EQ(problem_of([&] { write_wav(path, {}, 0); }),
            path + ": cannot have 0 samples a second, only 1 to 1048576");
  // Of the too long sound only its length is looked at.
  const std::span<const float> endless(bad.data(), std::size_t{1} << 31);
  EXPECT_EQ(
      problem_of([&] { write_wav(path, endless, 8000); }),
      path + ": a WAV file of this kind holds at most 2147483615 samples, 2147483648 are too many");
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(problem_of([&] { write_wav(folder_ / "none" / "a.wav", {}, 8000); }),
            (folder_ / "none" / "a.wav").string() + ": cannot be written: no such directory");
  EXPECT_EQ(problem_of([&] { write_wav(folder_, {}, 8000); }),
            folder_.string() + ": is a directory, a file was expected");
}

// A file that may not grow fails as a full disk does, at the same call.
TEST_F(WriteSound, AFullDiskIsOneLineAndTheOldFileStays) {
  const std::string path = folder_ / "a.wav";
  write_wav(path, std::vector<float>(10, 0.5F), 8000);
  const std::string old = content_of(path);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 1000;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string problem =
      problem_of([&] { write_wav(path, std::vector<float>(100000), 8000); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(problem, path + ": cannot be written: File too large");
  EXPECT_EQ(content_of(path), old);
}

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    out = Descriptor(ends[0]);
    in = Descriptor(ends[1]);
  }
  Descriptor out{-1};
  Descriptor in{-1};
};

TEST(RawSound, GoesThroughAPipeAsItIs) {
  Pipe pipe;
  RawWriter writer(pipe.in.number(), "standard output");
  EXPECT_TRUE(writer.add(std::vector<float>{0.5F, -1, 2}));
  EXPECT_TRUE(writer.add({}));
  EXPECT_EQ(writer.samples(), 3);
  EXPECT_EQ(writer.clamped(), 1);
  char bytes[16];
  ASSERT_EQ(::read(pipe.out.number(), bytes, sizeof bytes), 6);
  EXPECT_EQ(std::string(bytes, 6), bytes_of_shorts({16384, -32768, 32767}));
}

TEST(RawSound, WhoNobodyHearsStopsAndIsNotKilled) {
  Pipe pipe;
  RawWriter writer(pipe.in.number(), "standard output");
  EXPECT_TRUE(writer.add(std::vector<float>(10)));
  pipe.out.close();
  EXPECT_FALSE(writer.add(std::vector<float>(10)));
  EXPECT_FALSE(writer.add(std::vector<float>(10)));
  EXPECT_EQ(writer.samples(), 10);
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, nullptr, &now);
  EXPECT_EQ(sigismember(&now, SIGPIPE), 0);  // as it was
}

TEST(RawSound, WaitsForASlowReader) {
  Pipe pipe;
  ASSERT_EQ(::fcntl(pipe.in.number(), F_SETFL, O_NONBLOCK), 0);
  constexpr std::size_t kSamples = 300000;  // far more than a pipe holds
  std::size_t got = 0;
  std::thread reader([&] {
    char bytes[4096];
    for (ssize_t n = 1; n > 0;) {
      n = ::read(pipe.out.number(), bytes, sizeof bytes);
      got += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
  });
  RawWriter writer(pipe.in.number(), "standard output");
  EXPECT_TRUE(writer.add(std::vector<float>(kSamples, 0.5F)));
  pipe.in.close();
  reader.join();
  EXPECT_EQ(got, 2 * kSamples);
}

TEST(RawSound, AFullDiskIsOneLine) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (full.number() < 0) {
    GTEST_SKIP() << "there is no /dev/full here";
  }
  RawWriter writer(full.number(), "standard output");
  EXPECT_EQ(problem_of([&] { writer.add(std::vector<float>(10)); }),
            "standard output: cannot be written: No space left on device");
  const std::vector<float> bad{0, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(problem_of([&] { writer.add(bad); }),
            "standard output: sample 1 is nan, and only finite numbers are written");
}

}  // namespace
}  // namespace wavenet::sound
