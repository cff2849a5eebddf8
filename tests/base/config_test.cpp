#include "wavenet/base/config.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

constexpr std::string_view kRecipe = R"({
  "about": "A test.",
  "model": {
    "kind": "tree",
    "hidden": 128,
    "gated": true
  },
  "data": {
    "format": "lines"
  },
  "train": {
    "learning_rate": 0.1,
    "decay": 1.0,
    "warmup": 0
  }
})";

Config recipe() { return Config::parse(kRecipe, "my.json"); }

template <class E = Error>
std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "none";
}

std::string usage_of(const std::function<void()>& action) { return problem_of<UsageError>(action); }

std::string parse_problem(std::string_view json) {
  return problem_of([&] { Config::parse(json, "my.json"); });
}

TEST(Config, ReadsScalarsByFlatKeys) {
  const Config config = recipe();
  EXPECT_EQ(config.text("model.kind"), "tree");
  EXPECT_EQ(config.integer("model.hidden", 1, 1000), 128);
  EXPECT_TRUE(config.boolean("model.gated"));
  EXPECT_EQ(config.number("train.learning_rate", 0, 1), 0.1);
  EXPECT_EQ(config.number("train.warmup", 0, 1), 0.0);  // an integer will do
  EXPECT_TRUE(config.contains("model.kind"));
  EXPECT_FALSE(config.contains("model"));
}

TEST(Config, ReadsListsOfIntegers) {
  const Config config = Config::parse(R"({"d": [1, 2, -4], "e": []})", "x");
  EXPECT_EQ(config.integers("d", -4, 4), (std::vector<std::int64_t>{1, 2, -4}));
  EXPECT_TRUE(config.integers("e", 0, 0).empty());
  EXPECT_EQ(config.integers_or("f", {7}, 0, 9), std::vector<std::int64_t>{7});
  EXPECT_EQ(usage_of([&] { config.integers("d", 0, 4); }), "x: key d must be from 0 to 4, got -4");
  EXPECT_EQ(usage_of([&] { config.text("d"); }), "x: key d expects text, got [1, 2, -4]");
}

TEST(Config, GivesDefaultsForAbsentKeysOnly) {
  const Config config = recipe();
  EXPECT_EQ(config.integer_or("model.skip", 72, 1, 100), 72);
  EXPECT_EQ(config.integer_or("model.hidden", 72, 1, 1000), 128);
  EXPECT_EQ(config.number_or("train.dropout", 0.5, 0, 1), 0.5);
  EXPECT_EQ(config.number_or("train.learning_rate", 0.5, 0, 1), 0.1);
  EXPECT_EQ(config.text_or("data.name", "names"), "names");
  EXPECT_EQ(config.text_or("data.format", "text"), "lines");
  EXPECT_TRUE(config.boolean_or("data.dedup", true));
  EXPECT_TRUE(config.boolean_or("model.gated", false));
}

TEST(Config, ChecksAKeyThatHasADefaultToo) {
  const Config config = recipe();
  EXPECT_THROW(config.integer_or("model.hidden", 1, 1, 2), UsageError);
  EXPECT_THROW(config.boolean_or("model.kind", true), UsageError);
}

TEST(Config, NamesAMissingKey) {
  EXPECT_EQ(usage_of([] { recipe().integer("model.depth", 1, 9); }),
            "my.json: key model.depth is missing");
}

TEST(Config, NamesAValueOfTheWrongKind) {
  const Config config = recipe();
  EXPECT_EQ(usage_of([&] { config.integer("model.kind", 1, 9); }),
            "my.json: key model.kind expects an integer, got 'tree'");
  EXPECT_EQ(usage_of([&] { config.integer("train.decay", 0, 9); }),
            "my.json: key train.decay expects an integer, got 1");
  EXPECT_EQ(usage_of([&] { config.number("model.gated", 0, 9); }),
            "my.json: key model.gated expects a number, got true");
  EXPECT_EQ(usage_of([&] { config.boolean("model.hidden"); }),
            "my.json: key model.hidden expects true or false, got 128");
  EXPECT_EQ(usage_of([&] { config.integers("model.hidden", 0, 1); }),
            "my.json: key model.hidden expects a list of integers, got 128");
}

