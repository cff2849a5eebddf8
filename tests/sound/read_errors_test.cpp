// Each way in which a file is no sound, or no whole one, is one line: the file, the rule, the value.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <limits>

#include "sounds.h"

namespace wavenet::sound {
namespace {

namespace fs = std::filesystem;

class ReadErrors : public InFolder {
 protected:
  // What is wrong with the file, without its name.
  std::string problem_of_file(const std::string& name, const ReadOptions& options = {}) {
    const std::string path = folder_ / name;
    const std::string problem = problem_of([&] { read_all(path, options); });
    EXPECT_TRUE(problem.starts_with(path + ": ")) << problem;
    EXPECT_EQ(problem.find('\n'), std::string::npos);
    return problem.substr(std::min(problem.size(), path.size() + 2));
  }
  std::string problem_of_bytes(const std::string& name, std::string_view bytes) {
    put(folder_ / name, bytes);
    return problem_of_file(name);
  }
};

const std::string kSound = bytes_of_shorts(shorts_of(sine(440, 8000, 1000, 0.5)));

TEST_F(ReadErrors, WhatIsNoRegularFile) {
  EXPECT_EQ(problem_of_file("none.wav"), "no such file");
  fs::create_directory(folder_ / "folder.wav");
  EXPECT_EQ(problem_of_file("folder.wav"), "is a directory, a sound file was expected");
  EXPECT_EQ(problem_of_bytes("empty.wav", ""), "is empty, a sound file was expected");
  EXPECT_EQ(problem_of_bytes("empty.sln", ""), "is empty, a sound file was expected");
  ASSERT_EQ(::mkfifo((folder_ / "pipe.wav").c_str(), 0600), 0);
  EXPECT_EQ(problem_of_file("pipe.wav"), "is no regular file, and sound is read from none else");
  EXPECT_EQ(problem_of([] { read_all("/dev/zero"); }),
            "/dev/zero: is no regular file, and sound is read from none else");
  put(folder_ / "locked.wav", wav_file({}, kSound));
  if (::geteuid() != 0) {  // who is root may read everything
    fs::permissions(folder_ / "locked.wav", fs::perms::none);
    EXPECT_EQ(problem_of_file("locked.wav"), "permission denied");
  }
}

TEST_F(ReadErrors, WhatIsNoSound) {
  const std::string text = "These are the words of a text, Grüße.\nIt has lines.\n";
  EXPECT_EQ(problem_of_bytes("text.wav", text), "is text, a sound file was expected");
  EXPECT_EQ(problem_of_bytes("text.mp3", text), "is text, a sound file was expected");
  EXPECT_EQ(problem_of_bytes("text.gsm", text),
            "is named as raw GSM and is none: frames of 33 bytes must begin with 0xD");
  EXPECT_EQ(problem_of_bytes("noise.wav", std::string(1000, '\x01')),
            "is no sound that can be decoded: its first bytes are 01 01 01 01 01 01 01 01");
}

TEST_F(ReadErrors, WhatNoDecoderKnows) {
  EXPECT_EQ(
      problem_of_bytes("a.wav", wav_file({0x161, 2, 44100, 16, 4}, kSound)),
      "is no sound that can be decoded: a WAV file of format tag 0x161, 2 channels and 16 bits");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({}, "").substr(0, 36)),
            "is no sound that can be decoded: a WAV file without a data chunk");
}

TEST_F(ReadErrors, HeadersThatMakeNoSense) {
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({1, 1, 0, 16, 2}, kSound)),
            "its header says a rate of 0 samples a second");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({1, 0, 8000, 16, 2}, kSound)),
            "its header says 0 channels");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({1, 1, 2000000, 16, 2}, kSound)),
            "its header says a rate of 2000000 samples a second, and 1 to 1048576 can be");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({1, 1, 0, 24, 4}, kSound)),
            "its header says a rate of 0 samples a second, and 1 to 1048576 can be");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({}, "")), "holds 0 samples");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({}, "") + "LIST" + little_endian(4, 4) + "INFO"),
            "holds 0 samples");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({}, "", 2000)),
            "its header claims 1000 samples, and none can be decoded");
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({}, "", 0x7FFFF000)), "holds 0 samples");
  EXPECT_EQ(problem_of_bytes("a.sln", "x"), "holds 0 samples");
}

TEST_F(ReadErrors, AFlacThatWasCut) {
  write_shorts(folder_ / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1,
               shorts_of(sine(440, 8000, 40000, 0.5)));
  const std::string bytes = content_of(folder_ / "a.flac");
  for (const double share : {0.4, 0.7, 0.99}) {
    const auto kept = static_cast<std::size_t>(share * static_cast<double>(bytes.size()));
    const std::string problem = problem_of_bytes("cut.flac", bytes.substr(0, kept));
    EXPECT_TRUE(problem.starts_with("is cut short or damaged: ")) << problem;
    EXPECT_TRUE(problem.ends_with(" of 40000 samples can be decoded")) << problem;
  }
  EXPECT_EQ(problem_of_bytes("cut.flac", bytes.substr(0, 50)).substr(0, 31),
            "is no sound that can be decoded");
}

