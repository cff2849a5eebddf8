// Figures against closed forms: where a value lands, what a mean is, what an output sees.
#include "wavenet/report/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

#include "wavenet/log/window.h"
#include "wavenet/report/field.h"
#include "wavenet/report/series.h"
#include "wavenet/report/style.h"
#include "wavenet/report/text.h"

namespace wavenet::report {
namespace {

TEST(Text, IsSafeInMarkup) {
  EXPECT_EQ(escape("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(escape(std::string("a\0b\x1b\x7f\n", 6)), "a␀b␛␡\n");
  EXPECT_EQ(escape("zoë 日本 \uFFFF \uFE0F"), "zoë 日本 \uFFFD \uFE0F");
}

TEST(Text, NumbersAsAReaderWritesThem) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(-1234567), "-1,234,567");
  EXPECT_EQ(shortest(0.10, 3), "0.1");
  EXPECT_EQ(shortest(-0.0001, 3), "-0.0001");
  EXPECT_EQ(shortest(std::nan(""), 3), "none");
  EXPECT_EQ(step_label(500), "500");
  EXPECT_EQ(step_label(150'000), "150k");
  EXPECT_EQ(step_label(1'500'000), "1.5M");
}

std::vector<std::string> labels(const std::vector<Tick>& all) {
  std::vector<std::string> words;
  for (const Tick& tick : all) {
    words.push_back(tick.label);
  }
  return words;
}

TEST(Svg, TicksAreRoundNumbers) {
  EXPECT_EQ(labels(ticks({0, 1}, 5)),
            (std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8", "1"}));
  EXPECT_EQ(labels(ticks({-0.003, 0.0031}, 3)), (std::vector<std::string>{"-0.002", "0", "0.002"}));
  EXPECT_EQ(labels(step_ticks({0, 200'000}, 4)),
            (std::vector<std::string>{"0", "50k", "100k", "150k", "200k"}));
}

// A label has room for four digits.
TEST(Svg, TicksOfManyDigitsAreWrittenByPowersOfTen) {
  using Labels = std::vector<std::string>;
  EXPECT_EQ(labels(ticks({0, 0.0008}, 4)), (Labels{"0", "2e-4", "4e-4", "6e-4", "8e-4"}));
  EXPECT_EQ(labels(ticks({-0.00006, 0.00006}, 3)), (Labels{"-5e-5", "0", "5e-5"}));
  EXPECT_EQ(labels(ticks({0, 120'000}, 3)), (Labels{"0", "5e4", "1e5"}));
  EXPECT_EQ(labels(ticks({90'000, 130'000}, 2)), (Labels{"1e5", "1.2e5"}));
  EXPECT_EQ(labels(ticks({0, 1.1e-7}, 2)), (Labels{"0", "5e-8", "1e-7"}));
  EXPECT_EQ(labels(ticks({0, 8e7}, 2)), (Labels{"0", "5e7"}));
}

TEST(Svg, ARangeIsAsSmallAsItsValues) {
  EXPECT_EQ(range_of({0, 1e-7}).high, 1e-7);
  EXPECT_LT(range_of({0, 0}).low, 0);
  EXPECT_LT(range_of({5, 5}).low, range_of({5, 5}).high);
}

TEST(Svg, APointLandsWhereTheAxisSays) {
  Panel panel({.left = 10, .top = 20, .right = 110, .bottom = 220}, {0, 50}, {1, 3});
  panel.curve({{0, 1}, {25, 2}, {50, 3}}, "c");
  EXPECT_NE(panel.body().find("d=\"M10 220 60 120 110 20\""), std::string::npos) << panel.body();
  Panel broken({.left = 0, .top = 0, .right = 10, .bottom = 10}, {0, 10}, {0, 10});
  broken.curve({{0, 0}, {1, std::nan("")}, {2, 2}, {3, 3}}, "c");
  EXPECT_NE(broken.body().find("d=\"M0 10M2 8 3 7\""), std::string::npos) << broken.body();
}

TEST(Series, ThinnedKeepsEveryPeak) {
  std::vector<Point> points;
  for (int i = 0; i < 100'000; ++i) {
    points.push_back({static_cast<double>(i), std::sin(i)});
  }
  points[70'001].y = 50;
  points[30'003].y = -50;
  const std::vector<Point> kept = thinned(points);
  EXPECT_LE(kept.size(), kMaxPoints);
  EXPECT_GT(kept.size(), kMaxPoints / 2);
  const auto has = [&](double x) {
    return std::any_of(kept.begin(), kept.end(), [&](const Point& p) { return p.x == x; });
  };
  EXPECT_TRUE(has(70'001));
  EXPECT_TRUE(has(30'003));
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end(),
                             [](const Point& a, const Point& b) { return a.x < b.x; }));
}

TEST(Series, AMeanCountsEachStepOnce) {
  // Windows of 2, 2, 3 and 1 steps in stretches of 4: (2*1 + 2*3) / 4, (3*5 + 1*9) / 4.
  const std::vector<WindowRecord> windows{{2, 1, 0}, {4, 3, 0}, {7, 5, 0}, {8, 9, 0}};
  const std::vector<Point> means = mean_of_stretches(windows, 4);
  ASSERT_EQ(means.size(), 2U);
  EXPECT_EQ(means[0].x, 4);
  EXPECT_EQ(means[0].y, 2);
  EXPECT_EQ(means[1].x, 8);
  EXPECT_EQ(means[1].y, 6);
  EXPECT_EQ(logs::window_for(200'000), 1000);
  EXPECT_EQ(logs::window_for(2000), 100);
  EXPECT_EQ(logs::window_for(10), 1);
}

History run_of(int steps) {
  History run;
  run.name = "run";
  for (int i = 0; i < steps; ++i) {
    run.windows.push_back({i + 1, i < steps / 2 ? 10.0 : 1.0, 0.1});
  }
  return run;
}

// The y of the label `text` among those of an axis.
double label_y(const std::string& svg, const std::string& text) {
  const std::regex label("<text x=\"[-0-9.]+\" y=\"([-0-9.]+)\" text-anchor=\"end\">" + text + "<");
  std::smatch match;
  EXPECT_TRUE(std::regex_search(svg, match, label)) << text;
  return match.empty() ? 0 : std::stod(match[1]);
}

TEST(Figures, TheLossIsDrawnByItsLogarithm) {
  History run = run_of(100);
  const std::vector<Figure> figures = loss_figures(run);
  ASSERT_EQ(figures.size(), 1U);
  const std::string svg = figures[0].draw(kWide);
  // From 10 to 1: what is 2 on the axis stands log10(2) of the way up.
  const double one = label_y(svg, "1");
  const double ten = label_y(svg, "10");
  EXPECT_NEAR(label_y(svg, "2"), one + std::log10(2) * (ten - one), 0.11);
  // The curve begins and ends at those heights; labels stand 4 lower.
  const std::regex bold("class=\"bold c0\" d=\"M([0-9.]+) ([0-9.]+)[^\"]* ([0-9.]+)\"");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(svg, match, bold));
  EXPECT_NEAR(std::stod(match[2]), ten - 4, 0.11);
  EXPECT_NEAR(std::stod(match[3]), one - 4, 0.11);
}

// The legend tells how many steps a point of the bold curve is the mean of, whoever chose them.
TEST(Figures, TheLegendSaysWhatTheMeanIsOf) {
  History run;
  for (const std::int64_t step : {1000, 2000, 3000, 3500}) {
    run.windows.push_back({step, 2.0, 0.1});
  }
  EXPECT_NE(loss_figures(run)[0].draw(kWide).find(">mean of 1,000 steps<"), std::string::npos);
  EXPECT_NE(loss_figures(run_of(100))[0].draw(kWide).find(">mean of 5 steps<"), std::string::npos);
}

// Judged by an ESR, trained on more: two units in one panel, which the legend says. Marks that are near
// each other share a line, in whatever order they are known.
TEST(Figures, OfAnAmplifierTellTheLossFromTheEsr) {
  History run = run_of(100);
  run.info.measure = "ESR";
  run.info.marks.gain = 0.2993;
  run.info.marks.filter = 1.5e-9;
  run.info.marks.curve = 0.2937;
  const std::string svg = loss_figures(run)[0].draw(kWide);
  EXPECT_NE(svg.find(">loss in training, mean of 5 steps<"), std::string::npos);
  EXPECT_NE(svg.find("input at the best gain 0.2993, best static curve 0.2937"), std::string::npos);
  EXPECT_NE(svg.find("best linear filter 1.5e-09"), std::string::npos);
}

// So begins the log of a run that was rescued from its folder.
TEST(Figures, ALogMayBeginLate) {
  History run;
  for (const std::int64_t step : {101'000, 102'000, 103'000}) {
    run.windows.push_back({step, 2.0, 0.1});
  }
  EXPECT_NE(loss_figures(run)[0].draw(kWide).find(">mean of 1,000 steps<"), std::string::npos);
}

TEST(Figures, AxesOverManyPowersOfTenHaveRoom) {
  History run = run_of(100);
  run.windows.front().loss = 1e30;
  const std::string svg = loss_figures(run)[0].draw(kPhone);
  const std::regex label("text-anchor=\"end\">[0-9.e]+<");
  const auto begin = std::sregex_iterator(svg.begin(), svg.end(), label);
  EXPECT_LT(std::distance(begin, std::sregex_iterator()), 16);
  EXPECT_NE(svg.find(">1e"), std::string::npos);
}

TEST(Figures, AWindowAloneIsADot) {
  History run;
  run.windows = {{199, 2.5, 0.1}};
  const std::string svg = loss_figures(run)[0].draw(kWide);
  EXPECT_NE(svg.find("class=\"dot c0\""), std::string::npos);
  EXPECT_NE(svg.find("class=\"dot c3\""), std::string::npos);
}

TEST(Figures, MarksAreLevelsWithTheirNames) {
  History run = run_of(100);
  run.info.marks = {.uniform = 3.2958, .unigram = {}, .ngram = 1.974, .order = 6};
  const std::string svg = loss_figures(run)[0].draw(kPhone);
  EXPECT_NE(svg.find(">uniform 3.2958<"), std::string::npos);
  EXPECT_NE(svg.find(">6-gram 1.9740<"), std::string::npos);
  EXPECT_EQ(svg.find("unigram"), std::string::npos);
}

TEST(Figures, LinearPredictionIsAMarkWhereItIsKnown) {
  History run = run_of(100);
  run.info.marks = {.uniform = 3.2958, .order = 2, .linear_prediction = 2.25};
  EXPECT_NE(loss_figures(run)[0].draw(kWide).find("linear prediction 2.2500<"), std::string::npos);
}

// Where the loss is far off, the marks are a line apart or less.
TEST(Figures, NamesOfMarksThatAreCloseShareALine) {
  History run = run_of(100);
  run.windows.front().loss = 3000;
  run.info.marks = {.uniform = 3.2958, .unigram = 2.8267, .ngram = 1.974, .order = 6};
  const std::string svg = loss_figures(run)[0].draw(kWide);
  EXPECT_NE(svg.find(">uniform 3.2958, unigram 2.8267<"), std::string::npos);
  EXPECT_NE(svg.find("6-gram 1.9740<"), std::string::npos);
}

TEST(Figures, AHistogramIsADensity) {
  History run;
  const Histogram h{.low = -1, .high = 1, .counts = {1, 3}, .mean = 0.25, .std = 0.4};
  run.layers.push_back({5, "b.linear", "Linear", h, {}, {}, {}});
  run.layers.push_back({5, "a.tanh", "Tanh", h, h, 0.5, 0.0});
  const std::vector<Figure> figures = layer_figures(run);
  std::vector<std::string> names;
  for (const Figure& figure : figures) {
    names.push_back(figure.name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"layers-tanh-1-activation", "layers-tanh-1-gradient",
                                      "layers-tanh-1-saturated", "layers-linear-2-activation"}));
  const std::string svg = figures[0].draw(kHalf);
  // 1/4 and 3/4 of the values in bins 1 wide, about -0.5 and 0.5: a fourth of the labels' distance
  // from 0 to 0.6, times 1/0.6.
  const double zero = label_y(svg, "0");
  const double top = label_y(svg, "0.6");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(
      svg, match, std::regex("class=\"line c0\" d=\"M([0-9.]+) ([0-9.]+) ([0-9.]+) ([0-9.]+)\"")));
  EXPECT_NEAR(std::stod(match[2]), zero - 4 + 0.25 / 0.6 * (top - zero), 0.21);
  EXPECT_NEAR(std::stod(match[4]), zero - 4 + 0.75 / 0.6 * (top - zero), 0.21);
}

TEST(Figures, NothingThatIsNoNumberIsDrawn) {
  History run = run_of(50);
  const double none = std::nan("");
  run.windows[20].loss = none;
  run.windows[21].loss = 0;
  for (WindowRecord& window : run.windows) {
    window.rate = -1;
  }
  run.layers.push_back({1, "a", "Tanh", {none, none, {0, 0}, none, none}, {}, none, none});
  run.layers.push_back({1, "b", "Tanh", {0, 0, {9}, 0, 0}, {}, 0.0, 0.0});
  run.parameters.push_back({1, "w", none, none, none});
  run.norms.push_back({1, "n", {none, none, none}, {0, 0, 0}});
  for (const Figure& figure : figures_of(run)) {
    const std::string svg = figure.draw(kPhone);
    EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
    EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
  }
}

TEST(Figures, AloneTheyNeedNoVariables) {
  History run = run_of(50);
  const std::string svg = alone(loss_figures(run)[0].draw(kWide));
  EXPECT_EQ(svg.rfind("<svg xmlns=", 0), 0U);
  EXPECT_EQ(svg.find("var(--"), std::string::npos);
  EXPECT_NE(svg.find("fill=\"#ffffff\""), std::string::npos);
  EXPECT_NE(svg.find("viewBox=\"-12 -12 1112 "), std::string::npos);  // 1088 and both margins
}

TEST(Field, AnOutputSeesWhatThePathsDownReach) {
  for (const Stack& stack : {Stack{2, {1, 2, 4}}, Stack{2, {1, 1, 2, 4, 8, 1, 2}}, Stack{8, {1}},
                             Stack{3, {1, 3, 9}}, Stack{2, {4}}}) {
    // Every choice of a tap in every layer is a path.
    std::set<std::int64_t> expected;
    std::int64_t paths = 1;
    for (std::size_t l = 0; l < stack.dilations.size(); ++l) {
      paths *= stack.width;
    }
    for (std::int64_t path = 0; path < paths; ++path) {
      std::int64_t back = 0;
      std::int64_t rest = path;
      for (const std::int64_t dilation : stack.dilations) {
        back += rest % stack.width * dilation;
        rest /= stack.width;
      }
      expected.insert(40 - back);
    }
    const Cone cone = cone_of(stack, 40, -1000);
    EXPECT_EQ(std::set<std::int64_t>(cone.seen.front().begin(), cone.seen.front().end()), expected);
    EXPECT_EQ(cone.seen.back(), std::vector<std::int64_t>{40});
    EXPECT_EQ(40 - *expected.begin() + 1, field_of(stack));
  }
}

TEST(Field, TheLitLinksAreTheTreesEdges) {
  RunInfo info;
  info.dilations = {1, 2, 4};
  info.width = 2;
  info.receptive_field = 8;
  const std::string svg = draw_stack(*stack_of(info), kWide);
  std::smatch match;
  ASSERT_TRUE(std::regex_search(
      svg, match, std::regex("class=\"cone on\".*?<path class=\"lit\" d=\"([^\"]*)\"")));
  const std::string links = match[1];
  EXPECT_EQ(std::count(links.begin(), links.end(), 'M'), 14);  // 2 + 4 + 8
  EXPECT_NE(svg.find("the input at its own place and 7 before it, up to 7 back"),
            std::string::npos);
}

TEST(Field, IsDrawnOnlyWhereTheNumbersAgree) {
  RunInfo info;
  EXPECT_FALSE(stack_of(info).has_value());
  info.receptive_field = 8;
  EXPECT_FALSE(stack_of(info).has_value());  // a counting model
  info.layers.push_back({"a", "Linear", {4, 8}, 9});
  EXPECT_EQ(stack_of(info)->width, 8);  // an MLP
  info.dilations = {1, 2, 4};
  info.width = 2;
  EXPECT_EQ(stack_of(info)->dilations, (std::vector<std::int64_t>{1, 2, 4}));
  info.receptive_field = 9;  // a WaveNet, whose input layer looks back as well
  EXPECT_EQ(stack_of(info)->dilations, (std::vector<std::int64_t>{1, 1, 2, 4}));
  info.receptive_field = 10;
  EXPECT_FALSE(stack_of(info).has_value());
  info.dilations = {INT64_MAX, INT64_MAX};
  EXPECT_FALSE(stack_of(info).has_value());
}

}  // namespace
}  // namespace wavenet::report