TEST(Config, NamesAValueOutOfRange) {
  const Config config = recipe();
  EXPECT_EQ(usage_of([&] { config.integer("model.hidden", 1, 100); }),
            "my.json: key model.hidden must be from 1 to 100, got 128");
  EXPECT_EQ(usage_of([&] { config.number("train.learning_rate", 0.5, 2.0); }),
            "my.json: key train.learning_rate must be from 0.5 to 2, got 0.1");
  EXPECT_EQ(config.integer("model.hidden", 128, 128), 128);  // both ends are allowed
}

TEST(Config, PutsASyntaxErrorOnOneLineWithItsPlace) {
  const std::string problem = parse_problem("{\n  \"a\": 1,\n  \"b\" 2\n}");
  EXPECT_TRUE(problem.starts_with("my.json: line 3, column 7: ")) << problem;
  for (std::string_view json :
       {"", "{", "{\"a\": 1,}", "{\"a\": nul}", "{\"a\": \"\n\"}", "{\"a\": 1} x", "{\"a\": 1e999}",
        "{\"a\": \"\xFF\"}", "{a: 1}", "{\"a\": 01}", "// no\n{}", "{\"a\": NaN}"}) {
    const std::string text = parse_problem(json);
    EXPECT_TRUE(text.starts_with("my.json: line ")) << text;
    EXPECT_EQ(text.find('\n'), text.npos) << text;
    EXPECT_LT(text.size(), 250U) << text;
  }
}

TEST(Config, RefusesWhatIsNoObject) {
  for (std::string_view json : {"3", "[1]", "\"text\"", "true"}) {
    EXPECT_TRUE(parse_problem(json).starts_with("my.json: a recipe is a JSON object"))
        << parse_problem(json);
  }
  EXPECT_NE(parse_problem("null"), "none");
  EXPECT_EQ(parse_problem("{}"), "none");
}

TEST(Config, NamesTheKeyOfWhatARecipeCannotHold) {
  EXPECT_EQ(parse_problem(R"({"a": {"b": null}})"),
            "my.json: key 'a.b' is null; leave a key out to get its default");
  for (std::string_view json :
       {R"({"a": {"b": [1.5]}})", R"({"a": {"b": ["x"]}})", R"({"a": {"b": [[1]]}})",
        R"({"a": {"b": [{}]}})", R"({"a": {"b": [true]}})"}) {
    EXPECT_EQ(parse_problem(json), "my.json: key 'a.b': a list may hold integers only");
  }
  EXPECT_EQ(parse_problem(R"({"a": {"b": 1, "b": 2}})"), "my.json: key 'a.b' stands twice");
  EXPECT_EQ(parse_problem(R"({"a": {"b": 1}, "a": {"c": 1}})"), "my.json: key 'a' stands twice");
  EXPECT_EQ(parse_problem(R"({"a.b": 1})"),
            "my.json: key 'a.b' may hold letters, digits, '_' and '-' only");
  EXPECT_EQ(parse_problem(R"({"": 1})"),
            "my.json: key '' may hold letters, digits, '_' and '-' only");
  EXPECT_EQ(parse_problem(R"({"a": 18446744073709551615})"),
            "my.json: key 'a' is beyond 64 bits: 18446744073709551615");
}

TEST(Config, HoldsTheDepthAndTheSize) {
  EXPECT_EQ(parse_problem(R"({"a":{"b":{"c":{"d":1}}}})"), "none");
  EXPECT_EQ(parse_problem(R"({"a":{"b":{"c":{"d":{"e":1}}}}})"),
            "my.json: key 'a.b.c.d' nests objects more than 4 deep");
  EXPECT_NE(parse_problem(std::string(1 << 20, '[')), "none");
  EXPECT_EQ(parse_problem(std::string((1 << 20) + 1, ' ')),
            "my.json: a recipe of 1048577 bytes; at most 1048576 are read");
}

TEST(Config, WritesTheSameTextThatItRead) {
  EXPECT_EQ(recipe().to_json(), kRecipe);
  EXPECT_EQ(Config::parse("{}", "x").to_json(), "{}");
}

