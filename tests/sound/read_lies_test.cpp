// Files whose headers lie, or that hold more or less than one sound: what libsndfile by itself cuts off,
// adds, or takes for noise without a word.
#include <limits>

#include "sounds.h"

namespace wavenet::sound {
namespace {

namespace fs = std::filesystem;

class ReadLies : public InFolder {
 protected:
  // Reads the file; its sentences without the file's name.
  std::vector<float> read_of(const fs::path& path) {
    std::vector<float> samples = read_all(path, {}, &report_);
    said_.clear();
    for (const std::string& sentence : report_.warnings) {
      EXPECT_TRUE(sentence.starts_with(path.string() + ": ")) << sentence;
      said_.push_back(sentence.substr(path.string().size() + 2));
    }
    return samples;
  }
  std::vector<float> read_of(const std::string& name, std::string_view bytes) {
    put(folder_ / name, bytes);
    return read_of(folder_ / name);
  }

  Report report_;
  std::vector<std::string> said_;
};

using Sentences = std::vector<std::string>;

const std::vector<short> kShorts = shorts_of(sine(440, 8000, 5000, 0.5));

std::vector<float> floats_of(const std::vector<short>& shorts) {
  std::vector<float> floats;
  for (const short x : shorts) {
    floats.push_back(static_cast<float>(x) / 32768);
  }
  return floats;
}

TEST_F(ReadLies, ALengthOf0WithSoundBehindItIsReadWhole) {
  const std::string bytes = wav_file({}, bytes_of_shorts(kShorts), 0);
  EXPECT_EQ(read_of("a.wav", bytes), floats_of(kShorts));
  EXPECT_EQ(info_of(folder_ / "a.wav").frames, 0);
  EXPECT_EQ(report_.facts.claimed, std::nullopt);
  EXPECT_EQ(
      said_,
      Sentences{"its header says that no sound follows; the 10000 bytes behind it were read"});
}

TEST_F(ReadLies, LengthsOfPipesAreNone) {
  for (const std::int64_t claimed :
       {0x7FFFF000LL, 0x7FFFFFFFLL, 0x80000000LL, 0xFFFFFFFFLL, 0xFFFFFFDBLL}) {
    EXPECT_EQ(read_of("a.wav", wav_file({}, bytes_of_shorts(kShorts), claimed)),
              floats_of(kShorts));
    EXPECT_EQ(report_.facts.claimed, std::nullopt) << claimed;
    EXPECT_EQ(said_, Sentences{}) << claimed;
  }
}

TEST_F(ReadLies, TellsOfALengthThatIsNotThere) {
  EXPECT_EQ(read_of("a.wav", wav_file({}, bytes_of_shorts(kShorts), 20000)), floats_of(kShorts));
  EXPECT_EQ(report_.facts.claimed, 10000);
  EXPECT_EQ(report_.frames, 5000);
  EXPECT_EQ(said_, Sentences{"its header claims 10000 samples, 5000 were read"});
}

TEST_F(ReadLies, TellsOfSoundBehindItsEnd) {
  const std::vector<short> first(kShorts.begin(), kShorts.begin() + 1000);
  EXPECT_EQ(read_of("a.wav", wav_file({}, bytes_of_shorts(kShorts), 2000)), floats_of(first));
  EXPECT_EQ(said_,
            Sentences{"something else begins at byte 2044 of 10044, and only the sound before it "
                      "was read; take files that were put together apart again"});
  const std::string list = "LIST" + little_endian(4, 4) + "INFO";  // a chunk is none
  EXPECT_EQ(read_of("b.wav", wav_file({}, bytes_of_shorts(first)) + list), floats_of(first));
  EXPECT_EQ(said_, Sentences{});
  EXPECT_EQ(read_of("c.wav", wav_file({}, bytes_of_shorts(first)) + std::string(100, '\0')),
            floats_of(first));
  EXPECT_EQ(said_, Sentences{});
}

TEST_F(ReadLies, TellsOfBytesBehindTheSound) {
  const std::string text = "These words are no chunk.";
  const std::string data(20'000, '\x5a');
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                           SF_FORMAT_AU | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
    write_floats(folder_ / "a", format, 8000, 1, sine(440, 8000, 5000, 0.5));
    const std::string bytes = content_of(folder_ / "a");
    for (const std::string& more : {text, data}) {
      EXPECT_EQ(read_of("b", bytes + more).size(), 5000U) << std::hex << format;
      ASSERT_EQ(said_.size(), 1U) << std::hex << format;
      EXPECT_TRUE(said_[0].starts_with("something else begins at byte " +
                                       std::to_string(bytes.size()) + " of "))
          << said_[0];
    }
    EXPECT_EQ(read_of("b", bytes + std::string(100, '\0')).size(), 5000U);
    EXPECT_EQ(said_, Sentences{}) << std::hex << format;
  }
  // Of FLAC what fills a block of the decoder.
  write_shorts(folder_ / "a", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, kShorts);
  const std::string bytes = content_of(folder_ / "a");
  EXPECT_EQ(read_of("b", bytes + std::string(200'000, '\x5a')), floats_of(kShorts));
  EXPECT_EQ(said_.size(), 1U);
}

// Bytes of these stand in no fixed number for a sample.
TEST_F(ReadLies, OfOtherCompressedSoundNoLengthIsClaimed) {
  for (const int format : {SF_FORMAT_G721_32, SF_FORMAT_NMS_ADPCM_32}) {
    write_shorts(folder_ / "a.wav", SF_FORMAT_WAV | format, 8000, 1, kShorts);
    EXPECT_GE(read_of(folder_ / "a.wav").size(), kShorts.size()) << std::hex << format;
    EXPECT_EQ(report_.facts.claimed, std::nullopt) << std::hex << format;
    EXPECT_EQ(said_, Sentences{}) << std::hex << format;
  }
  for (const int format : {SF_FORMAT_ULAW, SF_FORMAT_ALAW, SF_FORMAT_FLOAT, SF_FORMAT_PCM_24}) {
    write_shorts(folder_ / "a.wav", SF_FORMAT_WAV | format, 8000, 1, kShorts);
    EXPECT_EQ(read_of(folder_ / "a.wav").size(), kShorts.size()) << std::hex << format;
    EXPECT_EQ(report_.facts.claimed, 5000) << std::hex << format;
  }
}

TEST_F(ReadLies, AByteTooManyIsNoSample) {
  const std::string data = bytes_of_shorts({1, 2, 3}) + "x";
  EXPECT_EQ(read_of("a.wav", wav_file({}, data)).size(), 3U);
  EXPECT_EQ(read_of("a.sln", data).size(), 3U);
  EXPECT_EQ(said_, Sentences{});
}

TEST_F(ReadLies, CompressedBlocksAreCutToTheirFact) {
  for (const int format : {SF_FORMAT_IMA_ADPCM, SF_FORMAT_MS_ADPCM, SF_FORMAT_GSM610}) {
    const fs::path path = folder_ / "a.wav";
    write_shorts(path, SF_FORMAT_WAV | format, 8000, 1,
                 std::vector<short>(kShorts.begin(), kShorts.begin() + 1001));
    std::string bytes = content_of(path);
    const std::size_t fact = bytes.find("fact");
    ASSERT_NE(fact, std::string::npos);
    bytes.replace(fact + 8, 4, little_endian(1001, 4));
    EXPECT_EQ(read_of("a.wav", bytes).size(), 1001U) << std::hex << format;
    EXPECT_GT(info_of(path).frames, 1001) << std::hex << format;
    EXPECT_EQ(report_.facts.claimed, 1001);
    EXPECT_EQ(said_, Sentences{}) << std::hex << format;
    bytes.replace(fact + 8, 4, little_endian(9, 4));  // far too few: it is no padding then
    EXPECT_GT(read_of("a.wav", bytes).size(), 1001U) << std::hex << format;
    EXPECT_EQ(said_.size(), 1U);
  }
}

TEST_F(ReadLies, CompressedBlocksOfSoxAreCutToTheirFact) {
  if (!runs("command -v sox")) {
    GTEST_SKIP() << "sox is not installed";
  }
  for (const char* kind : {"ima-adpcm", "ms-adpcm", "gsm-full-rate"}) {
    for (const int samples : {167, 320, 999, 1001}) {
      write_shorts(folder_ / "in.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1,
                   std::vector<short>(kShorts.begin(), kShorts.begin() + samples));
      const fs::path out = folder_ / "out.wav";
      ASSERT_TRUE(
          runs("sox " + (folder_ / "in.wav").string() + " -e " + kind + " " + out.string()));
      EXPECT_EQ(read_of(out).size(), static_cast<std::size_t>(samples)) << kind;
      EXPECT_EQ(said_, Sentences{}) << kind;
    }
  }
}

// As `arecord -f S24_LE` has it.
std::string words_of(const std::vector<int>& samples, int fourth_byte_of_negatives) {
  std::string data;
  for (const int x : samples) {
    data += little_endian(static_cast<std::uint32_t>(x), 3);
    data.push_back(static_cast<char>(x < 0 ? fourth_byte_of_negatives : 0));
  }
  return data;
}

TEST_F(ReadLies, Samples24BitsWideIn4BytesAreDecoded) {
  const std::vector<int> samples{0, 1, -1, 1 << 22, -(1 << 22), (1 << 23) - 1, -(1 << 23)};
  std::vector<float> expected;
  for (const int x : samples) {
    expected.push_back(static_cast<float>(x) / (1 << 23));
  }
  for (const int fourth : {0xFF, 0}) {
    EXPECT_EQ(read_of("a.wav", wav_file({1, 1, 48000, 24, 4}, words_of(samples, fourth))),
              expected);
    EXPECT_EQ(report_.facts.format, "WAV, 24 bits in 4 bytes");
    EXPECT_EQ(report_.facts.rate, 48000);
    EXPECT_EQ(report_.facts.claimed, 7);
  }
  EXPECT_NE(info_of(folder_ / "a.wav").frames, 7);  // taken for samples of 3 bytes
  const std::vector<int> pairs{1 << 22, 1 << 22, 0, -(1 << 23)};
  EXPECT_EQ(read_of("b.wav", wav_file({1, 2, 48000, 24, 8}, words_of(pairs, 0xFF))),
            (std::vector<float>{0.5F, -0.5F}));
  EXPECT_EQ(read_of("c.wav", wav_file({1, 1, 48000, 24, 4}, words_of(samples, 0xFF), 0)), expected);
  std::string other = words_of(samples, 0xFF);
  other[15] = '\x40';
  put(folder_ / "d.wav", wav_file({1, 1, 48000, 24, 4}, other));
  EXPECT_EQ(
      problem_of([&] { read_all(folder_ / "d.wav"); }),
      (folder_ / "d.wav").string() +
          ": its header says 24 bits in 4 bytes, but sample 3 has 0x40 in its fourth byte; convert "
          "it to 24 bits in 3 bytes");
}

// Ten quiet seconds, then five loud ones: from the first frames a length is guessed that is far too short.
TEST_F(ReadLies, AnMp3OfVaryingRateWithoutATagIsReadWhole) {
  if (!runs("command -v lame")) {
    GTEST_SKIP() << "lame is not installed";
  }
  std::vector<float> samples = sine(440, 44100, 441000, 0.01);
  std::uint32_t state = 1;
  for (int i = 0; i < 220500; ++i) {
    state = state * 1664525U + 1013904223U;
    samples.push_back(static_cast<float>(state >> 8) / (1 << 24) - 0.5F);
  }
  const std::string wav = folder_ / "a.wav";
  write_shorts(wav, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1, shorts_of(samples));
  ASSERT_TRUE(runs("lame -V5 -t " + wav + " " + wav + ".mp3"));
  const auto read = read_of(wav + ".mp3");
  EXPECT_LT(info_of(wav + ".mp3").frames, 661500 * 2 / 3);
  EXPECT_GE(read.size(), samples.size());
  EXPECT_LE(read.size(), samples.size() + 3 * 1152);  // the encoder's delay, and a frame filled up
  EXPECT_EQ(report_.facts.claimed, std::nullopt);
  double loud = 0;
  for (const float x : std::span(read).last(200000)) {
    loud += static_cast<double>(x) * static_cast<double>(x) / 200000;
  }
  EXPECT_NEAR(loud, 1.0 / 12, 0.04);  // the noise is there
  EXPECT_EQ(said_, Sentences{});
}

std::string told_of_second(std::size_t at, std::size_t size) {
  return "something else begins at byte " + std::to_string(at) + " of " + std::to_string(size) +
         ", and only the sound before it was read; take files that were put together apart again";
}

TEST_F(ReadLies, TellsOfFilesThatWerePutTogether) {
  for (const int format : {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
                           SF_FORMAT_OGG | SF_FORMAT_OPUS, SF_FORMAT_WAV | SF_FORMAT_PCM_16}) {
    write_floats(folder_ / "a", format, 48000, 1, sine(440, 48000, 60000, 0.5));
    write_floats(folder_ / "b", format, 48000, 1, sine(330, 48000, 50000, 0.5));
    const std::string first = content_of(folder_ / "a");
    const std::string both = first + content_of(folder_ / "b");
    EXPECT_EQ(read_of("ab", both).size(), 60000U) << std::hex << format;
    EXPECT_EQ(said_, Sentences{told_of_second(first.size(), both.size())}) << std::hex << format;
    EXPECT_EQ(read_of("a", first).size(), 60000U);
    EXPECT_EQ(said_, Sentences{}) << std::hex << format;
  }
}

TEST_F(ReadLies, TellsOfMp3sThatWerePutTogether) {
  if (!runs("command -v lame")) {
    GTEST_SKIP() << "lame is not installed";
  }
  const std::string wav = folder_ / "a.wav";
  write_shorts(wav, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1,
               shorts_of(sine(440, 44100, 44100, 0.5)));
  ASSERT_TRUE(runs("lame -V5 " + wav + " " + wav + ".mp3"));
  const std::string once = content_of(wav + ".mp3");
  EXPECT_EQ(read_of("twice.mp3", once + once).size(), 44100U);
  EXPECT_EQ(said_, Sentences{told_of_second(once.size(), 2 * once.size())});
  EXPECT_EQ(read_of("tagged.mp3", once + "TAG" + std::string(125, ' ')).size(), 44100U);
  EXPECT_EQ(said_, Sentences{});
  // Without their tags two are one stream, and read whole.
  ASSERT_TRUE(runs("lame -V5 -t " + wav + " " + wav + ".t.mp3"));
  const std::string bare = content_of(wav + ".t.mp3");
  EXPECT_GE(read_of("bare.mp3", bare + bare).size(), 88200U);
  EXPECT_EQ(said_, Sentences{});
}

TEST_F(ReadLies, FlacFromAPipeHasNoLengthAndIsReadWhole) {
  write_shorts(folder_ / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, kShorts);
  std::string bytes = content_of(folder_ / "a.flac");
  bytes[21] = static_cast<char>(bytes[21] & 0xF0);  // 36 bits: the number of samples
  bytes.replace(22, 4, std::string(4, '\0'));
  EXPECT_EQ(read_of("a.flac", bytes), floats_of(kShorts));
  EXPECT_EQ(info_of(folder_ / "a.flac").frames, std::numeric_limits<sf_count_t>::max());
  EXPECT_EQ(report_.facts.claimed, std::nullopt);
  EXPECT_EQ(said_, Sentences{});
  EXPECT_LT(read_of("cut.flac", bytes.substr(0, bytes.size() * 9 / 10)).size(), kShorts.size());
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_TRUE(said_[0].starts_with("may be cut short or damaged: behind sample ")) << said_[0];
}

TEST_F(ReadLies, TellsOfAnOggThatWasCut) {
  write_floats(folder_ / "a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100, 1,
               sine(440, 44100, 441000, 0.5));
  const std::string bytes = content_of(folder_ / "a.ogg");
  const auto read = read_of("b.ogg", bytes.substr(0, bytes.size() * 2 / 3));
  EXPECT_GT(info_of(folder_ / "b.ogg").frames, std::int64_t{1} << 60);
  EXPECT_GT(read.size(), 100000U);
  EXPECT_LT(read.size(), 441000U);
  EXPECT_EQ(report_.facts.claimed, std::nullopt);
  EXPECT_EQ(said_, Sentences{"its last page is not marked as the last: it may be cut short"});
}

// Read as integers, these would turn round to the other sign.
TEST_F(ReadLies, OversOfLossySoundAreClampedAndCounted) {
  std::vector<float> square(96000);
  for (std::size_t i = 0; i < square.size(); ++i) {
    square[i] = i / 60 % 2 == 0 ? 0.99F : -0.99F;
  }
  for (const int kind : {SF_FORMAT_VORBIS, SF_FORMAT_OPUS}) {
    write_floats(folder_ / "a.ogg", SF_FORMAT_OGG | kind, 48000, 1, square);
    const auto read = read_of(folder_ / "a.ogg");
    EXPECT_GT(report_.peak, 1.02F) << std::hex << kind;
    EXPECT_GT(report_.clamped, 100) << std::hex << kind;
    std::int64_t at_the_edge = 0;
    for (std::size_t i = 1000; i < 95000; ++i) {
      ASSERT_LE(std::abs(read[i]), 1);
      at_the_edge += std::abs(read[i]) == 1 ? 1 : 0;
      if (i % 60 > 20 && i % 60 < 40) {
        ASSERT_GT(read[i] * square[i], 0.5F) << std::hex << kind << " " << std::dec << i;
      }
    }
    EXPECT_GT(at_the_edge, 100);
    EXPECT_LE(at_the_edge, report_.clamped);
  }
}

TEST_F(ReadLies, FloatsBeyond1AreClampedAndCounted) {
  EXPECT_EQ(
      read_of("a.wav", wav_file({3, 1, 8000, 32, 4}, bytes_of_floats({0.5F, 1.5F, -7, 1, -1}))),
      (std::vector<float>{0.5F, 1, -1, 1, -1}));
  EXPECT_EQ(report_.clamped, 2);
  EXPECT_EQ(report_.peak, 7);
}

}  // namespace
}  // namespace wavenet::sound
