// What can be heard and seen of sounds: which of them, where a tone lies in its spectrogram, and that
// what a page embeds is what libsndfile and libpng read.
#include "wavenet/report/sounds.h"

#include <gtest/gtest.h>
#include <png.h>

#include <cmath>
#include <numbers>
#include <regex>

#include "tests/folder.h"
#include "wavenet/base/base64.h"
#include "wavenet/report/code_curves.h"
#include "wavenet/report/files.h"
#include "wavenet/report/heard.h"
#include "wavenet/report/page.h"
#include "wavenet/report/spectrogram.h"
#include "wavenet/report/style.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/wav_bytes.h"

namespace wavenet::report {
namespace {

std::vector<float> tone(double hertz, double rate, int samples) {
  std::vector<float> wave;
  for (int i = 0; i < samples; ++i) {
    wave.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hertz * i / rate)));
  }
  return wave;
}

std::string codes_of(const std::vector<float>& wave) {
  std::string codes;
  for (const float x : wave) {
    codes += static_cast<char>(sound::code_of(x));
  }
  return codes;
}

int pixel(const Picture& picture, std::int64_t column, std::int64_t row) {
  return picture.pixels.at(static_cast<std::size_t>(row * picture.columns + column));
}

TEST(Spectrogram, FramesLastAbout30Milliseconds) {
  EXPECT_EQ(frame_for(8000), 256);     // 32 ms
  EXPECT_EQ(frame_for(16'000), 512);   // 32 ms
  EXPECT_EQ(frame_for(44'100), 1024);  // 23 ms, nearer by the logarithm than 46
  EXPECT_EQ(frame_for(1), 16);
}

// At 8 kHz a row is one bin of 31.25 Hz: 1,000 Hz is bin 32, and rows count from the top.
TEST(Spectrogram, AToneIsALineAtItsFrequency) {
  const Picture picture = spectrogram_of(tone(1000, 8000, 24'000), 8000);
  EXPECT_EQ(picture.columns, kSpectrogramColumns);
  ASSERT_EQ(picture.rows, 128);
  for (std::int64_t column = 4; column < picture.columns - 4; ++column) {
    for (std::int64_t row = 0; row < picture.rows; ++row) {
      const std::int64_t away = std::abs(127 - row - 32);
      // Of a Hann window the bins beside the peak are 6.02 dB lower: 5.42 of 63 levels for 70 dB.
      // Farther ones are 0 for a tone on a bin.
      const int expected = away == 0 ? 63 : away == 1 ? 58 : 0;
      ASSERT_EQ(pixel(picture, column, row), expected) << column << ", " << row;
    }
  }
}

TEST(Spectrogram, ATimeIsAColumn) {
  std::vector<float> wave(16'000, 0.0F);
  const std::vector<float> late = tone(2000, 8000, 8000);
  std::copy(late.begin(), late.end(), wave.begin() + 8000);
  const Picture picture = spectrogram_of(wave, 8000);
  const std::int64_t row = 127 - 64;
  EXPECT_EQ(pixel(picture, picture.columns * 2 / 5, row), 0);
  EXPECT_EQ(pixel(picture, picture.columns * 3 / 5, row), 63);
}

// A sine 60 dB down is no louder for standing alone: its peak lies 20 dB below the top of -40.
TEST(Spectrogram, QuietSoundStaysDark) {
  std::vector<float> wave = tone(1000, 8000, 8000);
  for (float& x : wave) {
    x *= 2e-3F;
  }
  const Picture picture = spectrogram_of(wave, 8000);
  EXPECT_EQ(pixel(picture, picture.columns / 2, 127 - 32), 45);  // 63 (70 - 20) / 70
  EXPECT_EQ(spectrogram_of(std::vector<float>(1), 8000).pixels, std::vector<std::uint8_t>(128));
}

TEST(Png, HoldsThePicture) {
  const Picture picture{.columns = 3, .rows = 2, .pixels = {0, 1, 2, 2, 1, 0}};
  const std::vector<Rgb> palette{{{1, 2, 3}, {40, 50, 60}, {255, 254, 253}}};
  const std::string png = png_of(picture, palette);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  ASSERT_NE(png_image_begin_read_from_memory(&image, png.data(), png.size()), 0);
  image.format = PNG_FORMAT_RGB;
  ASSERT_EQ(image.width, 3U);
  ASSERT_EQ(image.height, 2U);
  std::vector<std::uint8_t> colours(18);
  ASSERT_NE(png_image_finish_read(&image, nullptr, colours.data(), 0, nullptr), 0);
  for (std::size_t i = 0; i < 18; ++i) {
    EXPECT_EQ(colours[i], palette[picture.pixels[i / 3]][i % 3]);
  }
  EXPECT_EQ(problem_of([&] { png_of({.columns = 1, .rows = 1, .pixels = {3}}, palette); }),
            "png_of: pixels lie beyond the palette's 3 colours");
  EXPECT_EQ(problem_of([&] { png_of({.columns = 2, .rows = 1, .pixels = {0}}, palette); }),
            "png_of: 1 pixels for 2 x 1");
}

History heard_run() {
  History run;
  run.name = "strings";
  run.info.unit = "sample";
  const std::string codes = codes_of(tone(440, 8000, 800));
  run.windows = {{1, 5.5, 0.1}, {1000, 2.7, 0.1}};
  run.evaluations = {{1000, "val", 2.75}};
  run.sounds.push_back({0, "val/a.wav", 8000, codes});
  run.sounds.push_back({0, "val/none.wav", 8000, ""});
  for (std::int64_t step = 100; step <= 1000; step += 100) {
    for (int i = 1; i <= 5; ++i) {
      run.sounds.push_back({step, fmt::format("sample {}", i), 8000, codes});
    }
  }
  return run;
}

std::vector<std::int64_t> steps_of(const std::vector<const SoundRecord*>& sounds) {
  std::vector<std::int64_t> steps;
  for (const SoundRecord* sound : sounds) {
    steps.push_back(sound->step);
  }
  return steps;
}

TEST(Sounds, TheLastEvaluationAndAFewBeforeItAreHeard) {
  History run = heard_run();
  run.sounds.push_back(
      {1000, "sample 1", 8000, "later"});  // logged again by a run that was resumed
  const Heard heard = heard_of(run);
  EXPECT_EQ(steps_of(heard.latest), (std::vector<std::int64_t>{1000, 1000, 1000}));
  EXPECT_EQ(heard.latest_found, 5U);
  EXPECT_EQ(steps_of(heard.earlier), (std::vector<std::int64_t>{100, 500, 900}));
  EXPECT_EQ(heard.earlier[1]->name, "sample 1");
  ASSERT_EQ(heard.excerpts.size(), 1U);
  EXPECT_EQ(heard.excerpts[0]->name, "val/a.wav");
}

TEST(Sounds, ThePagePlaysTheCodesThemselves) {
  const History run = heard_run();
  const std::string page = page_of(run);
  const std::string wav = sound::wav_of(run.sounds[0].codes, 8000);
  EXPECT_NE(page.find("src=\"data:audio/wav;base64," + to_base64(wav) + "\""), std::string::npos);
  std::size_t players = 0;
  for (std::size_t at = 0; (at = page.find("<audio controls", at)) != std::string::npos; ++at) {
    ++players;
  }
  EXPECT_EQ(players, 7U);  // 3 of the last evaluation, 3 before it, an excerpt
  EXPECT_NE(page.find("(3 of 5 are shown)"), std::string::npos);
  EXPECT_NE(page.find(">sample 1, after 1,000 steps<"), std::string::npos);
  const std::regex elsewhere("(src|href)=\"(?!data:)");
  EXPECT_FALSE(std::regex_search(page, elsewhere));
}

// Of an amplifier: input, target, answer, and the last less the one before it: 1/4 - 1/2.
TEST(Sounds, AnAnswerIsHeardBesideItsTarget) {
  const auto heard = [](std::int64_t step, const char* name, float level) {
    return SoundRecord{step, name, 48'000, sound::pcm16_of(std::vector<float>(144'000, level)), 16};
  };
  History run;
  run.sounds = {heard(0, "val/input", 1 / 8.0F), heard(0, "val/target", 1 / 2.0F),
                heard(90, "model", 0), heard(100, "model", 1 / 4.0F)};
  const std::string page = sounds_html(run);
  const std::string source = "src=\"data:audio/wav;base64,";
  std::vector<std::string> sounds;
  for (auto at = page.find(source); at != std::string::npos; at = page.find(source, at + 1)) {
    const auto begin = at + source.size();
    sounds.push_back(from_base64(page.substr(begin, page.find('"', begin) - begin), "page"));
  }
  ASSERT_EQ(sounds.size(), 4U);
  for (const auto& [i, level] : {std::pair{0, 0.125F}, {1, 0.5F}, {2, 0.25F}, {3, -0.25F}}) {
    EXPECT_EQ(sounds[static_cast<std::size_t>(i)],
              sound::wav_bytes(std::vector<float>(144'000, level), 48'000))
        << i;
  }
  EXPECT_NE(page.find(">model, after 100 steps<"), std::string::npos);
  EXPECT_EQ(page.find("Drawn at"), std::string::npos);
  EXPECT_FALSE(codes_figure(run));  // samples of 16 bits are no codes
  run.sounds.erase(run.sounds.begin());
  EXPECT_FALSE(answer_of(run));
}

TEST(Sounds, ALongSoundIsCutAndSaysSo) {
  History run;
  run.sounds.push_back({1, "sample 1", 16'000, std::string(160'000, '\x80')});
  EXPECT_NE(sounds_html(run).find("the first 3 of 10 seconds"), std::string::npos);
}

// A new load of the page would end what is being played.
TEST(Sounds, ThePageOfARunUnderWayWaitsForSilence) {
  History run = heard_run();
  run.running = true;
  const std::string page = page_of(run);
  EXPECT_EQ(page.find("http-equiv"), std::string::npos);
  EXPECT_NE(page.find("if (!heard) location.reload();"), std::string::npos);
  run.running = false;
  EXPECT_EQ(page_of(run).find("location.reload"), std::string::npos);
}

TEST(Sounds, ThePageSpeaksOfSamples) {
  History run = heard_run();
  run.info.receptive_field = 2048;
  const std::string page = page_of(run);
  EXPECT_NE(page.find("bits per sample"), std::string::npos);
  EXPECT_NE(page.find("<b>2,048</b><span>samples seen, 0.256 s"), std::string::npos);
  EXPECT_NE(page.find(">nats per sample<"), std::string::npos);
  EXPECT_EQ(page.find("character"), std::string::npos);
  EXPECT_NE(comparison_of({run, run}).find(">nats per sample<"), std::string::npos);
  History text;
  text.windows = run.windows;
  EXPECT_NE(comparison_of({run, text}).find("different data"), std::string::npos);
  EXPECT_NE(page_of(text).find(">nats per character<"), std::string::npos);
}

// Noise as long as a log can hold, which packs worst.
TEST(Sounds, ThePageStaysBelowItsSize) {
  History run = heard_run();
  std::uint32_t state = 1;
  for (SoundRecord& sound : run.sounds) {
    sound.rate = 16'000;
    sound.codes.resize(1 << 18);
    for (char& code : sound.codes) {
      code = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    }
  }
  for (int i = 0; i < 20; ++i) {
    run.sounds.push_back({0, fmt::format("val/{}.wav", i), 16'000, run.sounds[0].codes});
  }
  run.codes.push_back({0, "train", std::vector<std::int64_t>(256, 7)});
  EXPECT_LT(page_of(run).size(), 1'800'000U);  // which leaves 1.2 MB for all else
}

// Code c of `data` occurs as often as a power of ten says, so its height is known.
TEST(Codes, AreDrawnByTheirLogarithm) {
  History run;
  std::vector<std::int64_t> counts(256, 0);
  counts[0] = 9;
  counts[1] = 90;
  counts[2] = 900;
  counts[3] = 1;  // 1,000 in all
  run.codes.push_back({0, "train", counts});
  const std::vector<Figure> figures = sound_figures(run);
  ASSERT_EQ(figures.size(), 1U);
  EXPECT_EQ(figures[0].name, "codes");
  const std::string svg = figures[0].draw(kHalf);
  std::smatch match;
  ASSERT_TRUE(std::regex_search(
      svg, match,
      std::regex("class=\"line c0\" d=\"M[0-9.]+ ([0-9.]+) [0-9.]+ ([0-9.]+) [0-9.]+ ([0-9.]+)")));
  // Of three powers of ten between 46 and 266, from 0.1 % at the lower edge to 100 %.
  const auto height = [](double share) { return 266 + (std::log10(share) + 3) / 3 * (46 - 266); };
  EXPECT_NEAR(std::stod(match[1]), height(0.009), 0.06);
  EXPECT_NEAR(std::stod(match[2]), height(0.09), 0.06);
  EXPECT_NEAR(std::stod(match[3]), height(0.9), 0.06);
}

TEST(Codes, OfDataStandBesideThoseOfTheLastSamples) {
  History run = heard_run();
  run.codes.push_back({0, "train", std::vector<std::int64_t>(256, 1)});
  const std::string svg = sound_figures(run).back().draw(kPhone);
  EXPECT_NE(svg.find(">data: train<"), std::string::npos);
  EXPECT_NE(svg.find(">samples, after 1,000 steps<"), std::string::npos);
  // Counts that are not of 256 codes, or are all 0, are no curve.
  History odd;
  odd.codes.push_back({0, "train", {1, 2}});
  EXPECT_TRUE(sound_figures(odd).empty());
  odd.codes.back().counts.assign(256, 0);
  EXPECT_TRUE(sound_figures(odd).empty());
}

TEST(Files, StandWorstFirst) {
  History run;
  run.info.unit = "sample";
  run.file_losses.push_back({1000, "val", {{"a", 9, 1}}});
  run.file_losses.push_back({2000, "val", {{"a", 2.5, 300}, {"b", std::nan(""), 0}}});
  run.file_losses.push_back({2000, "val", {{"c<", 3.5, 100}, {"a", 2.5, 300}}});
  std::vector<std::string> names;
  for (const FileLossRecord::File& file : file_losses(run)) {
    names.push_back(file.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"b", "c<", "a"}));
  const std::string html = file_losses_html(run);
  EXPECT_NE(
      html.find("<td>c&lt;</td><td class=\"number\">3.5000</td><td class=\"number\">100</td>"),
      std::string::npos);
  EXPECT_NE(html.find("<td>b</td><td class=\"number\">not a number</td>"), std::string::npos);
  EXPECT_NE(html.find("the mean by sample is 2.7500"), std::string::npos) << html;
}

TEST(Files, OfALongListTheWorstAreShownAndAllAreCounted) {
  History run;
  run.file_losses.push_back({1, "val", {}});
  for (int i = 0; i < 1000; ++i) {
    run.file_losses[0].files.push_back({fmt::format("{}.wav", i), i < 750 ? 2.0 : 3.0, 10});
  }
  const std::string html = file_losses_html(run);
  EXPECT_NE(html.find("The 20 worst of 1,000 files; the mean by character is 2.2500."),
            std::string::npos);
  EXPECT_EQ(html.find("<td>0.wav"), std::string::npos);
  const std::vector<Figure> figures = file_figures(run);
  ASSERT_EQ(figures.size(), 1U);
  const std::string svg = figures[0].draw(kHalf);
  // 750 at the left end, 250 at the right: a third as high, of an axis that ends at 787.5.
  const double foot = 266;
  EXPECT_NE(svg.find(fmt::format("M46 {:.1f}", foot - 750 / 787.5 * 220)), std::string::npos)
      << svg;
  EXPECT_NE(svg.find(fmt::format("510 {:.1f}", foot - 250 / 787.5 * 220)), std::string::npos)
      << svg;
}

}  // namespace
}  // namespace wavenet::report
