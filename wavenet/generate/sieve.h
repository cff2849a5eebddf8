// Sieve (a filter): which of the words that are generated to keep: none twice, or none that is known.
//
//   const std::unordered_set<std::string> known{"emma", "ava"};
//   generate::Sieve sieve({.unique = true, .known = &known});
//   if (sieve.keeps("emma")) { fmt::print("emma\n"); }
//   sieve.left_out().known      // how many it has not kept because they are known
//
// Words are compared as UTF-8, as known ones may hold characters that the model has none of. One
// thread at a time may use a Sieve. Left out: drawing them (words.h).
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

namespace wavenet::generate {

struct SieveOptions {
  bool unique = false;                                     // no word twice
  const std::unordered_set<std::string>* known = nullptr;  // none of these; must outlive the sieve
};

class Sieve {
 public:
  // A word that is known and was said before counts as known.
  struct LeftOut {
    std::int64_t known = 0;
    std::int64_t repeats = 0;
  };

  explicit Sieve(const SieveOptions& options) : options_(options) {}

  // Takes the words in the order in which they come.
  bool keeps(const std::string& word);
  const LeftOut& left_out() const { return left_out_; }
  // How many words to draw at most for `count` that are kept, as there may be no more: 1000, and
  // 100 for each; `count` where all are kept.
  std::int64_t most_draws(std::int64_t count) const;
  // Of memory that keeping `count` different words takes at least; 0 where none is remembered.
  std::int64_t bytes(std::int64_t count) const;

 private:
  SieveOptions options_;
  std::unordered_set<std::string> said_;
  LeftOut left_out_;
};

}  // namespace wavenet::generate
