// The page: what stands in it, that nothing in the data becomes markup, and that it stays small.
#include "wavenet/report/page.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/program/run.h"
#include "wavenet/base/check.h"
#include "wavenet/report/report.h"

namespace wavenet::report {
namespace {

History finished_run() {
  History run;
  run.name = "tree";
  run.windows = {{1, 3.3, 0.1}, {2, 2.5, 0.1}};
  run.evaluations = {{1, "val", 2.75}, {2, "val", 2.5}, {2, "train", 2.25}};
  run.info.steps = 2;
  run.info.marks.ngram = 2.0;
  return run;
}

bool has(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST(Page, ShowsTheNumbersOfTheRun) {
  const std::string page = page_of(finished_run());
  EXPECT_TRUE(has(page, "<b>2.5000</b><span>best validation, after 2 steps"));
  EXPECT_TRUE(has(page, "<b>3.607</b><span>bits per character"));  // 2.5 / ln 2
  EXPECT_TRUE(has(page, "<b>+0.5000</b><span>against counting: worse"));
  EXPECT_TRUE(has(page, "finished, 2 steps"));
  EXPECT_FALSE(has(page, "http-equiv"));
}

TEST(Page, ReloadsItselfWhileTheRunIsUnderWay) {
  History run = finished_run();
  run.evaluations.pop_back();  // no train loss yet
  run.info.steps = 1000;
  run.running = true;
  const std::string page = page_of(run);
  EXPECT_TRUE(has(page, ">step 2 of 1,000<"));
  EXPECT_TRUE(has(page, "http-equiv=\"refresh\""));
}

TEST(Page, SaysThatARunWasStopped) {
  History run = finished_run();
  run.evaluations.pop_back();
  run.info.steps = 1000;
  const std::string page = page_of(run);
  EXPECT_TRUE(has(page, "stopped; its log ends at step 2 of 1,000"));
  EXPECT_FALSE(has(page, "http-equiv"));
}

TEST(Page, VerdictsStandAboveAllElse) {
  History run = finished_run();
  run.verdicts.push_back({2, "not learning", "the loss is 3.3", "a higher rate"});
  const std::string page = page_of(run);
  const std::size_t verdict = page.find("<b>not learning</b>");
  ASSERT_NE(verdict, std::string::npos);
  EXPECT_LT(verdict, page.find("class=\"tiles\""));
  EXPECT_TRUE(has(page, "after 2 steps</span><p>Because the loss is 3.3."));
  EXPECT_TRUE(has(page, "Try a higher rate."));
}

TEST(Page, NothingInTheDataBecomesMarkup) {
  const std::string evil = "\"'><img src=x onerror=alert(1)><script>";
  History run = finished_run();
  run.name = evil;
  run.samples.push_back({2, {{evil, true}, {evil, false}}});
  run.verdicts.push_back({2, evil, evil, evil});
  run.layers.push_back({1, evil, evil, {0, 1, {1, 2}, 0.5, 0.2}, {}, 0.1, 0.1});
  run.parameters.push_back({1, evil, 1, 1, -3});
  run.norms.push_back({1, evil, {0, 1, 2}, {0, 1, 2}});
  run.info.command = run.info.recipe = run.info.version = evil;
  run.info.layers.push_back({evil, evil, {1}, 1});
  run.info.data.push_back({evil, evil});
  const std::string page = page_of(run) + comparison_of({run, run});
  EXPECT_FALSE(has(page, "<img"));
  EXPECT_FALSE(has(page, "'>&lt;"));
  std::size_t scripts = 0;
  for (std::size_t at = 0; (at = page.find("<script", at)) != std::string::npos; ++at) {
    ++scripts;
  }
  EXPECT_EQ(scripts, 2U);  // each page's own
  EXPECT_TRUE(has(page, "<li class=\"known\">&quot;&#39;&gt;&lt;img src=x"));
}

TEST(Page, AsksTheNetworkForNothing) {
  History run = finished_run();
  const std::string page = page_of(run);
  for (const char* part : {"src=", "href=", "@import", "url("}) {
    EXPECT_FALSE(has(page, part)) << part;
  }
}

// Everything at its largest: each step logged, many layers, long samples.
History large_run() {
  History run = finished_run();
  run.windows.clear();
  for (int i = 0; i < 1'000'000; ++i) {
    run.windows.push_back({i, 2 + 0.001 * (i * 37 % 1000), 0.1 / (1 + i % 7)});
  }
  for (int step = 0; step < 1'000'000; step += 25'000) {
    for (int l = 0; l < 120; ++l) {
      const std::string name = fmt::format("blocks.{}.linear", l);
      const Histogram h{.low = -1,
                        .high = 1,
                        .counts = std::vector<std::int64_t>(50, 7 + l),
                        .mean = 0,
                        .std = 0.3};
      run.layers.push_back({step, name, l % 2 ? "Tanh" : "Linear", h, h, 0.25, 0.0});
      run.parameters.push_back({step, name + ".weight", 1, 1, -3 + 0.1 * (l % 5)});
    }
    const std::vector<Sample> samples(50, Sample{std::string(3000, 'x'), {}});
    run.samples.push_back({step, samples});
  }
  run.info.layers.assign(10'000, {"name", "Linear", {4, 8, 24}, 648});
  run.info.recipe = std::string(1'000'000, '"');
  run.info.receptive_field = 2048;
  run.info.width = 2;
  for (int i = 0; i < 11; ++i) {
    run.info.dilations.push_back(1 << i);
  }
  return run;
}

TEST(Page, StaysBelowItsSize) { EXPECT_LT(page_of(large_run()).size(), 1'200'000U); }

TEST(Page, ComparesRuns) {
  History other = finished_run();
  other.name = "wavenet";
  other.evaluations = {{2, "val", 2.125}};
  other.info.parameters = 71'347;
  const std::string page = comparison_of({finished_run(), other});
  EXPECT_TRUE(has(page,
                  "<td>tree</td><td class=\"number\"></td><td class=\"number\">2</td>"
                  "<td class=\"number\">2.5000</td>"));
  EXPECT_TRUE(has(page,
                  "<td>wavenet</td><td class=\"number\">71,347</td><td class=\"number\">2</td>"
                  "<td class=\"number\">2.1250</td>"));
  EXPECT_TRUE(has(page, "class=\"bold c1\""));
}

TEST(Page, ComparesRunsBesideTheMarksThatTheyHave) {
  History amplifier = finished_run();
  amplifier.info.marks = {};
  amplifier.info.marks.gain = 0.5659;
  amplifier.info.marks.filter = 0.188;
  const std::string page = comparison_of({amplifier, amplifier});
  EXPECT_TRUE(has(page, "best linear filter"));
  EXPECT_TRUE(has(page, "<td class=\"number\">0.5659</td><td class=\"number\">0.1880</td></tr>"));
  EXPECT_FALSE(has(page, "unigram"));
}

TEST(Page, SaysWhereLossesDoNotCompare) {
  History a = finished_run();
  a.info.data = {{"source", "names.txt"}, {"words", "32,033"}};
  a.info.split_seed = 42;
  History b = a;
  b.name = "b";
  b.info.data[0].value = "./names.txt";
  EXPECT_FALSE(has(comparison_of({a, b}), "different data"));
  b.info.data[1].value = "900";
  EXPECT_TRUE(has(comparison_of({a, b}), "<p>tree and b were trained and judged on other data"));
  b = a;
  b.info.split_seed = 7;
  EXPECT_TRUE(has(comparison_of({a, b}), "different data"));
  a.info.data.pop_back();  // a text, which no seed splits
  b.info.data.pop_back();
  EXPECT_FALSE(has(comparison_of({a, b}), "different data"));
}

TEST(Report, RunsThatShareANameGoByTheirFolders) {
  const program::Folder folder;
  for (const char* run : {"x/run", "y/run", "z"}) {
    std::filesystem::create_directories(folder / run);
    program::spit(folder / (std::string(run) + "/metrics.jsonl"),
                  "{\"step\":0,\"loss\":3,\"lr\":1}\n");
  }
  const std::vector<History> runs = read_all({folder / "x/run", folder / "y/run", folder / "z"});
  EXPECT_EQ(runs[0].name, folder / "x/run");
  EXPECT_EQ(runs[1].name, folder / "y/run");
  EXPECT_EQ(runs[2].name, "z");
}

TEST(Report, IsWrittenWholeBesideTheRecords) {
  const program::Folder folder;
  program::spit(folder / "metrics.jsonl", "{\"step\":0,\"loss\":3,\"lr\":1}\n");
  write(folder / "", folder / "report.html");
  EXPECT_TRUE(has(program::slurp(folder / "report.html"), "</html>"));
  const auto files = write_figures(read_history(folder / ""), folder / "figures");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_TRUE(has(program::slurp(files[0]), "</svg>"));
  EXPECT_THROW(write_comparison({}, folder / "none.html"), Error);
}

}  // namespace
}  // namespace wavenet::report
