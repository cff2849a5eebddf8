#include "wavenet/run/judgement.h"

#include "wavenet/base/files.h"
#include "wavenet/data/text/corpus.h"
#include "wavenet/train/evaluate.h"

namespace wavenet::run {
namespace {

data::Part training_part(const train::Checkpoint& saved) {
  const std::string& path = saved.data_source;
  check(path != "-", "it came from standard input");
  check(path.empty() || std::filesystem::is_regular_file(status_of(path)), "{}: no such file",
        path);
  data::Source source = data::read_source(saved.recipe, path);
  check(source.fingerprint() == saved.data_fingerprint, "{} has changed since", path);
  return data::Reading(std::move(source), data::vocabulary_of(*saved.codec))
      .part("train", saved.split_seed);
}

}  // namespace

JudgedData::JudgedData(const train::Checkpoint& saved, data::Source source)
    : judged_(std::move(source), data::vocabulary_of(*saved.codec)),
      is_own_(judged_.source().fingerprint() == saved.data_fingerprint) {
  try {
    train_ = is_own_ ? judged_.part("train", saved.split_seed) : training_part(saved);
  } catch (const Error& error) {
    if (is_own_) {
      throw;
    }
    why_not_ = error.what();
  }
}

std::vector<std::string> telling_parts(bool is_own) {
  return is_own ? std::vector<std::string>{"train", "val"}
                : std::vector<std::string>{std::string(data::kWhole)};
}

Judgement judge(State& opened, const data::Dataset& data, const std::string& part, int threads) {
  const std::int64_t codes = data.pass(part, train::pass_options(*opened.model))->targets();
  Judgement judgement{part, loss_of(*opened.model, data, part, threads), codes,
                      data.fingerprint() == opened.saved.data_fingerprint};
  if (part == "val" && judgement.is_own) {
    judgement.marks = data.marks(part);
  }
  judgement.leak = leak_of(*opened.model, data, part, threads);
  return judgement;
}

Judgement judge(State& opened, const JudgedData& data, const std::string& part, int threads) {
  const data::Part judged = data.judged().part(part, opened.saved.split_seed);
  Judgement judgement{part, loss_of(*opened.model, judged.sequences, threads),
                      data::token_count(judged.sequences), data.is_own()};
  if (!data.train()) {
    return judgement;
  }
  const data::Part& train = *data.train();
  const bool of_words = !judged.words.empty();
  const bool is_train = data.is_own() && part == "train";
  if (!is_train && !(data.is_own() && part == data::kWhole)) {  // they were fitted there
    judgement.marks =
        data::marks_of(judged.sequences, train.sequences, opened.saved.codec->size(), of_words);
  }
  if (of_words && !is_train) {
    judgement.leak = leak_of(
        *opened.model, data::overlap_of(judged.words, judged.sequences, train.words), threads);
  }
  return judgement;
}

}  // namespace wavenet::run
