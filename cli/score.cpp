// wavenet score: how surprised a model is by given words or texts, character by character.
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/source.h"
#include "wavenet/train/evaluate.h"

namespace cli {
namespace {

using namespace wavenet;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // of a line

// In a list of characters on one line.
std::string shown(char32_t character) {
  const std::string name = printable(character);
  return name.starts_with('\'') ? encode_utf8(character) : name;
}

// Scores one text after the other; those that cannot be are told, and no others suffer.
class Scorer {
 public:
  Scorer(run::State& opened, bool json)
      : opened_(opened),
        vocabulary_(data::vocabulary_of(*opened.saved.codec)),
        json_(json),
        words_(data::format_of(opened.saved.recipe) == data::Format::lines) {}
  bool of_words() const { return words_; }
  // `place`, as "line 3", says where the text stands; empty where it is the only one.
  void score(const std::string& place, const std::string& text);
  std::int64_t texts() const { return texts_; }
  // Throws Error where a text could not be scored.
  void finish() const;

 private:
  data::Sequence targets_of(const std::u32string& characters);
  void print(const std::u32string& characters, const std::vector<double>& losses) const;
  void fail_with(const std::string& place, const std::string& text, const std::string& problem);

  run::State& opened_;
  const data::Vocabulary& vocabulary_;
  bool json_;
  bool words_;
  std::int64_t texts_ = 0;
  std::int64_t failed_ = 0;
  std::string problem_;  // of the last that failed
  std::set<char32_t> unknown_;
};

// What is to be predicted; a word's end too.
data::Sequence Scorer::targets_of(const std::u32string& characters) {
  const std::u32string unknown = vocabulary_.unknown_in(characters);
  unknown_.insert(unknown.begin(), unknown.end());
  check(unknown.empty(), "the model has no token for {}", data::listing(unknown));
  data::Sequence targets = vocabulary_.encode(characters);
  if (words_) {
    targets.push_back(data::Vocabulary::kEnd);
  }
  check(!targets.empty(), "no character to predict in an empty text");
  return targets;
}

void Scorer::score(const std::string& place, const std::string& text) {
  ++texts_;
  try {
    const std::u32string characters = decode_utf8(text);
    print(characters, train::losses(*opened_.model, targets_of(characters)));
  } catch (const Error& error) {
    fail_with(place, text, error.what());
  }
}

void Scorer::print(const std::u32string& characters, const std::vector<double>& losses) const {
  const double mean =
      std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
  if (json_) {
    const Json line{{"text", encode_utf8(characters)},
                    {"loss", mean},
                    {"tokens", losses.size()},
                    {"losses", losses}};
    fmt::print("{}", json_line(line));
    return;
  }
  fmt::print("{:.4f}  {} ", mean, excerpt(encode_utf8(characters), std::string::npos));
  for (std::size_t i = 0; i < losses.size(); ++i) {
    fmt::print("  {} {:.2f}", i < characters.size() ? shown(characters[i]) : "(end)", losses[i]);
  }
  fmt::print("\n");
}

void Scorer::fail_with(const std::string& place, const std::string& text,
                       const std::string& problem) {
  ++failed_;
  problem_ = fmt::format("{}{}'{}': {}", place, place.empty() ? "" : " ", excerpt(text), problem);
  if (json_) {
    const std::string told = (place.empty() ? "" : place + ": ") + problem;
    fmt::print("{}", json_line(Json{{"text", text}, {"error", told}}));
  } else if (!place.empty()) {
    say::error(problem_);
  }
}

void Scorer::finish() const {
  if (failed_ == 0) {
    return;
  }
  std::string problem = problem_;
  if (texts_ > 1) {
    problem = fmt::format("{} of {} texts could not be scored", failed_, texts_);
    if (!unknown_.empty()) {
      problem += "; the model has no token for " +
                 data::listing(std::u32string(unknown_.begin(), unknown_.end()), data::kEveryOne);
    }
  }
  if (!unknown_.empty()) {
    problem += "; the known characters are " + data::listing(vocabulary_.characters());
  }
  fail("score: {}", problem);
}

// A line without its end, LF or CR LF; false after the last.
bool read_line(std::istream& stream, std::string& line) {
  line.clear();
  int byte = 0;
  while ((byte = stream.get()) != std::istream::traits_type::eof() && byte != '\n') {
    check(line.size() < kMaxBytes, "stdin: a line of more than {} bytes", kMaxBytes);
    line += static_cast<char>(byte);
  }
  const bool ended = byte == '\n';
  if (ended && line.ends_with('\r')) {
    line.pop_back();
  }
  return ended || !line.empty();
}

void score_stdin(Scorer& scorer) {
  if (isatty(STDIN_FILENO) != 0) {
    say::note(fmt::format("score: reads {} from the terminal, one a line, until Ctrl-D",
                          scorer.of_words() ? "words" : "texts"));
  }
  std::string line;
  for (std::int64_t number = 1; read_line(std::cin, line); ++number) {
    if (number == 1 && line.starts_with(kByteOrderMark)) {
      line.erase(0, kByteOrderMark.size());
    }
    if (scorer.of_words() || !line.empty()) {  // in an empty text there is nothing to predict
      scorer.score(fmt::format("line {}", number), line);
    }
  }
  check(std::ferror(stdin) == 0, "stdin: cannot be read to its end");
  check(scorer.texts() > 0, "stdin: no text in it");
}

}  // namespace

int score(const ScoreArguments& arguments) {
  run::State opened = run::open(arguments.model);
  if (const std::optional<std::int64_t> rate = opened.saved.codec->sample_rate()) {
    return score_sound(arguments, opened, *rate);
  }
  refuse({{"--curve", arguments.curve}}, "score", "sound", arguments.model, "characters");
  Scorer scorer(opened, arguments.json);
  for (std::size_t i = 0; i < arguments.texts.size(); ++i) {
    scorer.score(arguments.texts.size() == 1 ? "" : fmt::format("text {}", i + 1),
                 arguments.texts[i]);
  }
  if (arguments.texts.empty()) {
    score_stdin(scorer);
  }
  scorer.finish();
  return 0;
}

}  // namespace cli
