// Shell completions and man pages against what the program itself says that it takes.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "tests/program/run.h"

namespace {

namespace fs = std::filesystem;
using program::Folder;
using program::slurp;
using Names = std::set<std::string>;

// The build writes them beside the program.
const fs::path kManuals = fs::path(WAVENET_PROGRAM).parent_path() / "manuals";

Names matches(const std::string& text, const std::string& expression) {
  Names found;
  const std::regex regex(expression);
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

bool is_installed(const std::string& command) {
  return std::system(("command -v " + command + " >/dev/null").c_str()) == 0;
}

class Completion : public testing::Test {
 protected:
  std::string help(const std::string& verb) const {
    return program::run(folder_, verb + " --help").out;
  }
  Names verbs() const {
    const std::string text = help("");
    return matches(text.substr(text.find("Verbs:")), "\n  ([a-z]+) ");
  }
  // The entries of a verb's help.
  Names flags(const std::string& verb) const {
    return matches(help(verb), "\n  (?:-[a-z], )?(--?[a-z-]+)");
  }
  // With those of one letter, as -h.
  Names all_flags(const std::string& verb) const {
    Names all = flags(verb);
    all.merge(matches(help(verb), "\n  (-[a-z]), -"));
    return all;
  }
  // The words that bash offers for the last of `words`, in `folder_`.
  Names offered(const std::string& words) const {
    program::spit(folder_ / "complete.sh", "cd " + (folder_ / "") + "\nsource " +
                                               (kManuals / "bash/wavenet").string() +
                                               "\nCOMP_WORDS=(" + words +
                                               ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                               "_wavenet\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    const std::string command =
        "bash -u " + (folder_ / "complete.sh") + " >" + (folder_ / "offered") + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << slurp(folder_ / "offered");
    return matches(slurp(folder_ / "offered"), "([^\n]+)\n");
  }
  Folder folder_;
};

TEST_F(Completion, OfVerbs) {
  EXPECT_EQ(offered("wavenet tr"), Names{"train"});
  EXPECT_EQ(offered("wavenet ''"), verbs());
  EXPECT_EQ(offered("wavenet --v"), Names{"--version"});
  EXPECT_EQ(offered("wavenet nosuch ''"), Names{});
}

TEST_F(Completion, OfFlags) {
  EXPECT_EQ(offered("wavenet train --re"), (Names{"--recipe", "--resume"}));
  EXPECT_EQ(offered("wavenet train --steps 5 --over"), Names{"--overwrite"});
  for (const std::string& verb : verbs()) {
    Names all = offered("wavenet " + verb + " --");
    if (verb == "sample") {
      all.insert("-n");
    }
    EXPECT_EQ(all, flags(verb)) << verb;
  }
}

TEST_F(Completion, OfValues) {
  EXPECT_EQ(offered("wavenet train --recipe tree"), (Names{"tree-22k", "tree-76k"}));
  EXPECT_EQ(offered("wavenet train --recipe = tree"), (Names{"tree-22k", "tree-76k"}));
  EXPECT_EQ(offered("wavenet eval m --split ''"), (Names{"train", "val", "test", "all"}));
  EXPECT_EQ(offered("wavenet eval m --split ="), (Names{"train", "val", "test", "all"}));
  EXPECT_EQ(offered("wavenet recipes wavenet-n"), (Names{"wavenet-names", "wavenet-notes"}));
  EXPECT_EQ(offered("wavenet train --steps ''"), Names{});
}

TEST_F(Completion, OfPaths) {
  program::spit(folder_ / "my words.txt", "");
  program::spit(folder_ / "mine.json", "");
  fs::create_directory(folder_ / "mirror");
  EXPECT_EQ(offered("wavenet train --data m"), (Names{"my words.txt", "mine.json", "mirror"}));
  EXPECT_EQ(offered("wavenet train --recipe m"),
            (Names{"mlp-3", "mlp-8", "my words.txt", "mine.json", "mirror"}));
  EXPECT_EQ(offered("wavenet train --out m"), Names{"mirror"});
  EXPECT_EQ(offered("wavenet eval mi"), (Names{"mine.json", "mirror"}));
}

TEST_F(Completion, OfEveryVerbAndFlagInZshAndFish) {
  const std::string zsh = slurp(kManuals / "zsh/_wavenet");
  const std::string fish = slurp(kManuals / "fish/wavenet.fish");
  for (const std::string& verb : verbs()) {
    const std::size_t begin = zsh.find("\n    " + verb + ")");
    ASSERT_NE(begin, zsh.npos) << verb;
    EXPECT_EQ(matches(zsh.substr(begin, zsh.find(";;", begin) - begin), "'\\*?(--?[a-z-]+)=?\\["),
              all_flags(verb));
    Names in_fish;
    const std::string condition = "__fish_seen_subcommand_from " + verb + "'";
    for (const std::string& name : matches(fish, condition + ".* -l ([a-z-]+)")) {
      in_fish.insert("--" + name);
    }
    if (verb == "sample") {
      in_fish.insert("-n");
    }
    EXPECT_EQ(in_fish, flags(verb)) << verb;
  }
}

TEST_F(Completion, ParsesInZsh) {
  if (!is_installed("zsh")) {
    GTEST_SKIP() << "zsh is not installed";
  }
  EXPECT_EQ(std::system(("zsh -n " + (kManuals / "zsh/_wavenet").string()).c_str()), 0);
}

TEST_F(Completion, OffersTheSameInFish) {
  if (!is_installed("fish")) {
    GTEST_SKIP() << "fish is not installed";
  }
  const std::string file = (kManuals / "fish/wavenet.fish").string();
  EXPECT_EQ(std::system(("fish -n " + file).c_str()), 0);
  const std::string ask =
      "fish -c 'source " + file + "; complete -C \"wavenet train --recipe tree\"'";
  EXPECT_EQ(std::system((ask + " >" + (folder_ / "offered")).c_str()), 0);
  EXPECT_EQ(matches(slurp(folder_ / "offered"), "([^\t\n]+)[^\n]*\n"),
            (Names{"tree-22k", "tree-76k"}));
}

// Every --help in 100 columns, each flag with one entry.
TEST_F(Completion, HelpNamesEachFlagOnce) {
  Names all = verbs();
  EXPECT_TRUE(all.contains("train") && all.contains("recipes"));
  all.insert("");
  for (const std::string& verb : all) {
    std::istringstream text(help(verb));
    Names seen;
    for (std::string line; std::getline(text, line);) {
      EXPECT_LE(line.size(), 100U) << line;
      std::smatch flag;
      if (std::regex_search(line, flag, std::regex("^  (?:-[a-z], )?(--?[a-z-]+)"))) {
        EXPECT_TRUE(seen.insert(flag[1]).second) << verb << ": " << line;
      }
    }
    EXPECT_TRUE(seen.contains("--help")) << verb;
    if (!verb.empty()) {
      EXPECT_TRUE(seen.contains("--quiet") && seen.contains("--json")) << verb;
    }
  }
}

TEST_F(Completion, AManPageForEveryVerbNamesAllItsFlags) {
  const std::string all = slurp(kManuals / "man1/wavenet.1");
  for (const std::string& verb : verbs()) {
    EXPECT_NE(all.find("\n.TP\n\\fB" + verb + "\\fR\n"), all.npos) << verb;
    const std::string page = slurp(kManuals / ("man1/wavenet-" + verb + ".1"));
    ASSERT_FALSE(page.empty()) << verb;
    Names named;
    for (const std::string& name : matches(page, "\\\\fB((?:\\\\-)+[a-z\\\\-]+)\\\\fR")) {
      named.insert(std::regex_replace(name, std::regex("\\\\-"), "-"));
    }
    EXPECT_EQ(named, all_flags(verb)) << verb;
  }
}

// Each with flags that its verb has, and the same on its page as in its help.
TEST_F(Completion, EveryVerbHasExamples) {
  for (const std::string& verb : verbs()) {
    const std::string text = help(verb);
    const std::size_t begin = text.find("\nExamples:\n");
    ASSERT_NE(begin, text.npos) << verb;
    std::istringstream lines(text.substr(begin + 11));
    const std::string page = slurp(kManuals / ("man1/wavenet-" + verb + ".1"));
    const Names known = all_flags(verb);
    for (std::string line; std::getline(lines, line);) {
      ASSERT_TRUE(line.starts_with("  wavenet " + verb)) << line;
      for (const std::string& flag :
           matches(line.substr(0, line.find(" | ")), " (--?[a-z][a-z-]*)")) {
        EXPECT_TRUE(known.contains(flag)) << line;
      }
      const std::string on_page = std::regex_replace(line.substr(2), std::regex("-"), "\\-");
      EXPECT_NE(page.find("\n" + on_page + "\n"), page.npos) << on_page;
    }
    EXPECT_NE(page.find("\n.SH EXIT STATUS\n"), page.npos) << verb;
    EXPECT_NE(page.find("\n130\n"), page.npos) << verb;
  }
}

// What takes a file, folder or recipe says so, for then its value is completed.
TEST_F(Completion, NoFlagTakesANamelessText) {
  for (const std::string& verb : verbs()) {
    const Names texts = matches(help(verb), "  (--[a-z-]+) TEXT");
    for (const std::string& flag : texts) {
      EXPECT_TRUE(flag == "--prompt" || flag == "--stop") << verb << " " << flag;
    }
  }
}

TEST_F(Completion, ManPagesAreSoundRoff) {
  if (!is_installed("groff")) {
    GTEST_SKIP() << "groff is not installed";
  }
  for (const auto& page : fs::directory_iterator(kManuals / "man1")) {
    const std::string command =
        "groff -man -Tutf8 -ww -z " + page.path().string() + " 2>" + (folder_ / "warnings");
    EXPECT_EQ(std::system(command.c_str()), 0);
    EXPECT_EQ(slurp(folder_ / "warnings"), "") << page.path();
  }
}

}  // namespace
