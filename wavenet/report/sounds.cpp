// Players, waveforms and spectrograms.
#include "wavenet/report/sounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "wavenet/base/base64.h"
#include "wavenet/base/utf8.h"
#include "wavenet/report/code_curves.h"
#include "wavenet/report/html.h"
#include "wavenet/report/spectrogram.h"
#include "wavenet/report/text.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/wav_bytes.h"

namespace wavenet::report {
namespace {

constexpr Size kCardSize{356, 270};  // three to a row of a desktop, one of a phone
constexpr std::size_t kTitleLetters = 46;

std::string_view played(const SoundRecord& sound) {
  return std::string_view(sound.codes)
      .substr(0, sound.bits == 16 ? 2 * kMostPlayedOfAnswer : kMostPlayed);
}

double seconds_of(std::string_view codes, const SoundRecord& sound) {
  return 8 * static_cast<double>(codes.size()) / static_cast<double>(sound.rate * sound.bits);
}

// The lowest and the highest sample of each of at most `columns` stretches.
struct Envelope {
  std::vector<Point> low;
  std::vector<Point> high;
};

Envelope envelope_of(std::span<const float> samples, double rate, std::size_t columns) {
  const std::size_t stretches = std::min(columns, samples.size());
  Envelope envelope;
  for (std::size_t i = 0; i < stretches; ++i) {
    const std::size_t begin = i * samples.size() / stretches;
    const std::size_t end = (i + 1) * samples.size() / stretches;
    const auto part = samples.subspan(begin, end - begin);
    const auto [low, high] = std::minmax_element(part.begin(), part.end());
    const double middle = 0.5 * static_cast<double>(begin + end - 1) / rate;
    envelope.low.push_back({middle, static_cast<double>(*low)});
    envelope.high.push_back({middle, static_cast<double>(*high)});
  }
  return envelope;
}

double peak_of(std::span<const float> samples) {
  constexpr float kSmallest = 0.01F;
  return static_cast<double>(
      std::accumulate(samples.begin(), samples.end(), kSmallest,
                      [](float peak, float sample) { return std::max(peak, std::abs(sample)); }));
}

std::string draw_wave(std::span<const float> samples, double rate, Box box) {
  const double peak = peak_of(samples);
  const Range time{0, static_cast<double>(samples.size()) / rate};
  Panel panel(box, time, {-peak, peak});
  panel.bottom_axis(ticks(time, 6), false);
  panel.left_axis({{-peak, shortest(-peak, 2)}, {0, "0"}, {peak, shortest(peak, 2)}});
  const Envelope envelope =
      envelope_of(samples, rate, static_cast<std::size_t>(box.right - box.left));
  panel.band(envelope.low, envelope.high, "wave");
  return panel.body();
}

std::string draw_spectrogram(std::span<const float> samples, double rate, Box box) {
  const Range time{0, static_cast<double>(samples.size()) / rate};
  const Range hertz{0, rate / 2};
  Panel panel(box, time, hertz);
  panel.bottom_axis(ticks(time, 6));
  panel.left_axis(step_ticks(hertz, 4));
  panel.left_title("Hz");
  panel.bottom_title("seconds");
  return panel.body() + fmt::format(
                            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
                            "preserveAspectRatio=\"none\" href=\"data:image/png;base64,{}\"/>",
                            coordinate(box.left), coordinate(box.top),
                            coordinate(box.right - box.left), coordinate(box.bottom - box.top),
                            to_base64(png_of(spectrogram_of(samples, rate), heat())));
}

std::string title_of(const SoundRecord& sound) {
  return sound.drawn()
             ? fmt::format("{}, after {} steps", excerpt(sound.name, 20), with_commas(sound.step))
             : excerpt(sound.name, kTitleLetters);
}

std::string player(const SoundRecord& sound) {
  const std::string_view codes = played(sound);
  std::string html = fmt::format(
      "<figure class=\"card\">{}<audio controls preload=\"metadata\" aria-label=\"{}\" "
      "src=\"data:audio/wav;base64,{}\"></audio>",
      draw_sound(sound, kCardSize), escape(title_of(sound)),
      to_base64(sound::wav_of(codes, sound.rate, sound.bits)));
  if (codes.size() < sound.codes.size()) {
    html += fmt::format("<figcaption>the first {} of {} seconds</figcaption>",
                        shortest(seconds_of(codes, sound), 1),
                        shortest(seconds_of(sound.codes, sound), 1));
  }
  return html + "</figure>\n";
}

std::string players(std::string_view title, const std::vector<const SoundRecord*>& sounds,
                    std::size_t found) {
  if (sounds.empty()) {
    return "";
  }
  const std::string shown =
      found > sounds.size() ? fmt::format(" ({} of {} are shown)", sounds.size(), found) : "";
  std::string html = fmt::format("<h3>{}{}</h3>\n<div class=\"sounds\">\n", title, shown);
  for (const SoundRecord* sound : sounds) {
    html += player(*sound);
  }
  return html + "</div>\n";
}

}  // namespace

std::string draw_sound(const SoundRecord& sound, Size size) {
  constexpr double kAbove = 32, kBetween = 30, kBelow = 34, kWaveShare = 0.28;
  const std::vector<float> samples = sound::levels_of(played(sound), sound.bits);
  const auto rate = static_cast<double>(sound.rate);
  const double middle = kAbove + kWaveShare * (size.height - kAbove - kBetween - kBelow);
  Box box{.left = kAxisWidth, .top = kAbove, .right = size.width - 8, .bottom = middle};
  std::string body = draw_wave(samples, rate, box);
  box.top = middle + kBetween;
  box.bottom = size.height - kBelow;
  body += draw_spectrogram(samples, rate, box);
  return svg(size, title_of(sound), body);
}

std::string sounds_html(const History& run) {
  const Heard heard = heard_of(run);
  const std::optional<Answer> answer = answer_of(run);
  const SoundRecord difference = answer ? answer->difference() : SoundRecord{};
  const std::string html =
      answer ? players(
                   "The beginning of val: what goes in, what should come out, what the model makes "
                   "of it, and the difference of the last two",
                   {answer->input, answer->target, answer->model, &difference}, 0)
             : players("Drawn at the last evaluation", heard.latest, heard.latest_found) +
                   players("How it sounded before", heard.earlier, 0) +
                   players("Data to compare with", heard.excerpts, heard.excerpts_found);
  return html.empty() ? html
                      : fmt::format(
                            "<p class=\"quiet\">Waveform and spectrogram: light is loud, "
                            "black {} dB below.</p>\n{}",
                            kRangeDecibels, html);
}

std::vector<Figure> sound_figures(const History& run) {
  std::vector<Figure> all;
  const Heard heard = heard_of(run);
  const auto add = [&](const std::string& kind, const std::vector<const SoundRecord*>& sounds) {
    for (std::size_t i = 0; i < sounds.size(); ++i) {
      all.push_back({.name = fmt::format("{}-{}", kind, i + 1),
                     .section = "players",
                     .caption = {},
                     .wide = false,
                     .draw = [sound = sounds[i]](Size size) { return draw_sound(*sound, size); }});
    }
  };
  if (const std::optional<Answer> answer = answer_of(run)) {
    all.push_back({.name = "sound-difference",
                   .section = "players",
                   .caption = {},
                   .wide = false,
                   .draw = [difference = answer->difference()](Size size) {
                     return draw_sound(difference, size);
                   }});
  }
  add("sound-sample", heard.latest);
  add("sound-earlier", heard.earlier);
  add("sound-data", heard.excerpts);
  if (const std::optional<Figure> codes = codes_figure(run)) {
    all.push_back(*codes);
  }
  return all;
}

}  // namespace wavenet::report
