// What is written from a command line, of a small one.
#include <gtest/gtest.h>

#include "manual/hint.h"
#include "manual/manuals.h"
#include "manual/wrapped.h"

namespace {

using manual::Definition;
using manual::Verb;

Definition bakery() {
  const manual::Argument help{.names = {"-h", "--help"},
                              .value = "",
                              .about = "print this help",
                              .remarks = {},
                              .required = false,
                              .repeats = false};
  const manual::Argument recipe{.names = {"--recipe"},
                                .value = "RECIPE",
                                .about = "it's [as] you like: any",
                                .remarks = {"default rye"},
                                .required = false,
                                .repeats = false};
  const manual::Argument size{.names = {"--size"},
                              .value = "small|large",
                              .about = "of a loaf",
                              .remarks = {"required"},
                              .required = true,
                              .repeats = true};
  const manual::Argument flour{.names = {"FLOUR"},
                               .value = "FLOUR",
                               .about = "kind of flour",
                               .remarks = {},
                               .required = true,
                               .repeats = true};
  return {.name = "bakery",
          .version = "1.2",
          .about = "Bakes.",
          .flags = {help},
          .verbs = {{.name = "bake",
                     .about = "bake bread",
                     .positionals = {flour},
                     .flags = {help, recipe, size},
                     .examples = {"bakery bake rye --size large"}}},
          .recipes = {"rye", "wheat"}};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST(Manual, WrapsWordsBehindAHead) {
  EXPECT_EQ(manual::wrapped("- ", "one two three", 4, 11), "-   one two\n    three\n");
  EXPECT_EQ(manual::wrapped("", "straße und öl", 0, 10), "straße und\nöl\n");
  EXPECT_EQ(manual::wrapped("", "a longerthanwide b", 0, 5), "a\nlongerthanwide\nb\n");
  EXPECT_EQ(manual::wrapped("a: ", "", 3, 80), "a: \n");
}

TEST(Manual, HelpStandsBesideNamesWhereThereIsRoom) {
  const Verb verb = bakery().verbs.front();
  EXPECT_EQ(manual::help("bakery", verb, 80),
            "bake bread\n"
            "Usage: bakery bake [OPTIONS] --size small|large FLOUR...\n"
            "\nArguments:\n"
            "  FLOUR                     kind of flour\n"
            "\nOptions:\n"
            "  -h, --help                print this help\n"
            "  --recipe RECIPE           it's [as] you like: any (default rye)\n"
            "  --size small|large        of a loaf (required)\n"
            "\nExamples:\n"
            "  bakery bake rye --size large\n");
  EXPECT_TRUE(contains(manual::help("bakery", verb, 30), "  -h, --help\n      print this help\n"));
}

// What a shell or roff takes as a sign of its own comes as a plain character.
TEST(Manual, EscapesWhatMeansSomething) {
  const Definition program = bakery();
  EXPECT_TRUE(contains(manual::fish_completion(program), "-d 'it\\'s [as] you like: any'"));
  EXPECT_TRUE(contains(manual::zsh_completion(program), "[it'\\''s \\[as\\] you like\\: any]"));
  EXPECT_TRUE(contains(manual::man_page(program, program.verbs.front()),
                       ".TP\n\\fB\\-\\-recipe\\fR \\fIRECIPE\\fR\nit's [as]"));
}

TEST(Manual, CompletesAValueByItsName) {
  const Definition program = bakery();
  const std::string bash = manual::bash_completion(program);
  EXPECT_TRUE(contains(bash, "--recipe) words='rye wheat' files=-f ;;"));
  EXPECT_TRUE(contains(bash, "--size) words='small large' ;;"));
  const std::string fish = manual::fish_completion(program);
  EXPECT_TRUE(contains(fish, "-l recipe -r -F -a 'rye wheat' "));
  EXPECT_TRUE(contains(fish, "-l size -r -f -a 'small large' "));
  const std::string zsh = manual::zsh_completion(program);
  EXPECT_TRUE(contains(zsh, "compadd -- rye wheat\n"));
  EXPECT_TRUE(contains(zsh, "'*--size=[of a loaf]:small|large:(small large)'"));
}

TEST(Manual, HintsAtWhatWasMeant) {
  const Definition program = bakery();
  const Verb& verb = program.verbs.front();
  EXPECT_EQ(manual::hint_of_verb("bkae", program), "; did you mean 'bake'?");
  EXPECT_EQ(manual::hint_of_argument("--recpie", verb), "; did you mean '--recipe'?");
  EXPECT_EQ(manual::hint_of_argument("--size", verb), "; it stands behind the verb");
  EXPECT_EQ(manual::hint_of_argument("--flour", verb), "; FLOUR stands without a flag");
  EXPECT_EQ(manual::hint_of_argument("nosuch", verb), "");
}

}  // namespace
