// Sound as a dataset: its split, parts, passes, and what a run is told of it.
#include "wavenet/data/audio/sounds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/folder.h"
#include "wavenet/base/crc32.h"
#include "wavenet/data/audio/chosen.h"
#include "wavenet/data/audio/codes_file.h"
#include "wavenet/data/audio/duration.h"
#include "wavenet/sound/write.h"

namespace wavenet::data {
namespace {

namespace fs = std::filesystem;

std::vector<std::uint8_t> codes(std::size_t size, int first) {
  std::vector<std::uint8_t> all(size);
  for (std::size_t i = 0; i < size; ++i) {
    all[i] = static_cast<std::uint8_t>(first + static_cast<int>(i % 7));
  }
  return all;
}

std::vector<Takes::Made> made(int count, std::size_t size = 50) {
  std::vector<Takes::Made> all;
  for (int i = 0; i < count; ++i) {
    all.push_back({fmt::format("take/{}.wav", i), codes(size, i)});
  }
  return all;
}

std::set<std::string> names_of(const std::vector<Take>& takes) {
  std::set<std::string> names;
  for (const Take& take : takes) {
    names.insert(take.name);
  }
  return names;
}

// The published check value of CRC-32, and one of Python's zlib.
TEST(Sounds, AreSplitByTheChecksumOfTheirNames) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32("agent-loginok.wav"), 0xa6a61d64U);
  const Sounds few("x", Takes(8000, made(40)), 0.1);
  const Sounds more("x", Takes(8000, made(60)), 0.1);
  const std::set<std::string> val = names_of(few.part("val"));
  EXPECT_FALSE(val.empty());
  for (const std::string& name : val) {
    EXPECT_EQ(crc32(name) % 10, 0U);
    EXPECT_TRUE(names_of(more.part("val")).contains(name));  // as files are added
  }
  EXPECT_EQ(few.part("train").size() + few.part("val").size(), 40U);
  EXPECT_EQ(few.part("all").size(), 40U);
  EXPECT_THROW(static_cast<void>(few.part("test")), UsageError);
}

TEST(Sounds, OfOneFileTheEndIsVal) {
  const Sounds one("x", Takes(8000, made(1, 100)), 0.2);
  ASSERT_EQ(one.codes("train").size(), 1U);
  EXPECT_EQ(one.codes("train")[0].size(), 80U);
  EXPECT_EQ(one.codes("val")[0].size(), 20U);
  EXPECT_EQ(one.codes("val")[0].data(), one.codes("train")[0].data() + 80);
  EXPECT_THROW(Sounds("x", Takes(8000, made(1, 100)), 1.0), Error);
  EXPECT_THROW(Sounds("x", Takes(8000, made(1, 3)), 0.1), Error);
}

TEST(Sounds, APassHasEveryTargetOnceAfterSilence) {
  const Sounds sounds("x", Takes(8000, made(40)), 0.1);
  const auto pass = sounds.pass("train", {.receptive_field = 4, .together = 16, .before = 128});
  std::int64_t targets = 0;
  std::int64_t after_silence = 0;
  for (std::int64_t i = 0; i < pass->pieces(); ++i) {
    const Batch piece = pass->piece(i);
    targets += piece.targets.numel();
    for (std::int64_t b = 0; b < piece.inputs.x.size(0); ++b) {
      after_silence += piece.inputs.x.data<std::int32_t>()[b * piece.inputs.x.size(1)] == 128;
    }
  }
  EXPECT_EQ(targets, std::ssize(sounds.part("train")) * 50);
  EXPECT_EQ(pass->targets(), targets);
  EXPECT_EQ(after_silence, std::ssize(sounds.part("train")));
  const auto passes = sounds.passes("val", {.receptive_field = 4});
  ASSERT_EQ(passes.size(), sounds.part("val").size());
  EXPECT_EQ(passes[0].name, sounds.part("val")[0].name);
  EXPECT_EQ(passes[0].pass->targets(), 50);
}

TEST(Sounds, TellWhatTheyAre) {
  const Sounds sounds("x", Takes(10, made(40)), 0.1);
  EXPECT_EQ(sounds.codec()->sample_rate(), 10);
  EXPECT_EQ(sounds.summary().substr(0, 33), "40 files, 10 samples a second; tr");
  std::size_t excerpts = 0;
  std::size_t counts = 0;
  for (const Record& record : sounds.shown()) {
    excerpts += std::holds_alternative<SoundRecord>(record);
    if (const auto* codes = std::get_if<CodesRecord>(&record)) {
      ++counts;
      std::int64_t sum = 0;
      for (const std::int64_t count : codes->counts) {
        sum += count;
      }
      EXPECT_EQ(sum, std::ssize(sounds.part("train")) * 50);
    }
  }
  EXPECT_GE(excerpts, 1U);
  EXPECT_EQ(counts, 1U);
}

