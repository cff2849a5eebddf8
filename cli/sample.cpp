// wavenet sample: generated words; sounds are made in sample_sound.cpp.
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sound.h"
#include "wavenet/base/machine_memory.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/reading.h"
#include "wavenet/generate/generate.h"
#include "wavenet/generate/sieve.h"
#include "wavenet/generate/words.h"

namespace cli {
namespace {

using namespace wavenet;

bool is_text(const train::Checkpoint& saved) {
  return data::format_of(saved.recipe) == data::Format::text;
}

std::vector<std::int32_t> tokens_of(const char* flag, const std::string& text,
                                    const data::Vocabulary& vocabulary) {
  try {
    return vocabulary.encode(decode_utf8(text));
  } catch (const Error& error) {
    fail("{}: {}", flag, error.what());
  }
}

generate::SampleOptions options_of(const SampleArguments& arguments,
                                   const train::Checkpoint& saved) {
  const data::Vocabulary& vocabulary = data::vocabulary_of(*saved.codec);
  generate::SampleOptions options{
      .temperature = arguments.greedy ? 0 : arguments.temperature,
      .top_k = arguments.top_k,
      .top_p = arguments.top_p,
      .min_p = arguments.min_p,
      .prompt = tokens_of("--prompt", arguments.prompt, vocabulary),
  };
  options.max_length = arguments.max_length.value_or(
      kSampleLength + (is_text(saved) ? std::ssize(options.prompt) : 0));
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

// A list by --data is taken whole; of the training data the part that the model was trained on.
std::vector<std::u32string> list_of_known(const SampleArguments& arguments,
                                          const train::Checkpoint& saved) {
  if (!arguments.data.empty()) {
    return data::words_of(file_of(arguments.data)).words;
  }
  data::Source source = open_source_of(saved, "");
  if (source.fingerprint() != saved.data_fingerprint) {
    say::warning(source.name() +
                 " has changed since the model was trained on it; all of it counts");
    return std::get<data::Words>(source.content).words;
  }
  return data::Reading(std::move(source), data::vocabulary_of(*saved.codec))
      .part("train", saved.split_seed)
      .words;
}

// What --novel and --mark-known look for.
struct Known {
  std::string source;  // for messages
  std::unordered_set<std::string> words;
};

Known known_words(const SampleArguments& arguments, const train::Checkpoint& saved) {
  Known known{"the training data", {}};
  if (!arguments.mark_known && !arguments.novel) {
    if (!arguments.data.empty()) {
      fail_usage("--data: the list is for --novel or --mark-known, and neither is given");
    }
    return known;
  }
  if (is_text(saved)) {
    fail_usage("sample: --novel and --mark-known need a model of words, this one is of text");
  }
  if (!arguments.data.empty()) {
    known.source = arguments.data == "-" ? "stdin" : arguments.data;
  }
  for (const std::u32string& word : list_of_known(arguments, saved)) {
    known.words.insert(encode_utf8(word));
  }
  return known;
}

// "12 in the training data, 3 said before", of what was asked for.
std::string told(const generate::Sieve::LeftOut& left_out, const SampleArguments& arguments,
                 const Known& known) {
  std::string text;
  if (arguments.novel) {
    text = fmt::format("{} in {}", left_out.known, known.source);
  }
  if (arguments.unique) {
    text += fmt::format("{}{} said before", arguments.novel ? ", " : "", left_out.repeats);
  }
  return text;
}

void print(const std::string& text, const SampleArguments& arguments, const Known& known) {
  const bool marked = arguments.mark_known && known.words.contains(text);
  if (arguments.json) {
    nlohmann::ordered_json line{{"text", text}};
    if (arguments.mark_known) {
      line["known"] = marked;
    }
    fmt::print("{}", json_line(line));
  } else {
    fmt::print("{}{}\n", text, marked ? fmt::format("  (in {})", known.source) : "");
  }
}

void refuse_flags_of_sound(const SampleArguments& a) {
  refuse({{"--seconds", a.seconds.has_value()},
          {"--out", !a.out.empty()},
          {"--overwrite", a.overwrite},
          {"--prime", !a.prime.empty()},
          {"--prime-seconds", a.prime_seconds.has_value()}},
         "sample", "sound", a.model, "characters");
}

}  // namespace

int sample(const SampleArguments& arguments) {
  run::State opened = run::open(arguments.model);
  if (const std::optional<std::int64_t> rate = opened.saved.codec->sample_rate()) {
    return sample_sound(arguments, opened, *rate);
  }
  refuse_flags_of_sound(arguments);
  const bool of_text = is_text(opened.saved);
  const generate::SampleOptions options = options_of(arguments, opened.saved);
  const Known known = known_words(arguments, opened.saved);
  const std::int64_t count = arguments.count.value_or(of_text ? kSampleTexts : kSampleWords);
  generate::Sieve sieve(
      {.unique = arguments.unique, .known = arguments.novel ? &known.words : nullptr});
  const std::int64_t draws = sieve.most_draws(count);
  check_as(
      ErrorKind::memory, sieve.bytes(count) <= memory_of_machine(),
      "sample: --unique keeps what was said; {} words take {:.1f} GB at least, and this machine "
      "has {:.1f} GB",
      count, 1e-9 * static_cast<double>(sieve.bytes(count)),
      1e-9 * static_cast<double>(memory_of_machine()));

  std::optional<generate::Words> words;
  if (!arguments.continue_stream) {
    words.emplace(*opened.model, options, arguments.seed, draws);
  }
  const auto next = [&] {
    return words ? words->next() : generate::word(*opened.model, options, opened.saved.rng);
  };
  CountProgress progress(count, of_text ? "texts" : "words");
  const bool shows_itself = isatty(STDOUT_FILENO) != 0;
  std::int64_t printed = 0;
  for (std::int64_t drawn = 0; printed < count && drawn < draws; ++drawn) {
    const std::string text = opened.saved.codec->decode(next().tokens);
    if (sieve.keeps(text)) {
      ++printed;
      if (of_text && count > 1 && !arguments.json) {  // texts hold line ends themselves
        fmt::print("--- sample {} of {} ---\n", printed, count);
      }
      print(text, arguments, known);
      if (!shows_itself) {
        progress.show(printed);
      }
    }
  }
  check(
      printed == count,
      "sample: only {} of the {} words asked for in {} draws ({}); ask for fewer, or sample wilder",
      printed, count, draws, told(sieve.left_out(), arguments, known));
  if (arguments.unique || arguments.novel) {
    say::note("left out: " + told(sieve.left_out(), arguments, known));
  }
  return 0;
}

}  // namespace cli
