// Codec: what the codes stand for that a model reads and predicts (a tokenizer, of text); kept in the
// model file.
//
//   const data::Codec& codec = *opened.saved.codec;
//   codec.decode(word.tokens) == "emma"
//
// One code, before(), stands before everything, as often as a model looks back. A codec is immutable,
// and any thread may use it. Left out: coding, which each kind does of what it codes (text/vocabulary.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "wavenet/base/registry.h"

namespace wavenet::data {

class Codec {
 public:
  virtual ~Codec() = default;
  virtual std::string kind() const = 0;   // "characters"
  virtual std::int64_t size() const = 0;  // codes go from 0 to size - 1
  virtual std::int32_t before() const { return 0; }
  // What one code is, for people: "character", "sample".
  virtual std::string unit() const { return "character"; }
  // Samples a second, of sound; none of anything else.
  virtual std::optional<std::int64_t> sample_rate() const { return std::nullopt; }
  // What a model file keeps of it, UTF-8: the kind makes the same codec of it again.
  virtual std::string saved() const = 0;
  // As people read it. Throws Error for a code that stands for nothing to show.
  virtual std::string decode(std::span<const std::int32_t> codes) const = 0;
};

// By kind, of what was saved. Makers throw Error for what no codec of the kind has saved.
using CodecMaker = std::function<std::shared_ptr<const Codec>(const std::string& saved)>;
Registry<CodecMaker>& codecs();

}  // namespace wavenet::data