TEST_F(ReadErrors, AFlacWithADamagedPlace) {
  write_shorts(folder_ / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1,
               shorts_of(sine(440, 8000, 40000, 0.5)));
  std::string bytes = content_of(folder_ / "a.flac");
  for (std::size_t i = 0; i < 300; ++i) {
    bytes[bytes.size() / 2 + i] = '\x55';
  }
  const std::string problem = problem_of_bytes("bad.flac", bytes);
  EXPECT_TRUE(problem.starts_with("is cut short or damaged: ")) << problem;
}

TEST_F(ReadErrors, SamplesThatAreNoNumbers) {
  std::vector<float> samples(50000, 0.5F);
  samples[40005] = std::numeric_limits<float>::quiet_NaN();
  const WavForm form{3, 1, 8000, 32, 4};
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file(form, bytes_of_floats(samples))),
            "sample 40005 is nan, and sound consists of finite numbers");
  samples[40005] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file(form, bytes_of_floats(samples))),
            "sample 40005 is -inf, and sound consists of finite numbers");
  // Of two channels, a frame is one sample.
  EXPECT_EQ(problem_of_bytes("a.wav", wav_file({3, 2, 8000, 32, 8}, bytes_of_floats(samples))),
            "sample 20002 is -inf, and sound consists of finite numbers");
}

// Finite in the file; between its samples there is more than a float holds.
TEST_F(ReadErrors, SamplesThatAreNoNumbersAfterResampling) {
  std::vector<float> square(4000);
  for (std::size_t i = 0; i < square.size(); ++i) {
    square[i] = (i / 40 % 2 == 0 ? 1.0F : -1.0F) * std::numeric_limits<float>::max();
  }
  put(folder_ / "a.wav", wav_file({3, 1, 8000, 32, 4}, bytes_of_floats(square)));
  const std::string problem = problem_of_file("a.wav", {.rate = 16000});
  EXPECT_TRUE(problem.ends_with("inf after resampling")) << problem;
  EXPECT_TRUE(problem.starts_with("sample ")) << problem;
}

TEST_F(ReadErrors, RatesThatNothingCanHave) {
  put(folder_ / "a.wav", wav_file({}, kSound));
  EXPECT_EQ(problem_of_file("a.wav", {.rate = 0}),
            "cannot be read at 0 samples a second, only at 1 to 1048576");
  EXPECT_EQ(problem_of_file("a.wav", {.rate = -16000}),
            "cannot be read at -16000 samples a second, only at 1 to 1048576");
  EXPECT_EQ(problem_of_file("a.wav", {.rate = 31}),
            "has 8000 samples a second and cannot be brought to 31: no rate is brought to one that "
            "is more "
            "than 256 times as high or as low");
}

TEST_F(ReadErrors, AFileThatChangesWhileItIsRead) {
  const fs::path path = folder_ / "a.wav";
  const std::string bytes = wav_file({}, kSound);
  const auto problem_while = [&](const std::function<void()>& change) {
    put(path, bytes);
    return problem_of([&] { read(path, {}, [&](std::span<const float>) { change(); }); });
  };
  EXPECT_EQ(problem_while([] {}), "none");
  const std::string start = path.string() + ": changed while it was read: it had 2044 bytes, now ";
  const std::string end = "; read it when nobody writes it";
  EXPECT_EQ(problem_while([&] { std::ofstream(path, std::ios::app) << "more"; }),
            start + "2048" + end);
  EXPECT_EQ(problem_while([&] { fs::resize_file(path, 1000); }), start + "1000" + end);
  EXPECT_EQ(problem_while([&] {
              fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));
            }),
            start + "2044" + end);
  EXPECT_EQ(problem_while([&] {
              put(folder_ / "b.wav", bytes);
              fs::last_write_time(folder_ / "b.wav", fs::last_write_time(path));
              fs::rename(folder_ / "b.wav", path);  // another file of the same size and time
            }),
            start + "2044" + end);
  EXPECT_EQ(problem_while([&] { fs::remove(path); }), start + "it is gone" + end);
}

TEST_F(ReadErrors, KindsSayWhatToDo) {
  const auto kind_of = [](const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::stopped;
  };
  put(folder_ / "a.wav", "text");
  EXPECT_EQ(kind_of([&] { look(folder_ / "a.wav"); }), ErrorKind::damaged);
  EXPECT_EQ(kind_of([&] { look(folder_ / "b.wav"); }), ErrorKind::missing);
  EXPECT_EQ(kind_of([&] { look(folder_); }), ErrorKind::io);
  put(folder_ / "c.wav", wav_file({}, kSound));
  EXPECT_EQ(kind_of([&] { read_all(folder_ / "c.wav", {.rate = 0}); }), ErrorKind::usage);
}

// A quarter of a gibibyte of samples, none of which is kept.
TEST_F(ReadErrors, MemoryDoesNotGrowWithTheFile) {
  const fs::path path = folder_ / "long.wav";
  put(path, wav_file({}, "", 1 << 28));
  fs::resize_file(path, 44 + (1U << 28));  // a hole: no disk is used
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  const Report report = read(path, {}, [](std::span<const float>) {});
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_EQ(report.frames, (1U << 28) / 2);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 << 10);  // KiB
}

}  // namespace
}  // namespace wavenet::sound
