#include "wavenet/baselines/ngram.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "wavenet/base/check.h"

namespace wavenet::baselines {
namespace {

constexpr std::uint32_t kWide = 64;  // followers of a context
constexpr std::size_t kMaxTokens = std::numeric_limits<std::int32_t>::max();  // counts are i32

void check_sizes(std::int64_t vocabulary, std::int64_t order) {
  check(order >= 1 && order <= NgramCounts::kMaxOrder, "ngram: order {} is outside 1 to {}", order,
        NgramCounts::kMaxOrder);
  check(vocabulary >= 1 && vocabulary <= NgramCounts::kMaxVocabulary,
        "ngram: a vocabulary of {} is outside 1 to {}", vocabulary, NgramCounts::kMaxVocabulary);
}

void check_token(std::int32_t token, std::int64_t vocabulary) {
  check(token >= 0 && token < vocabulary, "ngram: token {} is outside 0 to {}", token,
        vocabulary - 1);
}

const Tensor& saved_tensor(const std::map<std::string, Tensor>& saved, const std::string& name) {
  const auto found = saved.find(name);
  check_intact(found != saved.end() && found->second.defined(),
               "ngram: it needs a tensor {}, which the file lacks", name);
  check_intact(found->second.dtype() == DType::i32, "ngram: tensor {} must be i32, the file has {}",
               name, found->second.dtype());
  return found->second;
}

}  // namespace

NgramCounts::NgramCounts(const Counted& counted, std::int64_t vocabulary, std::int64_t order)
    : levels_(static_cast<std::size_t>(order)), unigram_(static_cast<std::size_t>(vocabulary)) {
  add_contexts(counted);
  for (std::size_t length = levels_.size() - 1; length > 0; --length) {
    add_continuations(length - 1);
  }
  for (Level& level : levels_) {
    level.oldest.shrink_to_fit();
    level.children.shrink_to_fit();
    level.token.shrink_to_fit();
    level.count.shrink_to_fit();
    level.discount = discounts_of(level.count);
    add_wide(level);
  }
  add_unigram();
}

// The trie of all contexts, and what follows the longest of them.
void NgramCounts::add_contexts(const Counted& counted) {
  const std::size_t longest = levels_.size() - 1;
  for (std::size_t row = 0; row < counted.grams.size(); ++row) {
    const Gram& gram = counted.grams[row];
    // Contexts as long as what this row shares with the one before are there already.
    std::size_t length = 0;
    if (row > 0) {
      const Gram& before = counted.grams[row - 1];
      while (length < longest && gram[length] == before[length]) {
        ++length;
      }
      ++length;
    }
    for (; length <= longest; ++length) {
      levels_[length].oldest.push_back(length == 0 ? std::uint16_t{0} : gram[length - 1]);
      if (length < longest) {
        levels_[length].children.push_back(
            static_cast<std::uint32_t>(levels_[length + 1].oldest.size()));
      } else {
        levels_[length].begin.push_back(static_cast<std::uint32_t>(row));
      }
    }
    levels_[longest].token.push_back(gram[longest]);
  }
  levels_[longest].count = counted.counts;
  levels_[longest].begin.push_back(static_cast<std::uint32_t>(counted.grams.size()));
  for (std::size_t length = 0; length < longest; ++length) {
    levels_[length].children.push_back(
        static_cast<std::uint32_t>(levels_[length + 1].oldest.size()));
  }
}

// c(hw) of a shorter context: how many of its children are followed by w.
void NgramCounts::add_continuations(std::size_t length) {
  Level& level = levels_[length];
  const Level& longer = levels_[length + 1];
  level.begin.reserve(level.oldest.size() + 1);
  std::vector<std::uint16_t> followers;
  for (std::size_t context = 0; context < level.oldest.size(); ++context) {
    level.begin.push_back(static_cast<std::uint32_t>(level.token.size()));
    const auto first = longer.token.begin() + longer.begin[level.children[context]];
    const auto last = longer.token.begin() + longer.begin[level.children[context + 1]];
    followers.assign(first, last);
    std::sort(followers.begin(), followers.end());
    for (auto token = followers.begin(); token != followers.end();) {
      const auto next = std::upper_bound(token, followers.end(), *token);
      level.token.push_back(*token);
      level.count.push_back(static_cast<std::uint32_t>(next - token));
      token = next;
    }
  }
  level.begin.push_back(static_cast<std::uint32_t>(level.token.size()));
}

void NgramCounts::add_unigram() {
  const Level& level = levels_.front();
  const Mass mass = mass_of(level.count, level.discount);
  const double uniform = 1.0 / static_cast<double>(vocabulary());
  std::fill(unigram_.begin(), unigram_.end(), mass.given_up * uniform / mass.total);
  for (std::size_t i = 0; i < level.token.size(); ++i) {
    unigram_[level.token[i]] += discounted(level.count[i], level.discount) / mass.total;
  }
}

void NgramCounts::add_wide(Level& level) {
  for (std::uint32_t context = 0; context < level.oldest.size(); ++context) {
    if (followers_of(level, context) > kWide) {
      level.wide.push_back(context);
      level.wide_mass.push_back(summed_mass(level, context));
    }
  }
}

std::uint32_t NgramCounts::followers_of(const Level& level, std::uint32_t context) {
  return level.begin[context + 1] - level.begin[context];
}

Mass NgramCounts::summed_mass(const Level& level, std::uint32_t context) {
  const std::span<const std::uint32_t> counts = level.count;
  return mass_of(counts.subspan(level.begin[context], followers_of(level, context)),
                 level.discount);
}

Mass NgramCounts::mass_after(const Level& level, std::uint32_t context) {
  if (followers_of(level, context) <= kWide) {
    return summed_mass(level, context);
  }
  const auto found = std::lower_bound(level.wide.begin(), level.wide.end(), context);
  return level.wide_mass[static_cast<std::size_t>(found - level.wide.begin())];
}

NgramCounts NgramCounts::fit(const Sequences& sequences, std::int64_t vocabulary,
                             std::int64_t order) {
  check_sizes(vocabulary, order);
  std::size_t tokens = 0;
  for (const std::vector<std::int32_t>& sequence : sequences) {
    tokens += sequence.size();
  }
  check(tokens > 0, "ngram: there is no token to count");
  check(tokens <= kMaxTokens, "ngram: {} tokens are more than the {} that can be counted", tokens,
        kMaxTokens);
  Counted counted;
  counted.grams.reserve(tokens);
  const auto longest = static_cast<std::ptrdiff_t>(order - 1);
  for (const std::vector<std::int32_t>& sequence : sequences) {
    Gram gram{};
    for (const std::int32_t token : sequence) {
      check_token(token, vocabulary);
      gram[static_cast<std::size_t>(longest)] = static_cast<std::uint16_t>(token);
      counted.grams.push_back(gram);
      // The token becomes the latest of the context, the oldest drops out.
      std::rotate(gram.begin(), gram.begin() + longest, gram.begin() + longest + 1);
    }
  }
  std::sort(counted.grams.begin(), counted.grams.end());
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < tokens; ++i) {
    if (i == 0 || counted.grams[i] != counted.grams[distinct - 1]) {
      counted.grams[distinct++] = counted.grams[i];
      counted.counts.push_back(0);
    }
    ++counted.counts.back();
  }
  counted.grams.resize(distinct);
  return NgramCounts(counted, vocabulary, order);
}

