// Words: the words of a seed, 0, 1, 2 and so on, many made side by side.
//
//   generate::Words words(*model, {.temperature = 0.8}, /*seed=*/42);
//   for (int i = 0; i < 10'000; ++i) { print(vocabulary.decode(words.next().tokens)); }
//
// A stream whose word ends takes the next one. Prefixes that many words share are computed once.
// The words and their order depend on neither. Left out: threads.
#pragma once

#include <deque>
#include <limits>

#include "wavenet/base/stop.h"
#include "wavenet/generate/draft.h"
#include "wavenet/generate/prefixes.h"
#include "wavenet/generate/stream.h"

namespace wavenet::generate {

class Words {
 public:
  static constexpr std::int64_t kStreams = 64;
  static constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

  // Makes at most `count` words. Throws UsageError for options out of range, Error for a prompt's
  // token outside the vocabulary.
  Words(const models::Model& model, const SampleOptions& options, std::uint64_t seed,
        std::int64_t count = kNoEnd, std::int64_t streams = kStreams);
  // The next word in order. Throws Error after the last. `between`: of all `count` words.
  Word next(const Between& between = {});

 private:
  struct Slot {
    std::int64_t number;  // of the word; kNoEnd when the stream has none
    Draft draft;
    Prefixes::Node prefix = Prefixes::kNothing;   // the word so far; the stream may be elsewhere
    Prefixes::Node shorter = Prefixes::kUnknown;  // the prefix just left, if stored
  };
  // begun: after the prompt.
  Words(const Stream& begun, std::unique_ptr<output::Sampler> sampler, const SampleOptions& options,
        std::uint64_t seed, std::int64_t count, std::int64_t streams);
  void step();
  bool begin(std::int64_t stream);
  void finish(std::int64_t stream);
  std::int32_t draw(std::int64_t stream);

  SampleOptions options_;
  std::uint64_t seed_;
  std::int64_t count_;
  Stream streams_;
  std::unique_ptr<output::Sampler> sampler_;
  Prefixes prefixes_;
  std::vector<Slot> slots_;                // one a stream
  std::vector<std::int32_t> tokens_;       // to push next, one a stream
  std::int64_t started_ = 0;               // words
  std::int64_t given_ = 0;                 // words
  std::deque<std::optional<Word>> ready_;  // from word given_ on, those that are whole
};

}  // namespace wavenet::generate