TEST(Config, KeepsEveryKindThroughText) {
  const Config config =
      Config::parse(R"({"a":[1,2],"b":1.0,"c":1e-300,"d":"é\n","e":-9223372036854775808})", "x");
  const Config again = Config::parse(config.to_json(), "y");
  EXPECT_EQ(again.to_json(), config.to_json());
  EXPECT_EQ(again.number("c", 0, 1), 1e-300);
  EXPECT_EQ(again.integer("e", std::numeric_limits<std::int64_t>::min(), 0),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_THROW(again.integer("b", 0, 9), UsageError);  // 1.0 has stayed a number
}

TEST(Config, SetsAKeyAndKeepsItsKind) {
  Config config = recipe();
  config.set("model.hidden=200");
  config.set("train.learning_rate=1");
  config.set("model.gated=false");
  config.set("model.kind=12=3");
  EXPECT_EQ(config.integer("model.hidden", 1, 1000), 200);
  EXPECT_EQ(config.number("train.learning_rate", 0, 1), 1.0);
  EXPECT_FALSE(config.boolean("model.gated"));
  EXPECT_EQ(config.text("model.kind"), "12=3");
}

TEST(Config, SetsAList) {
  Config config = Config::parse(R"({"d": [1]})", "x");
  for (std::string_view text : {"d=1,2,4", "d=[1,2,4]", "d=[1, 2, 4]"}) {
    config.set("d=[]");
    EXPECT_TRUE(config.integers("d", 0, 9).empty());
    config.set(text);
    EXPECT_EQ(config.integers("d", 0, 9), (std::vector<std::int64_t>{1, 2, 4})) << text;
  }
  for (std::string_view text : {"d=1,", "d=,1", "d=1;2", "d=[1", "d=1.5", "d=[", "d=x"}) {
    EXPECT_THROW(config.set(text), UsageError) << text;
  }
}

TEST(Config, RefusesToSetAValueOfAnotherKind) {
  Config config = recipe();
  EXPECT_EQ(usage_of([&] { config.set("model.hidden=1.5"); }),
            "set: key model.hidden expects an integer, got '1.5'");
  EXPECT_EQ(usage_of([&] { config.set("model.hidden=abc"); }),
            "set: key model.hidden expects an integer, got 'abc'");
  EXPECT_EQ(usage_of([&] { config.set("model.gated=1"); }),
            "set: key model.gated expects true or false, got '1'");
  for (std::string_view text : {"=nan", "=inf", "=", "=0.1x", "=1e999", "= 1"}) {
    EXPECT_THROW(config.set("train.learning_rate" + std::string(text)), UsageError) << text;
  }
  EXPECT_THROW(config.set("model.hidden=9223372036854775808"), UsageError);
  EXPECT_EQ(config.integer("model.hidden", 1, 1000), 128);
}

TEST(Config, SetsAnAbsentKeyWithTheKindItsValueLooksLike) {
  Config config = recipe();
  config.set("data.dedup=true");
  config.set("train.seed=7");
  config.set("train.dropout=0.2");
  config.set("model.dilations=[1,2]");
  config.set("data.name=a b");
  config.set("train.nan=nan");
  EXPECT_TRUE(config.boolean_or("data.dedup", false));
  EXPECT_EQ(config.integer_or("train.seed", 0, 0, 9), 7);
  EXPECT_EQ(config.number_or("train.dropout", 0, 0, 1), 0.2);
  EXPECT_EQ(config.integers("model.dilations", 1, 2).size(), 2U);
  EXPECT_EQ(config.text_or("data.name", ""), "a b");
  EXPECT_THROW(config.number_or("train.nan", 0, -INFINITY, INFINITY), UsageError);
  EXPECT_NE(config.to_json().find("\"format\": \"lines\",\n    \"dedup\": true"),
            std::string::npos);
}

TEST(Config, RefusesAnAssignmentThatIsNone) {
  Config config = recipe();
  EXPECT_EQ(usage_of([&] { config.set("model.hidden"); }),
            "set: expects KEY=VALUE, got 'model.hidden'");
  for (std::string_view text : {"=1", "a.=1", ".a=1", "a..b=1", "a b=1", "a.b.c.d.e=1", "é=1"}) {
    EXPECT_THROW(config.set(text), UsageError) << text;
  }
  EXPECT_THROW(config.set("model.kind=\xFF"), UsageError);
  EXPECT_EQ(usage_of([&] { config.set("model=1"); }),
            "set: key model is a part of the recipe; set one of its keys, like model.kind");
  EXPECT_EQ(usage_of([&] { config.set("model.hidden.x=1"); }),
            "set: key model.hidden.x cannot be inside model.hidden, which is 128");
}

TEST(Config, RefusesNaNAndTheBeyondInGetters) {
  const Config config = recipe();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(config.number("train.learning_rate", nan, 1), UsageError);
}

TEST(Config, FindsTheKeyThatNothingReads) {
  Config config = recipe();
  for (const char* key : {"model.kind", "data.format"}) {
    config.text(key);
  }
  config.boolean("model.gated");
  config.integer("model.hidden", 1, 1000);
  config.number("train.learning_rate", 0, 1);
  config.number("train.decay", 0, 1);
  config.integer_or("train.warmup", 0, 0, 1);
  config.integer_or("model.skip", 1, 1, 9);
  EXPECT_EQ(usage_of([&] { config.require_all_read(); }), "none");  // "about" is exempt
  config.set("model.skipp=3");
  EXPECT_EQ(usage_of([&] { config.require_all_read(); }),
            "my.json: no part of the program reads key 'model.skipp'; did you mean 'model.skip'?");
}

TEST(Config, SaysInWhichKeysTwoDiffer) {
  const Config before =
      Config::parse(R"({"about": "a", "train": {"clip": 1.5, "steps": 10}, "model": {"gated": true,
                     "dilations": [1, 2]}})",
                    "x");
  const Config reordered = Config::parse(
      R"({"model": {"dilations": [1, 2], "gated": true}, "train": {"steps": 10, "clip": 1.5}})",
      "x");
  EXPECT_TRUE(reordered.differences(before).empty());
  const Config changed = Config::parse(
      R"({"model": {"dilations": [1, 4]}, "train": {"steps": 10, "clip": 1.5, "ema": 0.9}})", "x");
  EXPECT_EQ(changed.differences(before),
            (std::vector<std::string>{"model.dilations is [1, 4], was [1, 2]",
                                      "train.ema is 0.9, was not set",
                                      "model.gated is not set, was true"}));
}