std::map<std::string, Tensor> NgramCounts::state() const {
  const std::size_t width = levels_.size();
  const Level& top = levels_.back();
  std::vector<std::int32_t> ngrams(top.token.size() * width);
  std::vector<std::uint32_t> begin = top.begin;  // the first row of each context of one length
  for (std::size_t length = width - 1; length > 0; --length) {
    const Level& level = levels_[length];
    for (std::size_t context = 0; context < level.oldest.size(); ++context) {
      for (std::size_t row = begin[context]; row < begin[context + 1]; ++row) {
        ngrams[row * width + length - 1] = level.oldest[context];
      }
    }
    std::vector<std::uint32_t> shorter = levels_[length - 1].children;
    for (std::uint32_t& place : shorter) {
      place = begin[place];
    }
    begin = std::move(shorter);
  }
  for (std::size_t row = 0; row < top.token.size(); ++row) {
    ngrams[row * width + width - 1] = top.token[row];
  }
  const auto rows = static_cast<std::int64_t>(top.token.size());
  const std::vector<std::int32_t> counts(top.count.begin(), top.count.end());
  return {{"ngrams", Tensor::from(ngrams, {rows, order()})},
          {"counts", Tensor::from(counts, {rows})}};
}

NgramCounts NgramCounts::from_state(const std::map<std::string, Tensor>& saved,
                                    std::int64_t vocabulary, std::int64_t order) {
  check_sizes(vocabulary, order);
  for (const auto& [name, tensor] : saved) {
    check_intact(name == "ngrams" || name == "counts" || name.starts_with("train."),
                 "ngram: the model has no tensor {}", name);
  }
  const Tensor& ngrams = saved_tensor(saved, "ngrams");
  const Tensor& counts = saved_tensor(saved, "counts");
  check_intact(ngrams.rank() == 2 && ngrams.size(0) > 0 && ngrams.size(1) == order,
               "ngram: tensor ngrams must be [N, {}], the file has {}", order, ngrams.shape());
  check_intact(counts.shape() == Shape{ngrams.size(0)},
               "ngram: tensor counts must be [{}], the file has {}", ngrams.size(0),
               counts.shape());
  const std::vector<std::int32_t> tokens = ngrams.to_vector<std::int32_t>();
  const std::vector<std::int32_t> times = counts.to_vector<std::int32_t>();
  Counted counted;
  counted.grams.resize(times.size());
  std::size_t total = 0;
  for (std::size_t row = 0; row < times.size(); ++row) {
    Gram& gram = counted.grams[row];
    for (std::size_t i = 0; i < static_cast<std::size_t>(order); ++i) {
      const std::int32_t token = tokens[row * static_cast<std::size_t>(order) + i];
      check_token(token, vocabulary);
      gram[i] = static_cast<std::uint16_t>(token);
    }
    check_intact(row == 0 || counted.grams[row - 1] < gram,
                 "ngram: row {} of tensor ngrams does not come after the row before", row);
    check_intact(times[row] > 0, "ngram: count {} of row {} is not above 0", times[row], row);
    total += static_cast<std::size_t>(times[row]);
  }
  check_intact(total <= kMaxTokens, "ngram: {} tokens are more than the {} that can be counted",
               total, kMaxTokens);
  counted.counts.assign(times.begin(), times.end());
  return NgramCounts(counted, vocabulary, order);
}

