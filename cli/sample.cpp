// wavenet sample: generated words.
#include <functional>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/say.h"
#include "wavenet/base/utf8.h"
#include "wavenet/generate/generate.h"
#include "wavenet/generate/words.h"

namespace cli {
namespace {

using namespace wavenet;

// --unique and --novel give up after so many draws: some, and some more for each word asked for.
constexpr std::int64_t kDraws = 1'000;
constexpr std::int64_t kDrawsAWord = 100;

std::vector<std::int32_t> tokens_of(const char* flag, const std::string& text,
                                    const data::Vocabulary& vocabulary) {
  try {
    return vocabulary.encode(decode_utf8(text));
  } catch (const Error& error) {
    fail("{}: {}", flag, error.what());
  }
}

generate::SampleOptions options_of(const SampleArguments& arguments,
                                   const data::Vocabulary& vocabulary) {
  generate::SampleOptions options{
      .temperature = arguments.greedy ? 0 : arguments.temperature,
      .top_k = arguments.top_k,
      .top_p = arguments.top_p,
      .min_p = arguments.min_p,
      .max_length = arguments.max_length,
      .prompt = tokens_of("--prompt", arguments.prompt, vocabulary),
  };
  generate::check_options(options);
  if (!arguments.stop.empty()) {
    const auto stop = tokens_of("--stop", arguments.stop, vocabulary);
    if (stop.size() != 1) {
      fail_usage("--stop: must be one character, got '{}'", excerpt(arguments.stop));
    }
    options.stop = stop[0];
  }
  return options;
}

std::unordered_set<std::string> known_words(const SampleArguments& arguments,
                                            const train::Checkpoint& saved) {
  std::unordered_set<std::string> known;
  if (arguments.mark_known || arguments.novel) {
    const data::Corpus corpus = open_corpus_of(saved, arguments.data);
    if (!corpus.words) {
      fail_usage("sample: --novel and --mark-known need a model of words, this one read {}",
                 corpus.source);
    }
    for (const std::u32string& word : corpus.words->train) {
      known.insert(encode_utf8(word));
    }
  }
  return known;
}

// Takes words as they come and says which to print.
class Sieve {
 public:
  Sieve(const SampleArguments& arguments, const std::unordered_set<std::string>& known)
      : unique_(arguments.unique), novel_(arguments.novel), known_(known) {}

  bool keeps(const std::string& text) {
    if (novel_ && known_.contains(text)) {
      ++known_left_out_;
      return false;
    }
    if (unique_ && !seen_.insert(text).second) {
      ++repeats_left_out_;
      return false;
    }
    return true;
  }

  // "12 in the training data, 3 said before", of what was asked for.
  std::string left_out() const {
    std::string text;
    if (novel_) {
      text = fmt::format("{} in the training data", known_left_out_);
    }
    if (unique_) {
      text += fmt::format("{}{} said before", novel_ ? ", " : "", repeats_left_out_);
    }
    return text;
  }

 private:
  bool unique_;
  bool novel_;
  const std::unordered_set<std::string>& known_;
  std::unordered_set<std::string> seen_;
  std::int64_t known_left_out_ = 0;
  std::int64_t repeats_left_out_ = 0;
};

void print(const std::string& text, const SampleArguments& arguments, bool known) {
  if (arguments.json) {
    nlohmann::ordered_json line{{"text", text}};
    if (arguments.mark_known) {
      line["known"] = known;
    }
    fmt::print("{}", json_line(line));
  } else {
    fmt::print("{}{}\n", text, arguments.mark_known && known ? "  (in the training data)" : "");
  }
}

}  // namespace

int sample(const SampleArguments& arguments) {
  OpenModel opened = open_model(arguments.model);
  const data::Vocabulary& vocabulary = opened.saved.vocabulary;
  const generate::SampleOptions options = options_of(arguments, vocabulary);
  const std::unordered_set<std::string> known = known_words(arguments, opened.saved);
  const bool sifted = arguments.unique || arguments.novel;
  const std::int64_t draws = sifted ? kDraws + kDrawsAWord * arguments.count : arguments.count;

  std::optional<generate::Words> words;
  if (!arguments.continue_stream) {
    words.emplace(*opened.model, options, arguments.seed, draws);
  }
  const auto next = [&] {
    return words ? words->next() : generate::word(*opened.model, options, opened.saved.rng);
  };
  Sieve sieve(arguments, known);
  std::int64_t printed = 0;
  for (std::int64_t drawn = 0; printed < arguments.count && drawn < draws; ++drawn) {
    const std::string text = vocabulary.decode(next().tokens);
    if (sieve.keeps(text)) {
      print(text, arguments, known.contains(text));
      ++printed;
    }
  }
  check(
      printed == arguments.count,
      "sample: only {} of the {} words asked for in {} draws ({}); ask for fewer, or sample wilder",
      printed, arguments.count, draws, sieve.left_out());
  if (sifted) {
    say::note("left out: " + sieve.left_out());
  }
  return 0;
}

}  // namespace cli