TEST(Config, GivesNoHintWhenNothingIsNear) {
  const Config config = Config::parse(R"({"zebra": 1})", "x");
  EXPECT_EQ(usage_of([&] { config.require_all_read(); }),
            "x: no part of the program reads key 'zebra'");
}

TEST(Config, TakesOneOfSeveralTexts) {
  const std::array<std::string, 3> rates{"constant", "step", "cosine"};
  const Config config =
      Config::parse(R"({"train": {"schedule": "cosin", "keep": "step"}})", "my.json");
  EXPECT_EQ(config.choice("train.keep", rates), "step");
  EXPECT_EQ(config.choice_or("train.other", "cosine", rates), "cosine");
  EXPECT_EQ(
      problem_of([&] { static_cast<void>(config.choice("train.schedule", rates)); }),
      "my.json: train.schedule must be 'constant', 'step' or 'cosine', got 'cosin'; did you mean "
      "'cosine'?");
  EXPECT_EQ(problem_of([&] { static_cast<void>(config.choice("train.none", rates)); }),
            "my.json: key train.none is missing");
}

TEST(Config, TakesEachKeyOnceInOneCommand) {
  Config config = Config::parse(R"({"model": {"hidden": 1, "kind": "mlp"}})", "recipe");
  config.set_each({"model.hidden=2", "model.kind=tree"});
  EXPECT_EQ(config.integer("model.hidden", 1, 9), 2);
  EXPECT_EQ(problem_of([&] {
              config.set_each({"model.hidden=3", "model.hidden=4"});
            }),
            "set: key model.hidden is given twice");
}

}  // namespace
}  // namespace wavenet