std::int64_t NgramCounts::size() const {
  std::size_t ngrams = 0;
  for (const Level& level : levels_) {
    ngrams += level.token.size();
  }
  return static_cast<std::int64_t>(ngrams);
}

std::int64_t NgramCounts::bytes() const {
  std::size_t bytes = unigram_.size() * sizeof(double);
  for (const Level& level : levels_) {
    bytes += (level.oldest.size() + level.token.size()) * sizeof(std::uint16_t) +
             (level.children.size() + level.begin.size() + level.count.size() + level.wide.size()) *
                 sizeof(std::uint32_t) +
             level.wide_mass.size() * sizeof(Mass);
  }
  return static_cast<std::int64_t>(bytes);
}

NgramCounts::Path NgramCounts::path(std::span<const std::int32_t> history) const {
  const std::size_t seen = std::min(history.size(), levels_.size() - 1);
  for (const std::int32_t token : history.last(seen)) {
    check_token(token, vocabulary());
  }
  Path path;
  std::uint32_t context = 0;
  for (std::size_t length = 1; length < levels_.size(); ++length) {
    const std::int32_t oldest = length <= seen ? history[history.size() - length] : 0;
    const Level& shorter = levels_[length - 1];
    const Level& level = levels_[length];
    const auto first = level.oldest.begin() + shorter.children[context];
    const auto last = level.oldest.begin() + shorter.children[context + 1];
    const auto found = std::lower_bound(first, last, oldest);
    if (found == last || *found != oldest) {
      break;
    }
    context = static_cast<std::uint32_t>(found - level.oldest.begin());
    path.steps[path.length++] = {&level, level.begin[context], level.begin[context + 1],
                                 mass_after(level, context), 0};
  }
  for (std::size_t i = path.length; i > 0; --i) {
    Step& step = path.steps[i - 1];
    step.weight = path.unigram_weight / step.mass.total;
    path.unigram_weight *= step.mass.given_up / step.mass.total;
  }
  return path;
}

void NgramCounts::probabilities(std::span<const std::int32_t> history, std::span<double> p) const {
  check(p.size() == unigram_.size(), "ngram: {} places for the probabilities of {} tokens",
        p.size(), unigram_.size());
  const Path found = path(history);
  for (std::size_t token = 0; token < p.size(); ++token) {
    p[token] = found.unigram_weight * unigram_[token];
  }
  for (const Step& step : std::span(found.steps).first(found.length)) {
    for (std::uint32_t i = step.begin; i < step.end; ++i) {
      p[step.level->token[i]] +=
          step.weight * discounted(step.level->count[i], step.level->discount);
    }
  }
}

double NgramCounts::probability(std::span<const std::int32_t> history, std::int32_t token) const {
  check_token(token, vocabulary());
  const Path found = path(history);
  double p = found.unigram_weight * unigram_[static_cast<std::size_t>(token)];
  for (const Step& step : std::span(found.steps).first(found.length)) {
    const auto first = step.level->token.begin() + step.begin;
    const auto last = step.level->token.begin() + step.end;
    const auto place = std::lower_bound(first, last, token);
    if (place == last || *place != token) {
      break;  // what never follows a context never follows a longer one
    }
    const auto i = static_cast<std::size_t>(place - step.level->token.begin());
    p += step.weight * discounted(step.level->count[i], step.level->discount);
  }
  return p;
}

std::vector<double> NgramCounts::losses(std::span<const std::int32_t> sequence) const {
  std::vector<double> nats;
  nats.reserve(sequence.size());
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    nats.push_back(-std::log(probability(sequence.first(i), sequence[i])));
  }
  return nats;
}

double NgramCounts::loss(const Sequences& sequences) const {
  double total = 0;
  std::size_t tokens = 0;
  for (const std::vector<std::int32_t>& sequence : sequences) {
    for (const double nats : losses(sequence)) {
      total += nats;
    }
    tokens += sequence.size();
  }
  check(tokens > 0, "ngram: there is no token to predict");
  return total / static_cast<double>(tokens);
}

}  // namespace wavenet::baselines