TEST(Sounds, OfHoursAreJudgedOnSomeOfTrain) {
  const std::size_t hour = 3600 * 8000;
  const Sounds sounds("x", Takes(8000, {{"a", codes(hour, 1)}}), 0.1);
  EXPECT_EQ(sounds.judged("train"), "some of train");
  EXPECT_EQ(sounds.codes("some of train")[0].size(), std::size_t{1} << 16U);
  EXPECT_EQ(sounds.judged("val"), "val");  // six minutes
  EXPECT_THROW(static_cast<void>(sounds.part("some of val")), UsageError);
  const Sounds more("x", Takes(8000, {{"a", codes(4 * hour, 1)}}), 0.1);
  EXPECT_EQ(more.codes(more.judged("val"))[0].size(), std::size_t{1} << 18U);
  EXPECT_EQ(Sounds("x", Takes(8000, made(40)), 0.1).judged("train"), "train");
}

class SoundFiles : public InFolder {
 protected:
  SoundFiles() { fs::create_directories(data() / "below"); }
  fs::path data() const { return folder_ / "data"; }
  fs::path cache() const { return folder_ / "cache"; }
  Takes read(TakeOptions options = {}) const {
    options.cache = cache();
    return read_takes(data().string(), options);
  }
  void write(const std::string& name, std::size_t size, std::int64_t rate, float level = 0.5F,
             std::size_t quiet = 0) const {
    std::vector<float> samples(size, level);
    std::fill_n(samples.begin(), quiet, 0.001F);
    std::fill_n(samples.rbegin(), quiet, 0.001F);
    sound::write_wav(data() / name, samples, rate);
  }
};

TEST_F(SoundFiles, AreCodedOnceAndThenMapped) {
  write("b.wav", 100, 8000);
  write("below/a.wav", 60, 8000, -0.25F);
  const Takes first = read();
  ASSERT_EQ(first.all().size(), 2U);
  EXPECT_EQ(first.all()[0].name, "b.wav");
  EXPECT_EQ(first.all()[1].name, "below/a.wav");
  EXPECT_EQ(first.rate(), 8000);
  EXPECT_EQ(first.all()[0].codes.size(), 100U);
  EXPECT_EQ(first.all()[0].codes[50], sound::code_of(0.5F));
  EXPECT_EQ(first.all()[1].codes[50], sound::code_of(-0.25F));
  ASSERT_EQ(std::distance(fs::directory_iterator(cache()), {}), 1);
  const fs::path file = fs::directory_iterator(cache())->path();
  EXPECT_EQ(CodesFile(file).codes().size(), 160U);  // one byte a sample
  const auto made = fs::last_write_time(file);
  EXPECT_EQ(read().fingerprint(), first.fingerprint());
  EXPECT_EQ(fs::last_write_time(file), made);
}

TEST_F(SoundFiles, ThatChangeAreDecodedAgain) {
  write("a.wav", 100, 8000);
  const std::string before = read().fingerprint();
  write("a.wav", 101, 8000);
  EXPECT_NE(read().fingerprint(), before);
  write("a.wav", 100, 8000);
  EXPECT_EQ(read().fingerprint(), before);
}

TEST_F(SoundFiles, ABrokenCacheIsMadeAnew) {
  write("a.wav", 100, 8000);
  const std::string before = read().fingerprint();
  const fs::path file = fs::directory_iterator(cache())->path();
  for (const auto& broken :
       {std::string("short"), content_of(file).substr(1), content_of(file).replace(105, 1, "?"),
        content_of(file).replace(50, 1, "\x01"), std::string(200, 'x')}) {
    std::ofstream(file, std::ios::binary) << broken;
    EXPECT_EQ(read().fingerprint(), before) << broken;
  }
}

TEST_F(SoundFiles, WithoutACacheStandInMemoryAndSaySo) {
  write("a.wav", 100, 8000);
  std::ofstream(cache()) << "a file stands where the folder would be";
  const Takes takes = read();
  EXPECT_EQ(takes.all()[0].codes.size(), 100U);
  ASSERT_EQ(takes.notes().size(), 1U);
  EXPECT_NE(takes.notes()[0].find("no cache could be made"), std::string::npos);
}

