#include "wavenet/data/text/corpus.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "wavenet/base/check.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/words.h"

namespace wavenet::data {
namespace {

std::string kind_and_problem_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const UsageError& error) {
    return std::string("usage: ") + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

Config recipe(const std::string& data) {
  return Config::parse("{\"data\": {" + data + "}}", "recipe");
}

const char* const kLines = R"("format": "lines")";
const char* const kText = R"("format": "text")";

class OpenCorpus : public testing::Test {
 protected:
  ~OpenCorpus() override { std::filesystem::remove(path_); }

  Corpus open(const std::string& data, const std::string& bytes, std::uint64_t split_seed = 42,
              const std::optional<Vocabulary>& vocabulary = {}) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return *open_corpus(recipe(data), path_, split_seed,
                        vocabulary ? std::make_shared<const Vocabulary>(*vocabulary) : nullptr);
  }

  std::string path_ = (std::filesystem::temp_directory_path() /
                       fmt::format("wavenet-corpus-{}-{}", ::getpid(),
                                   testing::UnitTest::GetInstance()->current_test_info()->name()))
                          .string();
};

TEST_F(OpenCorpus, SplitsLinesIntoWords) {
  const std::string lines = "a\nb\nab\nba\naa\nbb\naba\nbab\nabb\nbaa\n";
  const Corpus corpus = open(kLines, lines);
  const Words words = parse_words(lines, "");
  const Split split = split_words(words, 42);
  EXPECT_EQ(corpus.source(), path_);
  EXPECT_EQ(corpus.fingerprint(), words.fingerprint);
  EXPECT_EQ(corpus.vocabulary().characters(), U"ab");
  ASSERT_TRUE(corpus.words());
  EXPECT_EQ(corpus.words()->train, split.train);
  EXPECT_EQ(corpus.train().size(), 8U);
  EXPECT_EQ(corpus.val().size(), 1U);
  EXPECT_EQ(corpus.test().size(), 1U);
  EXPECT_EQ(corpus.sequences("train"), sequences_of(split.train, corpus.vocabulary()));
  EXPECT_EQ(corpus.sequences("val"), sequences_of(split.val, corpus.vocabulary()));
  EXPECT_EQ(corpus.sequences("test"), sequences_of(split.test, corpus.vocabulary()));
  EXPECT_NE(open(kLines, lines, 7).words()->train, split.train);
}

TEST_F(OpenCorpus, TakesEqualWordsAsOneBeforeTheSplit) {
  const std::string lines = "emma\nava\nemma\nmia\nzoe\nava\nlea\nivy\nemma\n";
  const std::string once = "emma\nava\nmia\nzoe\nlea\nivy\n";
  const Corpus all = open(kLines, lines);
  const Corpus different = open(R"("format": "lines", "dedup": true)", lines);
  const Corpus expected = open(kLines, once);
  EXPECT_EQ(all.train().size() + all.val().size() + all.test().size(), 9U);
  EXPECT_EQ(different.train(), expected.train());
  EXPECT_EQ(different.val(), expected.val());
  EXPECT_EQ(different.test(), expected.test());
  EXPECT_EQ(different.fingerprint(), expected.fingerprint());
  EXPECT_NE(different.fingerprint(), all.fingerprint());
  EXPECT_EQ(open(R"("format": "lines", "dedup": false)", lines).train(), all.train());
}

TEST_F(OpenCorpus, SplitsTextInTwo) {
  const Corpus corpus = open(kText, "abc\nabc\nabc\nabc\nabca");  // 20 characters
  EXPECT_EQ(corpus.vocabulary().characters(), U"\nabc");
  EXPECT_EQ(corpus.sequences("train"),
            (std::vector<Sequence>{{2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3}}));
  EXPECT_EQ(corpus.sequences("val"), (std::vector<Sequence>{{4, 2}}));
  EXPECT_FALSE(corpus.words());
  EXPECT_EQ(corpus.source(), path_);
  const Corpus half = open(R"("format": "text", "val_share": 0.5)", "aabb");
  EXPECT_EQ(half.sequences("train"), (std::vector<Sequence>{{1, 1}}));
  EXPECT_EQ(half.sequences("val"), (std::vector<Sequence>{{2, 2}}));
}

TEST_F(OpenCorpus, KnowsTheVocabularyOfATrainedModel) {
  const Vocabulary known = Vocabulary::from_characters(U"\nabcdef");
  const Corpus text = open(kText, "fedcbafedc", 42, known);
  EXPECT_EQ(text.vocabulary().characters(), known.characters());
  EXPECT_EQ(text.val(), (std::vector<Sequence>{{4}}));
  EXPECT_EQ(kind_and_problem_of([&] { open(kText, "fed\ncbafedcx\na", 42, known); }),
            path_ +
                ": line 2 'cbafedcx': no token for 'x'; the known characters are U+000A 'a' 'b' "
                "'c' 'd' 'e' 'f'");
  EXPECT_EQ(kind_and_problem_of([&] {
              open(kLines, "a\nb\nc\nd\ne\n\ndxy\n", 42, known);
            }).rfind(path_ + ": line 7 'dxy': no token for 'x' 'y'; the known", 0),
            0U);
}

TEST_F(OpenCorpus, NamesThePartsThatThereAre) {
  const Corpus text = open(kText, "abcabcabcabc");
  EXPECT_EQ(kind_and_problem_of([&] { text.sequences("test"); }),
            "usage: split: running text has the parts train and val, not test");
  EXPECT_EQ(kind_and_problem_of([&] { text.sequences("vall"); }),
            "usage: split: 'vall' is none of train, val, test; did you mean 'val'?");
  EXPECT_EQ(kind_and_problem_of([&] { text.sequences(""); }),
            "usage: split: '' is none of train, val, test");
}

TEST_F(OpenCorpus, HintsAtTheFormat) {
  EXPECT_EQ(
      kind_and_problem_of([&] { open(R"("format": "line")", "a"); }),
      "usage: recipe: data.format must be 'lines' or 'text', got 'line'; did you mean 'lines'?");
  EXPECT_EQ(kind_and_problem_of([&] { open(R"("format": "csv")", "a"); }),
            "usage: recipe: data.format must be 'lines' or 'text', got 'csv'");
  EXPECT_EQ(kind_and_problem_of([&] { open(R"("dedup": true)", "a"); }),
            "usage: recipe: key data.format is missing");
}

TEST_F(OpenCorpus, RefusesAShareThatIsNone) {
  EXPECT_EQ(kind_and_problem_of([&] { open(R"("format": "text", "val_share": 1.5)", "abc"); }),
            "usage: recipe: key data.val_share must be from 0 to 1, got 1.5");
  EXPECT_EQ(kind_and_problem_of([&] { open(R"("format": "text", "val_share": 0)", "abc"); }),
            path_ + ": 3 characters; a share of 0 leaves a part empty");
}

// One token is the end marker's.
TEST_F(OpenCorpus, TakesSoManyDifferentCharacters) {
  std::string many;
  for (char32_t c = 0x10000; c < 0x10000 + Vocabulary::kMaxCharacters; ++c) {
    many += encode_utf8(c) + "\n";
  }
  EXPECT_EQ(open(kLines, many).vocabulary().size(), 65'536);
  EXPECT_NE(kind_and_problem_of([&] {
              open(kLines, many + "a\n");
            }).find("65536 different characters, at most"),
            std::string::npos);
}

TEST(Corpus, OfTheEmbeddedNamesIsTheSameAsWordsAndAsText) {
  const Corpus words = *open_corpus(recipe(kLines), "", 42);
  const Corpus text = *open_corpus(recipe(kText), "", 42);
  EXPECT_EQ(words.vocabulary().characters(), U"abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(text.vocabulary().characters(), U"\nabcdefghijklmnopqrstuvwxyz");
  // A word's end marker is a newline there.
  EXPECT_EQ(token_count(words.train()) + token_count(words.val()) + token_count(words.test()),
            token_count(text.train()) + token_count(text.val()));
}

}  // namespace
}  // namespace wavenet::data