TEST_F(SoundFiles, OfSeveralRatesNeedOneThatIsNamed) {
  write("a.wav", 1000, 8000);
  write("b.wav", 1000, 16'000);
  EXPECT_NE(problem_of([&] { read(); }).find("1 of 8000, 1 of 16000"), std::string::npos);
  const Takes takes = read({.rate = 8000});
  EXPECT_EQ(takes.all()[0].codes.size(), 1000U);
  EXPECT_EQ(takes.all()[1].codes.size(), 500U);
  ASSERT_EQ(takes.notes().size(), 1U);
  EXPECT_EQ(takes.notes()[0], "1 file resampled from 16000 to 8000 samples a second");
}

TEST_F(SoundFiles, AreLeftOutByName) {
  write("a.wav", 100, 8000);
  write("below/b.wav", 100, 8000);
  write("belowness.wav", 100, 8000);
  const Takes takes = read({.exclude = {"below"}});
  ASSERT_EQ(takes.all().size(), 2U);
  EXPECT_EQ(takes.all()[1].name, "belowness.wav");
  EXPECT_THROW(read({.exclude = {"below", "a.wav", "belowness.wav"}}), Error);
  EXPECT_EQ(names_in("below/,,a.wav"), (std::vector<std::string>{"below", "a.wav"}));
  EXPECT_TRUE(names_in("").empty());
}

TEST_F(SoundFiles, SeveralArePartedByCommas) {
  write("a,b.wav", 10, 8000);
  write("c.wav", 20, 8000);
  const std::string a = (data() / "a,b.wav").string();
  EXPECT_EQ(paths_of(a), std::vector<std::string>{a});  // a file that is there as a whole
  write("below/d.wav", 30, 8000);
  const std::string two = (data() / "c.wav").string() + ',' + (data() / "below").string();
  EXPECT_EQ(read_takes(two, {.cache = cache()}).all().size(), 2U);
}

TEST_F(SoundFiles, NamedTwiceAreTakenOnceAndSaySo) {
  write("a.wav", 20, 8000);
  const std::string a = (data() / "a.wav").string();
  for (const std::string& again : {a, data().string(), (data() / "below/../a.wav").string()}) {
    read_takes(a, {.cache = cache()});  // from whose cache the next one reads
    const Takes takes = read_takes(a + ',' + again, {.cache = cache()});
    EXPECT_EQ(takes.all().size(), 1U) << again;
    EXPECT_EQ(takes.notes(),
              std::vector<std::string>{"1 file named more than once and taken once: a.wav"});
  }
  EXPECT_TRUE(read_takes(a, {.cache = cache()}).notes().empty());
}

TEST_F(SoundFiles, WhatIsLeftOutIsToldFromTheCacheToo) {
  write("a.wav", 100, 8000);
  EXPECT_TRUE(read().notes().empty());
  std::ofstream(data() / "more.txt") << "x";
  EXPECT_EQ(read().notes(), std::vector<std::string>{
                                "1 file left out, as their names are those of no sound: more.txt"});
}

TEST_F(SoundFiles, WhatKilledRunsLeftInTheCacheGoes) {
  write("a.wav", 100, 8000);
  fs::create_directories(cache());
  const auto put = [&](const char* name, std::chrono::minutes age) {
    std::ofstream(cache() / name) << "half";
    fs::last_write_time(cache() / name, fs::file_time_type::clock::now() - age);
  };
  put("sound-0123456789abcdef.tmp-4711-0", std::chrono::minutes(61));
  put("sound-0123456789abcdef.tmp-4711-1", std::chrono::minutes(59));  // may be written still
  put("sound-0123456789abcdef", std::chrono::minutes(1000));           // whole
  put("other.tmp-4711-0", std::chrono::minutes(1000));                 // somebody else's
  read();
  EXPECT_FALSE(fs::exists(cache() / "sound-0123456789abcdef.tmp-4711-0"));
  EXPECT_TRUE(fs::exists(cache() / "sound-0123456789abcdef.tmp-4711-1"));
  EXPECT_TRUE(fs::exists(cache() / "sound-0123456789abcdef"));
  EXPECT_TRUE(fs::exists(cache() / "other.tmp-4711-0"));
}

TEST(Durations, AreMinutesOrHours) {
  EXPECT_EQ(duration_text(0), "0:00 minutes");
  EXPECT_EQ(duration_text(119.7), "2:00 minutes");
  EXPECT_EQ(duration_text(3599.4), "59:59 minutes");
  EXPECT_EQ(duration_text(3599.6), "1:00:00 hours");
  EXPECT_EQ(duration_text(44 * 3600 + 61), "44:01:01 hours");
}

TEST_F(SoundFiles, AreTrimmedOnlyWhereThatIsAsked) {
  write("a.wav", 1000, 1000, 0.5F, 100);
  EXPECT_EQ(read().all()[0].codes.size(), 1000U);
  const Takes takes = read({.trim = 40});
  EXPECT_EQ(takes.all()[0].codes.size(), 800U);
  EXPECT_EQ(takes.all()[0].codes.front(), sound::code_of(0.5F));
  ASSERT_EQ(takes.notes().size(), 2U);
  EXPECT_EQ(takes.notes()[0], "20.0 % was cut from the ends of 1 file:");
  EXPECT_NE(takes.notes()[1].find("0.100 s at its begin"), std::string::npos);
  // 0.5 is 6.02 dB below full scale.
  const std::string problem = problem_of([&] { read({.trim = 6}); });
  EXPECT_NE(problem.find("everything was cut: the loudest sample of 1.0 s is 6.0 dB below"),
            std::string::npos)
      << problem;
}

}  // namespace
}  // namespace wavenet::data
